"""A conda package in a repository is written down, and said not to be buildable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.packages import make_channel

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.commands import Answer

    Pixi = Callable[..., Answer]

MANIFEST = """\
[workspace]
name = "study"
channels = ["{channel}"]
platforms = ["linux-64"]
preview = [{preview}]

[dependencies]
"""
FROM = ("--git", "git+https://git.example/sea.git", "--branch", "main")


@pytest.fixture
def study(
    tmp_path: Path,
    make_workspace: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    cache: Path,
) -> Path:
    del cache
    channel = make_channel(tmp_path / "channel", [{"name": "base"}])
    text = MANIFEST.format(channel=channel, preview='"pixi-build"')
    folder = make_workspace(text, "study")
    monkeypatch.chdir(folder)
    return folder / "pixi.toml"


def test_without_a_solve_it_is_written_as_pixi_does(study: Path, pixi: Pixi) -> None:
    answer = pixi("add", "sea", *FROM, "--subdirectory", "lib", "--frozen")

    assert answer.code == 0
    written = 'sea = { git = "https://git.example/sea.git", branch = "main", '
    assert study.read_text().endswith(f'{written}subdirectory = "lib" }}\n')
    assert "Added sea https://git.example/sea.git" in answer.err


def test_a_solve_would_have_to_build_it_and_changes_nothing(
    study: Path, pixi: Pixi
) -> None:
    before = study.read_text()

    answer = pixi("add", "sea", *FROM)

    assert answer.code == 1
    assert "building sea from source is not supported yet" in answer.err
    assert study.read_text() == before


def test_the_preview_has_to_be_on(study: Path, pixi: Pixi) -> None:
    before = study.read_text().replace('"pixi-build"', "")
    study.write_text(before)

    answer = pixi("add", "sea", *FROM, "--frozen")

    assert answer.code == 1
    assert 'preview = ["pixi-build"] in [workspace]' in answer.err
    assert study.read_text() == before


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("sea >=2", *FROM), "asks for a version"),
        (("sea", *FROM, "--tag", "v1"), "--branch and --tag exclude each other"),
        (("sea", "--rev", "abc"), "--rev goes with --git"),
    ],
    ids=["version", "two revisions", "no repository"],
)
def test_what_does_not_go_together_is_refused(
    study: Path, pixi: Pixi, words: tuple[str, ...], reason: str
) -> None:
    before = study.read_text()

    answer = pixi("add", *words)

    assert answer.code == 2
    assert reason in answer.err
    assert study.read_text() == before
