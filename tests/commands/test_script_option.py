"""``--script``: a script in the place of a workspace, in whichever command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pixi_jupyter.commands.call import Command, read_words
from pixi_jupyter.commands.place import Place
from pixi_jupyter.errors import NotSupportedYetError, UsageError
from pixi_jupyter.manifest.script_place import home_of
from pixi_jupyter.verbs.list import ListRequest
from pixi_jupyter.verbs.run import RunRequest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "words",
    [
        ("add", "ham", "-f", "test"),
        ("add", "ham", "-e", "test"),
        ("list", "-e", "default"),
        ("install", "--all"),
        ("lock", "-m", "pixi.toml"),
        ("init", "folder"),
        ("init", "--format", "pyproject"),
        ("run", "-e", "test"),
    ],
    ids=" ".join,
)
def test_a_script_has_no_parts_to_choose_among(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=r"--script and .* exclude each other"):
        read_words([words[0], "--script", "a.py", *words[1:]], Place(cwd=tmp_path))


@pytest.mark.parametrize("name", ["https://x.example/a.py", "-"])
def test_what_is_no_file_is_no_script_yet(name: str, tmp_path: Path) -> None:
    with pytest.raises(NotSupportedYetError):
        read_words(["run", "--script", name], Place(cwd=tmp_path))


def test_a_script_is_not_the_environment_that_people_are_in(tmp_path: Path) -> None:
    prefix = tmp_path / ".pixi" / "envs" / "test"
    place = Place(cwd=tmp_path, prefix=prefix, face="%pixi")

    listed = read_words(["list", "--script", "a.py"], place)
    started = read_words(["run", "--script", "a.py", "a b"], place)

    assert isinstance(listed, Command)
    assert listed.request == ListRequest(manifest=tmp_path / "a.py")
    assert isinstance(started, Command)
    assert isinstance(started.request, RunRequest)
    assert started.request.command == ("python", "a.py", "a b")
    assert started.request.environment == "default"
    assert started.request.manifest == tmp_path / "a.py"


def test_in_the_environment_of_a_script_its_words_mean_that_one(tmp_path: Path) -> None:
    script = tmp_path / "a.py"
    script.write_text("")

    place = Place(cwd=tmp_path, prefix=home_of(script) / ".pixi" / "envs" / "default")

    assert place.environment(script) == "default"
    assert place.environment(tmp_path / "pixi.toml") is None


def test_a_name_with_a_dash_is_no_option_of_python(tmp_path: Path) -> None:
    found = read_words(["run", "--script=-a.py", "--", "-x"], Place(cwd=tmp_path))

    assert isinstance(found, Command)
    assert isinstance(found.request, RunRequest)
    assert found.request.command == ("python", "./-a.py", "-x")
