"""What a workspace has one of, what it does at activation, and its name here."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.commands import Answer

MANIFEST = """\
[workspace]
name = "study"  # of tides
channels = []
platforms = ["linux-64"]
version = '1.2.3'
"""
PYPROJECT = """\
[project]
name = "study"
version = "1.2.3"

[tool.pixi.workspace]
channels = []
platforms = ["linux-64"]
"""


@pytest.fixture
def study(
    make_workspace: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Path:
    monkeypatch.setenv("PIXI_HOME", str(tmp_path / "pixi-home"))
    folder = make_workspace(MANIFEST)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def workspace(pixi: Callable[..., Answer], study: Path) -> Callable[..., Answer]:
    del study
    return lambda *words: pixi("workspace", *words)


def manifest(study: Path) -> str:
    return (study / "pixi.toml").read_text()


@pytest.mark.parametrize(
    ("words", "before", "after"),
    [
        (("name", "set", "tides"), '"study"  # of', '"tides"  # of'),
        (("version", "set", "2.0"), "'1.2.3'", "'2.0'"),
        (("version", "major"), "'1.2.3'", "'2.0.0'"),
        (("version", "minor"), "'1.2.3'", "'1.3.0'"),
        (("version", "patch"), "'1.2.3'", "'1.2.4'"),
    ],
    ids=" ".join,
)
def test_a_value_is_changed_in_its_place(
    study: Path,
    workspace: Callable[..., Answer],
    words: tuple[str, ...],
    before: str,
    after: str,
) -> None:
    answer = workspace(*words)

    assert answer.code == 0
    assert f"✔ Updated {words[0]} to " in answer.err
    assert answer.out == ""
    assert manifest(study) == MANIFEST.replace(before, after)


def test_a_value_is_shown_on_stdout(workspace: Callable[..., Answer]) -> None:
    workspace("description", "set", 'tides at "sea"')

    assert workspace("description", "get").out == 'tides at "sea"\n'
    assert workspace("name", "get").out == "study\n"
    assert json.loads(workspace("version", "get", "--json").out) == {"version": "1.2.3"}
    assert workspace("requires-pixi", "get").out == ""


@pytest.mark.parametrize(
    "words",
    [
        ("version", "set", "one two"),
        ("name", "set", " "),
        ("requires-pixi", "set", ">"),
    ],
    ids=" ".join,
)
def test_a_value_that_cannot_be_one_is_refused(
    study: Path, workspace: Callable[..., Answer], words: tuple[str, ...]
) -> None:
    assert workspace(*words).code in {1, 2}
    assert manifest(study) == MANIFEST


def test_a_version_that_is_not_there_cannot_be_raised(
    study: Path, workspace: Callable[..., Answer]
) -> None:
    (study / "pixi.toml").write_text(MANIFEST.replace("version = '1.2.3'\n", ""))

    assert "no key named version" in workspace("version", "patch").err


def test_a_pyproject_keeps_name_and_version_in_project(
    study: Path, workspace: Callable[..., Answer]
) -> None:
    (study / "pixi.toml").unlink()
    (study / "pyproject.toml").write_text(PYPROJECT)

    workspace("name", "set", "tides")
    workspace("version", "minor")
    workspace("description", "set", "of the sea")
    workspace("requires-pixi", "set", ">=0.70")

    changed = PYPROJECT.replace('"study"', '"tides"').replace(
        '"1.2.3"\n', '"1.3.0"\ndescription = "of the sea"\n'
    )
    assert (study / "pyproject.toml").read_text() == (
        changed + 'requires-pixi = ">=0.70"\n'
    )


def test_another_pixi_that_is_needed_has_an_exit_code_of_its_own(
    workspace: Callable[..., Answer],
) -> None:
    fits = workspace("requires-pixi", "verify")
    told = workspace("requires-pixi", "set", ">=99")
    refused = workspace("requires-pixi", "verify")
    workspace("requires-pixi", "unset")

    assert (fits.code, fits.err) == (0, "")
    assert "asks for pixi >=99" in told.err
    assert refused.code == 4
    assert "asks for pixi >=99" in refused.err
    assert workspace("requires-pixi", "verify").code == 0


def test_preview_flags_are_turned_on_and_off(
    study: Path, workspace: Callable[..., Answer]
) -> None:
    added = workspace("preview", "add", "pixi-build")
    again = workspace("preview", "add", "pixi-build")
    listed = workspace("preview", "list")
    workspace("preview", "remove", "pixi-build")

    assert "✔ Added preview flag pixi-build" in added.err
    assert "pixi-build already" in again.err
    assert listed.out == "pixi-build\n"
    assert "preview = []" in manifest(study)
    assert workspace("preview", "list").out == ""


def test_a_manifest_that_needs_a_flag_is_mended_and_kept(
    study: Path, workspace: Callable[..., Answer]
) -> None:
    text = MANIFEST + "\n[dependencies]\nown = { path = '.' }\n"
    (study / "pixi.toml").write_text(text)
    assert workspace("name", "set", "x").code == 1

    assert workspace("preview", "add", "pixi-build").code == 0
    kept = workspace("preview", "remove", "pixi-build")
    forced = workspace("preview", "remove", "pixi-build", "--force")

    assert kept.code == 1
    assert forced.code == 0
    assert "warning: " in forced.err


def test_variables_are_set_and_taken_out_where_they_belong(
    study: Path, workspace: Callable[..., Answer]
) -> None:
    workspace("activation", "env", "set", "A=1", "B=x=2")
    workspace("activation", "env", "set", "C=3", "-f", "test", "-t", "unix")
    answer = workspace("activation", "env", "remove", "A")
    data = json.loads(workspace("activation", "list", "--json").out)

    assert "✔ Removed variable A" in answer.err
    assert '\n[activation.env]\nB = "x=2"\n' in manifest(study)
    assert [(each["feature"], each["target"], each["env"]) for each in data] == [
        ("default", None, {"B": "x=2"}),
        ("test", "unix", {"C": "3"}),
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("env", "set", "A"), "no assignment"),
        (("env", "set", "1A=2"), "no assignment"),
        (("env", "remove", "AA"), "did you mean A?"),
        (("script", "remove", "b.sh"), "no activation script named b.sh"),
        (("script", "add", " "), "needs a path"),
        (("list", "-f", "tset"), "no feature named tset"),
    ],
)
def test_what_cannot_be_activated_is_refused(
    study: Path, workspace: Callable[..., Answer], words: tuple[str, ...], said: str
) -> None:
    workspace("activation", "env", "set", "A=1")
    before = manifest(study)

    answer = workspace("activation", *words)

    assert answer.code in {1, 2}
    assert said in answer.err
    assert manifest(study) == before


def test_scripts_have_an_order_and_are_looked_for(
    study: Path, workspace: Callable[..., Answer]
) -> None:
    (study / "a.sh").touch()

    added = workspace("activation", "script", "add", "a.sh", "b.sh")
    moved = workspace("activation", "script", "prepend", "b.sh", "c.sh")
    again = workspace("activation", "script", "add", "a.sh")
    workspace("activation", "script", "rm", "c.sh")

    assert "a.sh does not exist" not in added.err
    assert "b.sh does not exist" in added.err
    assert "✔ Moved activation script b.sh" in moved.err
    assert "a.sh already" in again.err
    assert workspace("activation", "script", "list").out == (
        "Feature: default\n  scripts:\n    - b.sh\n    - a.sh\n"
    )


def test_a_workspace_has_a_name_on_this_computer(
    study: Path, workspace: Callable[..., Answer], tmp_path: Path
) -> None:
    registry = tmp_path / "pixi-home" / "workspaces.toml"
    registry.parent.mkdir()
    registry.write_text('# mine\n[named-workspaces]\ngone = "/nowhere/at/all"\n')

    assert "✔ Added workspace study" in workspace("register").err
    listed = workspace("register", "list")
    pruned = workspace("register", "prune")
    data = json.loads(workspace("register", "list", "--json").out)

    assert listed.out == f"gone   /nowhere/at/all\nstudy  {study}\n"
    assert "✔ Removed workspace gone" in pruned.err
    assert data == {"study": str(study)}
    assert registry.read_text().startswith("# mine\n[named-workspaces]\n")


def test_a_name_is_taken_from_another_workspace_only_by_force(
    study: Path,
    workspace: Callable[..., Answer],
    make_workspace: Callable[..., Path],
) -> None:
    other = make_workspace(MANIFEST, "other")
    workspace("register", "--name", "s")

    refused = workspace("register", "--name", "s", "--path", str(other))
    forced = workspace("register", "--name", "s", "--path", str(other), "--force")
    unknown = workspace("register", "remove", "t")
    data = json.loads(workspace("register", "list", "--json").out)

    assert (refused.code, forced.code, unknown.code) == (1, 0, 1)
    assert data == {"s": str(other)}
    assert study != other
    assert workspace("register", "remove", "s").code == 0
    assert workspace("register", "list").out == ""
