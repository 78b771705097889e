"""Scripts of packages: told of, run where they are allowed, and what they said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from support.faulty import Place

if TYPE_CHECKING:
    from pathlib import Path

POST = """\
#!/bin/bash
# what it is for
echo "$PKG_NAME $PKG_VERSION $PKG_BUILDNUM" >> "$PREFIX/ran.txt"
echo "thank you" >> "$PREFIX/.messages.txt"
echo noise
"""
PACKAGES: list[dict[str, Any]] = [
    {
        "name": "talker",
        "build_number": 3,
        "files": {
            "bin/.talker-post-link.sh": POST,
            "bin/.talker-pre-unlink.sh": 'echo gone >> "$PREFIX/ran.txt"\n',
        },
    },
    {"name": "failing", "files": {"bin/.failing-post-link.sh": "echo why\nexit 7\n"}},
    {
        "name": "early",
        "files": {"bin/.early-pre-link.sh": 'echo no > "$PREFIX/ran.txt"\n'},
    },
    {"name": "quiet"},
]


@pytest.fixture
def place(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Place:
    place = Place(tmp_path / "study", tmp_path / "channel", tmp_path / "cache", capsys)
    place.publish(*PACKAGES)
    place.depend(talker="*")
    (place.root / ".pixi").mkdir()
    monkeypatch.chdir(place.root)
    monkeypatch.setenv("RATTLER_CACHE_DIR", str(place.cache))
    return place


def configure(place: Place, text: str) -> None:
    (place.root / ".pixi" / "config.toml").write_text(text, encoding="utf-8")


def test_a_script_that_is_not_allowed_is_told_with_what_it_would_do(
    place: Place,
) -> None:
    installed = place("install")
    idle = place("install")

    assert installed.code == 0
    assert "Package talker wants to run .talker-post-link.sh" in installed.err
    assert 'echo "$PKG_NAME $PKG_VERSION $PKG_BUILDNUM"' in installed.err
    assert 'link-scripts = ["talker"] to [pixi-jupyter] in .pixi/config.toml' in (
        installed.err
    )
    assert not (place.prefix / "ran.txt").exists()
    assert "talker wants" not in idle.err


def test_a_script_that_is_allowed_runs_with_the_variables_of_conda(
    place: Place,
) -> None:
    configure(place, '[pixi-jupyter]\nlink-scripts = ["talker"]\n')

    installed = place("install")
    place("install")

    assert installed.code == 0, installed.err
    assert place.read("ran.txt") == "talker 1.0 3\n"
    assert "talker: thank you" in installed.err + installed.out
    assert "noise" not in installed.err + installed.out
    assert not (place.prefix / ".messages.txt").exists()


def test_the_script_of_a_package_that_is_not_named_does_not_run(place: Place) -> None:
    configure(place, '[pixi-jupyter]\nlink-scripts = ["quiet"]\n')

    installed = place("install")

    assert "Package talker wants to run" in installed.err
    assert not (place.prefix / "ran.txt").exists()


@pytest.mark.parametrize("value", ['"insecure"', '"false"', "false"])
def test_the_configuration_of_pixi_allows_all_or_none(place: Place, value: str) -> None:
    configure(place, f"run-post-link-scripts = {value}\n")

    place("install")

    assert (place.prefix / "ran.txt").exists() == (value == '"insecure"')


def test_a_script_runs_before_its_package_is_removed(place: Place) -> None:
    configure(place, '[pixi-jupyter]\nlink-scripts = ["talker"]\n')
    assert place("install").code == 0

    place.depend(quiet="*")
    changed = place("install")

    assert changed.code == 0, changed.err
    assert place.read("ran.txt").splitlines()[-1] == "gone"
    assert not (place.prefix / "bin").exists()


def test_a_script_that_fails_is_an_error_that_shows_what_it_said(
    place: Place,
) -> None:
    place.depend(failing="*")
    configure(place, '[pixi-jupyter]\nlink-scripts = ["failing"]\n')

    failed = place("install")
    again = place("install")
    retried = place("reinstall", "failing")

    assert failed.code == 1
    assert "script of package failing failed with exit code 7" in failed.err
    assert "why" in failed.err
    assert "pixi-jupyter reinstall failing" in failed.err
    assert (place.prefix / "bin" / ".failing-post-link.sh").exists()
    assert again.code == 0, again.err
    assert "failed with exit code 7" in retried.err


def test_a_script_of_the_old_kind_is_told_of_once_and_never_runs(place: Place) -> None:
    configure(place, '[pixi-jupyter]\nlink-scripts = ["early"]\n')
    place.depend(early="*")

    installed = place("install")
    idle = place("install")

    assert "Package early has a script .early-pre-link.sh" in installed.err
    assert "echo no" in installed.err
    assert "early" not in idle.err
    assert not (place.root / ".pixi" / "envs" / "default" / "ran.txt").exists()
