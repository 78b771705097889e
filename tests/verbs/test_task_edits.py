"""Tasks are written into the manifest and taken out of it; nothing is solved."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from pixi_jupyter.adapters.toml import parse_toml

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.commands import Answer

MANIFEST = """\
[workspace]
name = "study"
channels = ["https://nobody.example/channel"]
platforms = ["linux-64", "osx-arm64"]

[tasks]
build = "make"  # all of it
test = { cmd = ["pytest", "-k", "not slow"], depends-on = ["build"], inputs = ["src"] }

[feature.docs.tasks]
html = "sphinx-build"

[environments]
docs = ["docs"]
"""


@pytest.fixture
def study(make_workspace: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = make_workspace(MANIFEST)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def task(pixi: Callable[..., Answer], study: Path) -> Callable[..., Answer]:
    del study
    return lambda *words: pixi("task", *words)


def manifest(study: Path) -> str:
    return (study / "pixi.toml").read_text()


def written(study: Path, *keys: str) -> Any:
    found: Any = parse_toml(manifest(study)).unwrap()
    for key in keys:
        found = found[key]
    return found


@pytest.mark.parametrize(
    ("words", "value"),
    [
        (("cowpy",), "cowpy"),
        (("cowpy", "Hello User"), 'cowpy "Hello User"'),
        (("a && b | c",), "a && b | c"),
        (("ls", "--cwd", "docs"), {"cmd": "ls", "cwd": "docs"}),
        (("ls", "--clean-env"), {"cmd": "ls", "clean-env": True}),
        (
            ("t", "--depends-on", "build", "test", "--depends-on", "html"),
            {"cmd": "t", "depends-on": ["build", "test", "html"]},
        ),
        (
            ("t", "--env", "A=1=2", "--env", "B=", "--description", "It's"),
            {"cmd": "t", "env": {"A": "1=2", "B": ""}, "description": "It's"},
        ),
        (
            ("t", "--arg", "one", "--arg", "two=2", "--default-environment", "docs"),
            {
                "cmd": "t",
                "default-environment": "docs",
                "args": ["one", {"arg": "two", "default": "2"}],
            },
        ),
        (("", "--depends-on", "build"), {"depends-on": ["build"]}),
    ],
    ids=str,
)
def test_a_task_is_written_in_the_shortest_form_that_says_all(
    study: Path, task: Callable[..., Answer], words: tuple[str, ...], value: Any
) -> None:
    (study / "docs").mkdir()

    answer = task("add", "new", *words)

    assert answer.code == 0
    assert answer.err.startswith("✔ Added task new: ")
    assert answer.out == ""
    assert written(study, "tasks", "new") == value
    lines = manifest(study).splitlines()
    assert [each for each in lines if not each.startswith("new = ")] == (
        MANIFEST.splitlines()
    )
    assert not (study / "pixi.lock").exists()


@pytest.mark.parametrize(
    ("options", "keys", "where"),
    [
        (("-f", "docs"), ("feature", "docs"), " to feature docs"),
        (("-p", "osx-arm64"), ("target", "osx-arm64"), " for osx-arm64"),
        (("-e", "docs"), ("environments", "docs"), " to environment docs"),
        (
            ("-f", "docs", "--platform", "unix"),
            ("feature", "docs", "target", "unix"),
            " to feature docs for unix",
        ),
    ],
    ids=" ".join,
)
def test_a_task_is_written_and_removed_where_it_belongs(
    study: Path,
    task: Callable[..., Answer],
    options: tuple[str, ...],
    keys: tuple[str, ...],
    where: str,
) -> None:
    added = task("add", "new", "ls", *options)
    there = written(study, *keys, "tasks", "new")
    removed = task("remove", "new", *options)

    assert added.err == f"✔ Added task new{where}: ls\n"
    assert there == "ls"
    assert removed.err == f"✔ Removed task new{where.replace('to', 'from')}\n"
    assert "new" not in written(study, *keys, "tasks")


@pytest.mark.parametrize("word", ["alias", "@"])
def test_an_alias_runs_others(
    study: Path, task: Callable[..., Answer], word: str
) -> None:
    answer = task(word, "ci", "build", "test", "--description", "All")

    assert answer.err == "✔ Added alias ci: build, test\n"
    assert written(study, "tasks", "ci") == {
        "depends-on": ["build", "test"],
        "description": "All",
    }


@pytest.mark.parametrize(
    "words",
    [
        ("add", "test", "other"),
        ("alias", "test", "build"),
        ("remove", "tset"),
        ("remove", "build", "tset"),
        ("remove", "build", "-f", "dosc"),
    ],
    ids=" ".join,
)
def test_what_is_refused_changes_nothing(
    study: Path, task: Callable[..., Answer], words: tuple[str, ...]
) -> None:
    answer = task(*words)

    assert answer.code == 1
    assert answer.err.startswith("error: ")
    assert "\nhint: " in answer.err
    assert manifest(study) == MANIFEST


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "a b", "ls"), "is to be one word"),
        (("add", "a", ""), "depends on nothing"),
        (("add", "a", "", "--depends-on", "build", "--cwd", "x"), "no use for --cwd"),
        (("add", "a", "ls", "--env", "x"), "NAME=VALUE"),
        (("add", "a", "ls", "--arg", "x-y"), "hint: --arg x_y"),
        (("add", "a", "ls", "--arg", "pixi"), "templates use it"),
        (("add", "a", "ls", "--arg", "x", "--arg", "x=1"), "one argument named x"),
        (("add", "a", "ls", "-e", "docs", "-f", "docs"), "two tables"),
        (("add", "a", "ruff", "--fix"), '"COMMAND --fix"'),
        (("add", "a"), "Missing argument 'COMMAND...'"),
    ],
    ids=str,
)
def test_words_that_could_never_run_are_refused(
    study: Path, task: Callable[..., Answer], words: tuple[str, ...], said: str
) -> None:
    answer = task(*words)

    assert answer.code == 2
    assert said.lower() in answer.err.lower()
    assert manifest(study) == MANIFEST


def test_a_task_after_two_dashes_may_have_options(
    study: Path, task: Callable[..., Answer]
) -> None:
    assert task("add", "lint", "--", "ruff", "check", "--fix").code == 0

    assert written(study, "tasks", "lint") == "ruff check --fix"


@pytest.mark.parametrize(
    ("words", "warning"),
    [
        (("add", "a", "ls", "--depends-on", "biuld"), "depends on biuld"),
        (("add", "a", "ls", "--cwd", "src"), "src is no folder"),
        (("add", "a", "ls", "-f", "dosc"), "No environment has the feature dosc"),
        (("add", "a", "ls", "-p", "linxu-64"), "did you mean linux-64?"),
        (
            ("add", "a", "ls", "--default-environment", "dosc"),
            "There is no environment dosc yet; did you mean docs?",
        ),
        (("remove", "build"), "test depends on build"),
    ],
    ids=str,
)
def test_what_will_not_work_is_said_and_done(
    task: Callable[..., Answer], words: tuple[str, ...], warning: str
) -> None:
    answer = task(*words)

    assert answer.code == 0
    assert warning in answer.err
    assert "✔ " in answer.err


def test_tasks_that_go_together_are_no_loss(task: Callable[..., Answer]) -> None:
    answer = task("remove", "build", "test")

    assert answer.err == "✔ Removed task build\n✔ Removed task test\n"


def test_a_change_has_a_json_form(task: Callable[..., Answer]) -> None:
    answer = task("add", "new", "ls", "--json")

    assert json.loads(answer.out) == {
        "edits": [{"action": "added", "kind": "task", "name": "new", "value": "ls"}]
    }


def test_the_manifest_may_be_named_before_the_command_too(
    study: Path,
    pixi: Callable[..., Answer],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)

    pixi("task", "-m", str(study), "add", "one", "ls")
    pixi("task", "add", "two", "ls", "-m", str(study / "pixi.toml"))

    assert {"one", "two"} <= set(written(study, "tasks"))


def test_a_pyproject_keeps_its_tasks_among_pixi_s_tables(
    study: Path, task: Callable[..., Answer]
) -> None:
    (study / "pixi.toml").unlink()
    text = (
        '[project]\nname = "study"\n\n[tool.pixi.workspace]\nchannels = []\n'
        "platforms = []\n\n[tool.black]\nline-length = 88\n"
    )
    (study / "pyproject.toml").write_text(text)

    task("add", "go", "ls", "--description", "List")

    assert (study / "pyproject.toml").read_text() == text.replace(
        "\n[tool.black]",
        '\n[tool.pixi.tasks]\ngo = { cmd = "ls", description = "List" }\n\n[tool.black]',
    )


def test_a_secret_is_not_shown(study: Path, task: Callable[..., Answer]) -> None:
    url = "https://me:hunter2@nobody.example/x"

    answer = task("add", "push", f"curl {url}", "--json")

    assert "hunter2" not in answer.out + answer.err
    assert written(study, "tasks", "push") == f"curl {url}"
