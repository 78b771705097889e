"""Reading and writing pixi.lock."""

from __future__ import annotations

import stat
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import xxhash

from pixi_jupyter.adapters.rattler import read_lock_records, record_mapping
from pixi_jupyter.errors import (
    LockNotFoundError,
    LockParseError,
    NewerLockError,
    WriteError,
)
from pixi_jupyter.lock.file import (
    Lock,
    LockedEnvironment,
    LockedPackage,
    LockedPlatform,
    environment_hash,
    format_lock,
    parse_lock,
    read_lock,
    validate_lock,
    write_lock,
)
from pixi_jupyter.platforms import Platform

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.locks import Locked

MANIFEST = """
[workspace]
channels = ["CHANNEL"]
platforms = ["linux-64", "osx-arm64"]

[dependencies]
scipy = "*"

[feature.test.dependencies]
dask = "*"

[environments]
test = ["test"]
"""
SIX = """\
version: 6
environments:
  default:
    channels:
    - url: https://conda.anaconda.org/conda-forge/
    indexes:
    - https://pypi.example/simple
    options:
      channel-priority: disabled
    packages:
      linux-64:
      - conda: https://conda.anaconda.org/conda-forge/noarch/tzdata-2025b-h78e105d_0.conda
      - pypi: https://files.pypi.example/click-8.1.8-py3-none-any.whl
packages:
- conda: https://conda.anaconda.org/conda-forge/noarch/tzdata-2025b-h78e105d_0.conda
  sha256: 5aaa366385d716557e365f0a4e9c3fca43ba196872abbbe3d56bb610d131e192
  md5: 4222072737ccff51314b5ece9c7d6f5a
  license: LicenseRef-Public-Domain
  size: 122968
  timestamp: 1742727099393
- pypi: https://files.pypi.example/click-8.1.8-py3-none-any.whl
  name: click
  version: 8.1.8
  sha256: 63c132bbbed01578a06712a2d1f497bb62d9c1c0d329b7903a866228027263b2
  requires_dist:
  - colorama ; sys_platform == 'win32'
  requires_python: '>=3.7'
"""
SOURCES = """\
version: 7
platforms:
- name: linux-64
environments:
  default:
    channels:
    - url: https://conda.anaconda.org/conda-forge/
    indexes:
    - https://pypi.example/simple
    find-links:
    - path: ./wheels
    options:
      strategy: lowest-version
      pypi-prerelease-mode: allow
    packages:
      linux-64:
      - conda_source: mine[2a17d7b3] @ ./mine
      - pypi: ./local
packages:
- conda: https://conda.anaconda.org/conda-forge/linux-64/cmake-4.1.0-h1_0.conda
  sha256: 5aaa366385d716557e365f0a4e9c3fca43ba196872abbbe3d56bb610d131e192
- conda: https://conda.anaconda.org/conda-forge/linux-64/unused-4.1.0-h1_0.conda
- conda_source: mine[2a17d7b3] @ ./mine
  version: 0.1.0
  build: hbf21a9e_0
  subdir: linux-64
  variants:
    target_platform: linux-64
  depends:
  - libstdcxx >=15
  build_packages:
  - conda: https://conda.anaconda.org/conda-forge/linux-64/cmake-4.1.0-h1_0.conda
- pypi: ./local
  name: local
  version: 0.2.0
  requires_dist:
  - click>=8
"""


@pytest.fixture
def solved(locked: Callable[[str], Locked]) -> Locked:
    return locked(MANIFEST)


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


def test_equal_content_gives_equal_bytes_in_whatever_order_it_comes(
    solved: Locked,
) -> None:
    lock = solved.lock
    shuffled = Lock(
        platforms=lock.platforms,
        environments={
            name: replace(
                environment,
                packages={
                    platform: tuple(reversed(row))
                    for platform, row in reversed(environment.packages.items())
                },
            )
            for name, environment in reversed(lock.environments.items())
        },
    )

    assert format_lock(shuffled) == format_lock(lock)


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


def test_packages_of_pypi_and_from_source_are_carried_through(
    parsed: Callable[[str], Lock],
) -> None:
    lock = parsed(SOURCES)

    environment = lock.environments["default"]
    source, local = environment.packages["linux-64"]
    assert (source.kind, source.name, source.version) == (
        "conda_source",
        "mine",
        "0.1.0",
    )
    assert (local.kind, local.name, local.version) == ("pypi", "local", "0.2.0")
    assert environment.indexes == ("https://pypi.example/simple",)
    without_unused = SOURCES.replace(
        "- conda: https://conda.anaconda.org/conda-forge/linux-64/"
        "unused-4.1.0-h1_0.conda\n",
        "",
    )
    assert format_lock(lock) == without_unused


def test_an_older_lock_is_brought_to_the_present_format(
    parsed: Callable[[str], Lock],
) -> None:
    lock = parsed(SIX)

    assert lock.version == 6
    assert lock.platforms == (LockedPlatform("linux-64", "linux-64"),)
    environment = lock.environments["default"]
    assert environment.options == {"channel-priority": "disabled"}
    conda, pypi = environment.packages["linux-64"]
    assert (conda.name, conda.version, conda.build, conda.subdir) == (
        "tzdata",
        "2025b",
        "h78e105d_0",
        "noarch",
    )
    assert pypi.fields["requires_dist"] == ["colorama ; sys_platform == 'win32'"]
    assert format_lock(lock).startswith("version: 7\n")


def test_another_layout_says_the_same(parsed: Callable[[str], Lock]) -> None:
    text = SOURCES.replace(
        "- conda_source: mine[2a17d7b3] @ ./mine\n  version",
        ("# built here\n- conda_source: 'mine[2a17d7b3] @ ./mine'\n  version"),
    )

    assert format_lock(parsed(text)) == format_lock(parsed(SOURCES))
    assert format_lock(parsed(SOURCES.replace("\n", "\r\n"))) == format_lock(
        parsed(SOURCES)
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "does not say which version"),
        ("version: 7\nenvironments: [\n", "while parsing"),
        ("version: 7\nenvironments:\n- x\npackages: []\n", "not as a lock file has it"),
        ("version: 7\npackages:\n- cond: x\nenvironments: {}\n", "a package is one of"),
        (
            SOURCES.replace(
                "packages:\n- conda:", "packages:\n- conda: https://x\n- y:"
            ),
            "a package is one of",
        ),
        (SOURCES.replace("      - pypi: ./local", "      - pypi: ./other"), "./other"),
        (SIX.replace("version: 6", "version: 2"), "missing field"),
    ],
)
def test_what_is_no_lock_is_refused_with_its_name_and_a_reason(
    parsed: Callable[[str], Lock], text: str, words: str
) -> None:
    with pytest.raises(LockParseError, match=r"pixi\.lock") as caught:
        format_lock(parsed(text))

    assert words in caught.value.reason


def test_a_package_that_cannot_be_read_is_found_when_it_is_looked_at(
    parsed: Callable[[str], Lock],
) -> None:
    lock = parsed(SOURCES.replace("  name: local", "  name: [local"))

    with pytest.raises(LockParseError, match=r"pixi\.lock"):
        format_lock(lock)


def test_a_newer_lock_says_that_it_is_newer(parsed: Callable[[str], Lock]) -> None:
    with pytest.raises(NewerLockError) as caught:
        parsed(SOURCES.replace("version: 7", "version: 8"))

    assert (caught.value.version, caught.value.known) == (8, 7)


def test_the_marks_of_a_merge_are_named_with_their_line(
    parsed: Callable[[str], Lock],
) -> None:
    text = "version: 7\n<<<<<<< HEAD\nplatforms: []\n=======\n>>>>>>> other\n"

    with pytest.raises(LockParseError, match=r"line 2.*unfinished merge"):
        parsed(text)


def test_a_file_that_is_not_there_or_no_text_is_said(tmp_path: Path) -> None:
    with pytest.raises(LockNotFoundError):
        read_lock(tmp_path / "pixi.lock")

    (tmp_path / "pixi.lock").write_bytes(b"version: 7\xff")
    with pytest.raises(LockParseError, match="UTF-8"):
        read_lock(tmp_path / "pixi.lock")


def test_the_hash_of_a_row_is_made_of_locations_hashes_and_platform(
    parsed: Callable[[str], Lock],
) -> None:
    lock = parsed(SIX)
    digest = xxhash.xxh3_64()
    conda, pypi = (
        p.location.encode() for p in lock.environments["default"].packages["linux-64"]
    )
    sha256 = "5aaa366385d716557e365f0a4e9c3fca43ba196872abbbe3d56bb610d131e192"
    digest.update(conda + b"\xff" + (32).to_bytes(8, "little") + bytes.fromhex(sha256))
    digest.update(pypi + b"\xff")
    alone = digest.copy()
    digest.update(b"linux-64\xff")

    assert environment_hash(lock, "default", "linux-64") == f"{digest.intdigest():x}"
    assert environment_hash(lock, "default", "win-64") != f"{alone.intdigest():x}"

    for text in sorted(map(str, Platform("linux-64", "linux-64").virtual_packages)):
        digest.update(text.encode() + b"\xff")
    declared = Platform("linux-64", "linux-64")
    assert environment_hash(lock, "default", declared) == f"{digest.intdigest():x}"


def test_the_hash_of_a_row_is_the_same_before_and_after_it_was_written(
    solved: Locked,
) -> None:
    read = parse_lock(format_lock(solved.lock), solved.folder / "pixi.lock")

    hashes = {
        (name, platform): environment_hash(solved.lock, name, platform)
        for name in ("default", "test", "nothing")
        for platform in ("linux-64", "osx-arm64")
    }

    assert len(set(hashes.values())) == 6
    for (name, platform), value in hashes.items():
        assert environment_hash(read, name, platform) == value


def test_a_package_known_to_two_environments_is_written_once_and_whole(
    parsed: Callable[[str], Lock],
) -> None:
    lock = parsed(SIX)
    conda, _ = lock.environments["default"].packages["linux-64"]
    purls = LockedPackage("conda", conda.location, {**conda.fields, "purls": []})
    other = LockedEnvironment(packages={"linux-64": (purls,)})

    both = replace(lock, environments={**lock.environments, "other": other})
    other_way = replace(lock, environments={"other": other, **lock.environments})

    assert format_lock(both).count("\n- conda: ") == 1
    assert "purls: []" in format_lock(both)
    assert format_lock(other_way) == format_lock(both)
