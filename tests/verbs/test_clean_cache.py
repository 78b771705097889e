"""Caches are emptied of what nobody uses, and of nothing else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from support.commands import Answer
from support.installs import assert_whole
from support.packages import make_channel

from pixi_jupyter.install.filelock import FileLock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Pixi = Callable[..., Answer]

MANIFEST = """\
[workspace]
name = "study"
channels = ["{channel}"]
platforms = ["linux-64", "osx-arm64", "win-64"]

[dependencies]
base = "*"
"""


@pytest.fixture
def study(
    tmp_path: Path,
    make_workspace: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    cache: Path,
    pixi: Pixi,
) -> Path:
    """Stand in a workspace with one environment, which shares a file with the cache."""
    del cache
    packages: list[dict[str, Any]] = [
        {"name": "base", "files": {"share/base.bin": b"\0" * 5000}}
    ]
    channel = make_channel(tmp_path / "channel", packages)
    folder = make_workspace(MANIFEST.format(channel=channel), "study")
    monkeypatch.chdir(folder)
    assert pixi("install").code == 0
    return folder


def paths(folder: Path) -> set[str]:
    """List what lies in a folder."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def make_files(*files: Path) -> None:
    for path in files:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"\0" * 1000)


def test_the_whole_cache_goes_only_where_it_was_agreed_to(
    study: Path, cache: Path, pixi: Pixi
) -> None:
    before = paths(cache)

    answer = pixi("clean", "cache")

    assert answer == Answer(
        1,
        "",
        "error: removing the whole cache was not agreed to, and nobody can be asked"
        " here\nhint: pixi-jupyter clean cache --yes   agrees to it\n",
    )
    assert paths(cache) == before
    assert pixi("clean", "cache", "--yes").code == 0
    assert not (cache / "pkgs/base-1.0-0").exists()
    assert study.exists()


def test_a_cache_is_emptied_of_packages_and_of_half_of_them(
    study: Path, cache: Path, pixi: Pixi
) -> None:
    make_files(cache / "pkgs/.base-1.0-0abcdef/x", cache / "mine/x")
    make_files(cache / "repodata/12345678.json", cache / "repodata/12345678.lock")

    answer = pixi("clean", "cache", "--conda", "--json")

    found = json.loads(answer.out)
    assert [(e["path"], e["kind"]) for e in found["removed"]] == [
        (str(cache / "pkgs"), "conda")
    ]
    # the environment still has the one file that is linked
    assert found["removed"][0]["size_bytes"] - found["freed_bytes"] == 5000
    assert [p.name for p in (cache / "pkgs").iterdir() if p.suffix != ".lock"] == []
    assert (cache / "mine/x").exists()
    assert (cache / "repodata/12345678.json").exists()
    assert [path.name for path in cache.iterdir() if path.name.startswith(".")] == []
    assert pixi("reinstall").code == 0
    assert_whole(study / ".pixi/envs/default")


def test_a_cache_in_use_stays(study: Path, cache: Path, pixi: Pixi) -> None:
    make_files(cache / "repodata/12345678.json", cache / "repodata/9abcdef0.json")
    locks = [
        FileLock(cache / "pkgs/.cache.lock"),
        FileLock(cache / "repodata/12345678.lock"),
    ]
    assert all(lock.acquire() for lock in locks)

    answer = pixi("clean", "cache", "-y")

    for lock in locks:
        lock.release()
    assert answer.code == 0
    assert f"note: {cache / 'pkgs'} stays, it is in use" in answer.err
    assert (cache / "pkgs/base-1.0-0/share/base.bin").exists()
    assert (cache / "repodata/12345678.json").exists()
    assert not (cache / "repodata/9abcdef0.json").exists()
    assert study.exists()


@pytest.mark.parametrize(
    "words",
    [("clean", "-n", "cache", "-y"), ("clean", "cache", "--dry-run")],
    ids=["before", "after"],
)
def test_a_dry_run_leaves_the_cache_as_it_was(
    study: Path, cache: Path, pixi: Pixi, words: tuple[str, ...]
) -> None:
    before = paths(cache)

    answer = pixi(*words)

    assert answer.code == 0
    assert answer.err.startswith(f"Would remove {cache / 'pkgs'}, ")
    assert paths(cache) == before
    assert study.exists()
