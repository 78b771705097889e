"""Packages are linked again, from files that are as their hashes say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from support.commands import Answer
from support.installs import assert_whole
from support.packages import make_channel

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
base = "1.*"

[feature.test.dependencies]
app = "*"

[environments]
test = ["test"]
"""
BASE = "share/base.txt"


@pytest.fixture
def study(
    tmp_path: Path,
    make_workspace: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """Stand in a workspace of two environments that are not installed yet."""
    packages: list[dict[str, Any]] = [
        {"name": "base", "version": "1.0"},
        {"name": "app", "version": "1.0", "depends": ["base"]},
    ]
    channel = make_channel(tmp_path / "channel", packages)
    folder = make_workspace(MANIFEST.format(channel=channel), "study")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("RATTLER_CACHE_DIR", str(tmp_path / "cache"))
    return folder


@pytest.fixture
def installed(study: Path, pixi: Pixi) -> Path:
    """Install both environments; give the folder of their prefixes."""
    assert pixi("install", "--all").code == 0
    return study / ".pixi" / "envs"


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_ino)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "operations" not in path.parts
    }


def test_a_file_that_was_lost_comes_back(installed: Path, pixi: Pixi) -> None:
    (installed / "default" / BASE).unlink()

    answer = pixi("reinstall", "base")

    assert answer.code == 0
    assert answer.err.startswith("✔ Reinstalled base in default, ")
    assert (installed / "default" / BASE).read_text() == "base 1.0 0\n"
    assert_whole(installed / "default")


def test_an_edit_that_went_through_to_the_cache_is_undone(
    installed: Path, tmp_path: Path, pixi: Pixi
) -> None:
    edited = installed / "default" / BASE
    with edited.open("a") as file:  # in place, as many editors do
        file.write("broken\n")
    cached = tmp_path / "cache" / "pkgs" / "base-1.0-0" / BASE
    assert cached.read_text().endswith("broken\n")

    assert pixi("reinstall").code == 0

    assert edited.read_text() == cached.read_text() == "base 1.0 0\n"
    assert_whole(installed / "default")


def test_only_what_is_named_is_linked_again(installed: Path, pixi: Pixi) -> None:
    for name in ("base", "app"):
        (installed / "test" / f"share/{name}.txt").unlink()

    answer = pixi("reinstall", "-e", "test", "APP", "--json")

    assert json.loads(answer.out)["environments"][0]["reinstalled"] == ["app"]
    assert (installed / "test" / "share/app.txt").exists()
    assert not (installed / "test" / BASE).exists()


def test_all_environments_can_be_reinstalled(installed: Path, pixi: Pixi) -> None:
    for name in ("default", "test"):
        (installed / name / BASE).unlink()

    answer = pixi("reinstall", "--all")

    assert answer.err.splitlines()[0].startswith("✔ Reinstalled base in default, ")
    assert answer.err.splitlines()[1].startswith("✔ Reinstalled app, base in test, ")
    for name in ("default", "test"):
        assert_whole(installed / name)


def test_a_package_that_is_not_there_is_named_with_the_nearest(
    installed: Path, pixi: Pixi
) -> None:
    before = snapshot(installed)

    answer = pixi("reinstall", "basee", "base")

    assert answer.code == 1
    assert answer.err == (
        "error: no package named basee is locked for environment default\n"
        "hint: pixi-jupyter reinstall base   the nearest name\n"
    )
    assert snapshot(installed) == before


def test_a_dry_run_tells_and_leaves_the_disk_as_it_was(
    installed: Path, pixi: Pixi
) -> None:
    (installed / "default" / BASE).unlink()
    before = snapshot(installed.parent.parent)

    answer = pixi("reinstall", "--dry-run")

    assert answer == Answer(0, "", "Would reinstall base in default\n")
    assert snapshot(installed.parent.parent) == before


def test_a_dry_run_without_lock_and_prefix_writes_neither(
    study: Path, pixi: Pixi
) -> None:
    answer = pixi("reinstall", "-n", "--json")

    assert json.loads(answer.out) == {
        "environments": [
            {
                "name": "default",
                "prefix": str(study / ".pixi/envs/default"),
                "platform": "linux-64",
                "reinstalled": [],
                "added": ["base"],
                "updated": [],
                "removed": [],
            }
        ],
        "skipped": [],
        "lock_written": False,
        "dry_run": True,
    }
    assert not (study / "pixi.lock").exists()
    assert not (study / ".pixi" / "envs").exists()


def test_an_environment_that_is_not_there_is_installed(study: Path, pixi: Pixi) -> None:
    answer = pixi("reinstall")

    assert answer.code == 0
    assert answer.err.startswith("✔ Installed base in default, ")
    assert answer.err.endswith("note: the lock was brought up to date\n")
    assert_whole(study / ".pixi/envs/default")


def test_a_lock_that_does_not_fit_is_refused_where_it_was_asked(
    installed: Path, pixi: Pixi
) -> None:
    manifest = installed.parent.parent / "pixi.toml"
    manifest.write_text(manifest.read_text().replace('base = "1.*"', 'base = "2.*"'))
    before = snapshot(installed)

    answer = pixi("reinstall", "--locked")

    assert answer.code == 1
    assert answer.err.startswith("error: pixi.lock is out of date, 1 reason\n")
    assert snapshot(installed) == before
