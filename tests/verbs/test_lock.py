"""What `lock --check` answers, in words, as JSON and by its exit code."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from support.commands import Answer, run_command
from support.newer import contents, locked, make_old, publish

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Pixi = Callable[..., Answer]


@pytest.fixture
def pixi(capsys: pytest.CaptureFixture[str]) -> Pixi:
    return lambda *words: run_command(capsys, *words)


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pixi: Pixi) -> Path:
    """Stand in a workspace whose manifest now wants a newer version than is locked."""
    root = make_old(tmp_path)
    monkeypatch.chdir(root)
    assert pixi("lock").code == 0
    publish(tmp_path)
    text = (root / "pixi.toml").read_text()
    (root / "pixi.toml").write_text(text.replace(">=1.0,<2", ">=2"))
    return root


def test_a_dry_check_fails_and_tells_what_would_change(study: Path, pixi: Pixi) -> None:
    before = contents(study)

    words = pixi("lock", "--check", "--dry-run")
    data = pixi("lock", "--check", "--dry-run", "--json")

    row = json.loads(data.out)["environment"]["default"]["linux-64"]
    assert (words.code, data.code) == (1, 1)
    assert "1.0 -> 2.0" in words.err
    assert [(each["name"], each["explicit"]) for each in row] == [("app", True)]
    assert contents(study) == before


def test_a_check_that_may_write_mends_the_lock_and_fails_once(
    study: Path, pixi: Pixi
) -> None:
    first = pixi("lock", "--check", "--json")
    second = pixi("lock", "--check", "--json")

    assert (first.code, second.code) == (1, 0)
    assert set(json.loads(first.out)["environment"]) == {"default", "test"}
    assert json.loads(second.out) == {"version": 1, "environment": {}}
    assert locked(study)["default", "linux-64"] == {"app": "2.0", "base": "1.0"}


def test_a_dry_lock_succeeds_whatever_it_finds(study: Path, pixi: Pixi) -> None:
    before = contents(study)

    answer = pixi("lock", "--dry-run")

    assert answer.code == 0
    assert "pixi.lock would be written anew" in answer.err
    assert contents(study) == before


def test_a_check_without_an_answer_from_the_channel_still_says_no(
    study: Path, pixi: Pixi
) -> None:
    before = contents(study)

    answer = pixi("lock", "--check", "--offline", "--json")

    assert answer.code == 1
    assert json.loads(answer.out) == {"version": 1, "environment": {}}
    assert contents(study) == before


def test_a_prerelease_mode_without_pypi_packages_is_in_the_lock_and_fits(
    study: Path, pixi: Pixi
) -> None:
    manifest = study / "pixi.toml"
    text = manifest.read_text()
    manifest.write_text(f'{text}\n[pypi-options]\nprerelease-mode = "allow"\n')

    assert pixi("lock").code == 0

    assert "pypi-prerelease-mode: allow" in (study / "pixi.lock").read_text()
    assert pixi("lock", "--check").code == 0
