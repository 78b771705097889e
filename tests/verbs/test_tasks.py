"""Tasks are listed: by environment as pixi does, and as what can be run here."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from pixi_jupyter.cli.candidates import candidates

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.commands import Answer

MANIFEST = """\
[workspace]
name = "study"
channels = []
platforms = ["linux-64", "win-64"]

[tasks]
build = { cmd = ["make", "all of it", "-j"], description = "Make\\nall", inputs = ["src"], \
outputs = [], cwd = "sub", env = { A = "1" }, clean-env = true, default-environment = "docs" }
fetch = { cmd = "get {{ month }} {{ kind }}", args = ["month", { arg = "kind", \
choices = ["t2m", "tp"], default = "tp" }] }
ci = [{ task = "build" }, { task = "fetch", args = ["1", { kind = "t2m" }], \
environment = "docs" }]
test = "pytest"
_hidden = "true"

[target.win-64.tasks]
test = "pytest.exe"

[feature.docs.tasks]
html = "sphinx"
twice = "docs"

[feature.dev.tasks]
twice = "dev"

[feature.windows]
platforms = ["win-64"]

[feature.windows.tasks]
regedit = "regedit"
html = "sphinx.exe"

[environments]
dev = ["dev"]
docs = { features = ["docs"], tasks = { own = "ls" } }
windows = { features = ["windows"], no-default-feature = true }
"""


@pytest.fixture
def study(make_workspace: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PIXI_OVERRIDE_PLATFORM", "linux-64")
    folder = make_workspace(MANIFEST)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def said(pixi: Callable[..., Answer], study: Path) -> Callable[..., Any]:
    del study

    def say(*words: str) -> Any:
        answer = pixi(*words)
        assert answer.code == 0, answer.err
        return json.loads(answer.out) if "--json" in words else answer.out

    return say


def test_names_are_listed_once_with_what_they_do(said: Callable[..., Any]) -> None:
    rows = said("task", "list").splitlines()

    assert rows[0].split() == ["Task", "Description"]
    assert [row.split()[0] for row in rows[1:]] == sorted(
        ["build", "ci", "fetch", "html", "own", "regedit", "test", "twice"]
    )
    assert "build    Make all" in rows


def test_one_environment_is_listed_alone(said: Callable[..., Any]) -> None:
    assert said("task", "list", "-e", "docs", "--machine-readable") == (
        "build ci fetch html own test twice\n"
    )
    assert [x["environment"] for x in said("task", "list", "-e", "dev", "--json")] == [
        "dev"
    ]


def test_the_summary_has_a_line_for_each_environment(said: Callable[..., Any]) -> None:
    assert said("task", "list", "--summary").splitlines() == [
        "default: build, ci, fetch, test",
        "dev: build, ci, fetch, test, twice",
        "docs: build, ci, fetch, html, own, test, twice",
        "windows (cannot run here): html, regedit",
    ]


def test_json_has_pixi_s_keys_in_an_order_that_stays(said: Callable[..., Any]) -> None:
    found = said("task", "list", "--json")

    assert [each["environment"] for each in found] == [
        "default",
        "dev",
        "docs",
        "windows",
    ]
    docs = found[2]
    assert [task["name"] for task in docs["tasks"]] == ["own"]
    assert [each["name"] for each in docs["features"]] == ["docs", "default"]
    tasks = {task["name"]: task for task in docs["features"][1]["tasks"]}
    assert list(tasks) == ["_hidden", "build", "ci", "fetch", "test"]
    assert tasks["build"] == {
        "name": "build",
        "cmd": 'make "all of it" -j',
        "description": "Make\nall",
        "depends_on": [],
        "args": None,
        "cwd": "sub",
        "env": {"A": "1"},
        "default_environment": "docs",
        "clean_env": True,
        "inputs": ["src"],
        "outputs": [],
    }
    assert tasks["ci"]["cmd"] is None
    assert tasks["ci"]["depends_on"] == [
        {"task_name": "build", "args": None, "environment": None},
        {"task_name": "fetch", "args": ["1", {"kind": "t2m"}], "environment": "docs"},
    ]
    assert tasks["fetch"]["args"][1] == {
        "name": "kind",
        "default": "tp",
        "choices": ["t2m", "tp"],
    }


def test_what_can_be_run_says_where_and_with_what(said: Callable[..., Any]) -> None:
    found = said("tasks", "--json")
    tasks = {task["name"]: task for task in found["tasks"]}

    assert found["workspace"] == "study"
    assert found["manifest"].endswith("pixi.toml")
    assert {name: task["environment"] for name, task in tasks.items()} == {
        "_hidden": "default",
        "build": "docs",
        "ci": "default",
        "fetch": "default",
        "html": "docs",
        "own": "docs",
        "regedit": None,
        "test": "default",
        "twice": None,
    }
    assert tasks["twice"]["environments"] == ["dev", "docs"]
    assert tasks["html"]["environments"] == ["docs"]
    assert tasks["regedit"]["runs_here"] is False
    assert tasks["regedit"]["environments"] == ["windows"]
    assert tasks["_hidden"]["hidden"] is True
    assert tasks["ci"]["before"] == ["build", "fetch"]
    assert tasks["fetch"]["arguments"] == [
        {"name": "month", "default": None, "choices": None},
        {"name": "kind", "default": "tp", "choices": ["t2m", "tp"]},
    ]


def test_what_can_be_run_fits_a_terminal(said: Callable[..., Any], study: Path) -> None:
    long = " ".join(["words"] * 40)
    text = MANIFEST.replace("Make\\nall", long)
    (study / "pixi.toml").write_text(text)

    rows = said("tasks").splitlines()

    assert rows[0] == "Tasks of study"
    assert rows[2].split() == [
        *("task", "arguments", "runs", "in", "what", "it", "does")
    ]
    assert max(map(len, rows)) <= 80
    assert "words" in rows[4]
    assert rows[4].startswith("   ")
    assert [row.split() for row in rows if row.startswith("twice")] == [
        ["twice", "dev", "or", "docs", "dev"]
    ]
    assert rows[-1] == "Run one: pixi-jupyter run fetch MONTH"
    assert "_hidden" not in "".join(rows)


def test_one_environment_has_its_own_tasks(said: Callable[..., Any]) -> None:
    found = said("tasks", "-e", "docs", "--json")["tasks"]

    assert {task["environment"] for task in found} == {"docs"}
    assert {task["name"]: task["command"] for task in found}["twice"] == "docs"


@pytest.mark.parametrize("words", [("task", "list"), ("tasks",)], ids=" ".join)
def test_an_unknown_environment_is_answered_with_the_nearest(
    study: Path, pixi: Callable[..., Answer], words: tuple[str, ...]
) -> None:
    del study

    answer = pixi(*words, "-e", "dcos")

    assert answer.code == 1
    assert "did you mean docs?" in answer.err


@pytest.mark.parametrize("words", [("task", "list"), ("tasks",)], ids=" ".join)
def test_where_there_is_no_task_it_is_said_how_one_is_made(
    study: Path, pixi: Callable[..., Answer], words: tuple[str, ...]
) -> None:
    (study / "pixi.toml").write_text(MANIFEST.split("[tasks]", maxsplit=1)[0])

    answer = pixi(*words)

    assert (answer.code, answer.out) == (0, "")
    assert "hint: pixi-jupyter task add NAME COMMAND" in answer.err


@pytest.mark.parametrize(
    ("current", "line", "expected"),
    [
        ("t", "pixi-jupyter run t", ["test", "twice"]),
        ("", "pixi-jupyter run fetch 2026-10 ", ["t2m", "tp"]),
        ("tp", "pixi-jupyter run fetch tp", []),
        ("", "pixi-jupyter run fetch 1 tp ", []),
        ("", "pixi-jupyter run -e docs fetch -- ", []),
        ("o", "pixi-jupyter run -e docs o", ["own"]),
        ("o", "pixi-jupyter run -e dev o", []),
        ("_", "pixi-jupyter run _", ["_hidden"]),
        ("h", "pixi-jupyter task remove -f docs h", ["html"]),
        ("h", "pixi-jupyter task remove h", []),
        ("o", "pixi-jupyter task remove -e docs o", ["own"]),
        ("t", "pixi-jupyter task remove -p win-64 t", ["test"]),
        ("h", "pixi-jupyter task add x y --depends-on h", ["html"]),
        ("h", "pixi-jupyter task alias x test h", ["html"]),
    ],
)
def test_names_and_values_are_completed(
    study: Path, current: str, line: str, expected: list[str]
) -> None:
    del study

    assert [text for text, _ in candidates(current, line)] == expected


def test_a_completed_task_says_what_it_does(study: Path) -> None:
    del study

    assert candidates("b", "pixi-jupyter run b") == [("build", "Make all")]
    assert candidates("c", "pixi-jupyter run c") == [("ci", "runs build, fetch")]
