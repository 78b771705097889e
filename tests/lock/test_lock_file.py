"""Writing pixi.lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.locks import write_lock

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
)

if TYPE_CHECKING:
    from pathlib import Path

    from support.locks import Locked


def test_what_is_written_is_read_back_the_same(solved: Locked, tmp_path: Path) -> None:
    path = tmp_path / "pixi.lock"

    write_lock(solved.lock, path)

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


def test_what_py_rattler_refuses_leaves_no_trace_beside_the_old_file(
    solved: Locked, tmp_path: Path
) -> None:
    path = tmp_path / "pixi.lock"
    write_lock(solved.lock, path)
    before = path.read_bytes()
    wrong = LockedPackage("conda", "https://a.example/noarch/nothing.conda", {})
    environment = LockedEnvironment(packages={"linux-64": (wrong,)})

    lock = Lock(
        platforms=(LockedPlatform("linux-64", "linux-64"),),
        environments={"default": environment},
    )

    with pytest.raises(LockParseError):
        validate_lock(format_lock(lock), path)

    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["pixi.lock"]


def test_a_folder_that_is_not_there_is_said(solved: Locked, tmp_path: Path) -> None:
    with pytest.raises(WriteError):
        validate_lock(format_lock(solved.lock), tmp_path / "nowhere" / "pixi.lock")


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
