"""`add` and `remove` with a dry run: all is told, nothing is written."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from support.packages import make_channel

from pixi_jupyter.commands.call import Answer, read_words
from pixi_jupyter.commands.place import Place
from pixi_jupyter.events import Operation

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MANIFEST = """\
[workspace]
name = "study"
channels = ["{channel}"]
platforms = ["linux-64", "osx-arm64"]

[dependencies]
base = "*"
"""


@pytest.fixture
def study(
    tmp_path: Path,
    make_workspace: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    channel = make_channel(
        tmp_path / "channel",
        [
            {"name": "base", "version": "1.0"},
            {"name": "base", "version": "2.0"},
            {"name": "app", "version": "1.0", "depends": ["base <2", "tool"]},
            {"name": "tool", "version": "3.1"},
        ],
    )
    folder = make_workspace(MANIFEST.format(channel=channel))
    monkeypatch.setenv("RATTLER_CACHE_DIR", str(tmp_path / "cache"))
    say(folder, "install")
    return folder


def say(folder: Path, *words: str) -> Answer:
    command = read_words(words, Place(cwd=folder, face="%pixi"))
    assert not isinstance(command, Answer)
    return asyncio.run(command.run(Operation()))


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "operations" not in path.parts
    }


def test_an_added_package_is_previewed_with_what_it_moves_and_nothing_is_written(
    study: Path,
) -> None:
    before = contents(study)
    answer = say(study, "add", "app", "--dry-run")
    assert contents(study) == before
    assert answer.data["dry_run"] is True
    assert answer.data["added"] == [{"name": "app", "spec": ">=1.0,<2"}]
    here = [row for row in answer.data["changes"] if row["platform"] == "linux-64"]
    assert [(r["kind"], r["name"], r["before"], r["after"]) for r in here] == [
        ("added", "app", None, "1.0"),
        ("downgraded", "base", "2.0", "1.0"),
        ("added", "tool", None, "3.1"),
    ]
    assert all(isinstance(row["size"], int) for row in here)
    assert "Would be added: app >=1.0,<2 to pixi.toml" in answer.text
    assert "nothing was written" in answer.text
    assert "Would be added" in answer.html
    assert "✔" not in answer.text


def test_a_removed_package_is_previewed_and_nothing_is_written(study: Path) -> None:
    before = contents(study)
    answer = say(study, "remove", "base", "-n")
    assert contents(study) == before
    assert {row["kind"] for row in answer.data["changes"]} == {"removed"}
    assert "Would be removed: base from pixi.toml" in answer.text


def test_what_is_written_afterwards_is_what_was_previewed(study: Path) -> None:
    preview = say(study, "add", "app", "--dry-run")
    done = say(study, "add", "app")
    assert done.data["dry_run"] is False
    assert done.data["changes"] == preview.data["changes"]
