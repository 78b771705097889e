"""Writing pixi.lock."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from pixi_jupyter.adapters.rattler import read_lock_records, record_mapping
from pixi_jupyter.errors import (
    LockParseError,
    WriteError,
)
from pixi_jupyter.lock.file import (
    Lock,
    LockedEnvironment,
    LockedPackage,
    LockedPlatform,
    format_lock,
    read_lock,
    validate_lock,
    write_lock,
)

if TYPE_CHECKING:
    from pathlib import Path

    from support.locks import Locked


def test_what_is_written_is_read_back_the_same(solved: Locked, tmp_path: Path) -> None:
    path = tmp_path / "pixi.lock"

    assert write_lock(solved.lock, path)

    read = read_lock(path)
    assert format_lock(read) == path.read_text() == format_lock(solved.lock)
    assert read.environments["test"].channel_urls == (
        solved.lock.environments["test"].channel_urls
    )
    assert [p.name for p in read.environments["default"].packages["linux-64"]] == [
        "python",
        "numpy",
        "scipy",
    ]


def test_py_rattler_reads_the_records_that_were_solved(
    solved: Locked, tmp_path: Path
) -> None:
    path = tmp_path / "pixi.lock"
    write_lock(solved.lock, path)

    records = read_lock_records(path)

    def whole(rows: dict[str, list]) -> dict[str, list]:  # type: ignore[type-arg]  # records
        return {
            platform: sorted((_plain(record_mapping(r)) for r in row), key=str)
            for platform, row in rows.items()
        }

    assert set(records) == {"default", "test"}
    for name, rows in solved.records.items():
        assert whole(records[name]) == whole(rows)


def _plain(mapping: dict[str, object]) -> dict[str, object]:
    # a channel's URL has its slash or not; who reads a lock fills in the machine
    channel = str(mapping["channel"]).rstrip("/")
    kept = {k: v for k, v in mapping.items() if k not in ("arch", "platform")}
    return {**kept, "channel": channel}


def test_bytes_that_are_there_already_are_not_written_again(
    solved: Locked, tmp_path: Path
) -> None:
    path = tmp_path / "pixi.lock"
    write_lock(solved.lock, path)
    before = path.stat()

    assert not write_lock(solved.lock, path)

    assert path.stat().st_ino == before.st_ino
    assert path.stat().st_mtime_ns == before.st_mtime_ns


def test_what_py_rattler_refuses_never_takes_the_place_of_the_old_file(
    solved: Locked, tmp_path: Path
) -> None:
    path = tmp_path / "pixi.lock"
    write_lock(solved.lock, path)
    before = path.read_bytes()
    wrong = LockedPackage("conda", "https://a.example/noarch/nothing.conda", {})
    environment = LockedEnvironment(packages={"linux-64": (wrong,)})

    with pytest.raises(LockParseError):
        write_lock(
            Lock(
                platforms=(LockedPlatform("linux-64", "linux-64"),),
                environments={"default": environment},
            ),
            path,
        )

    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["pixi.lock"]


def test_a_new_file_can_be_read_by_others_and_an_old_one_keeps_its_mode(
    solved: Locked, tmp_path: Path
) -> None:
    path = tmp_path / "pixi.lock"
    path.touch(mode=0o666)
    mode_of_a_new_file = stat.S_IMODE(path.stat().st_mode)
    path.unlink()

    write_lock(solved.lock, path)
    assert stat.S_IMODE(path.stat().st_mode) == mode_of_a_new_file

    path.write_text("")
    path.chmod(0o600)
    write_lock(solved.lock, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_folder_that_is_not_there_is_said(solved: Locked, tmp_path: Path) -> None:
    with pytest.raises(WriteError):
        write_lock(solved.lock, tmp_path / "nowhere" / "pixi.lock")


def test_a_text_is_validated_without_touching_the_file(
    solved: Locked, tmp_path: Path
) -> None:
    path = tmp_path / "pixi.lock"

    records = validate_lock(format_lock(solved.lock), path)

    assert not path.exists()
    assert {r.name.normalized for r in records["test"]["osx-arm64"]} == {
        "dask",
        "numpy",
        "python",
        "scipy",
    }
