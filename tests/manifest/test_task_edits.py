"""Edits of the tasks of a manifest: everything else stays as it was written."""

from __future__ import annotations

import pytest
from support.manifests import document

from pixi_jupyter.errors import (
    FeatureNotFoundError,
    TaskExistsError,
    TaskNotInTableError,
)
from pixi_jupyter.manifest.task_edits import TaskEdits, tables_of

PIXI = """\
[workspace]
channels = []
platforms = ["linux-64"]

[tasks]
# first of all
build = "make"  # quick
test = { cmd = "pytest", depends-on = [
    "build",  # before
], inputs = ["src"] }

[tasks.report]  # long
cmd = ["quarto", "render"]
inputs = ["*.qmd"]

[tasks.report.env]
LEVEL = "1"

[feature.docs.tasks]
html = "sphinx"
"""
INLINE = """\
workspace = { channels = [], platforms = [] }
tasks = { build = "make", test = "pytest" }
target.linux-64.tasks.only = "ls" # dotted
environments.dev = ["docs"]
feature.docs = { tasks = { html = "sphinx" } }
"""
PYPROJECT = """\
[project]
name = "mine"

[tool.pixi.workspace]
channels = []

[tool.pixi.tasks]
build = "make"

[tool.black]
line-length = 88
"""


def edits(text: str, file: str = "pixi.toml", **where: str) -> TaskEdits:
    return TaskEdits(document=document(text, file=file), **where)


def test_a_task_is_added_behind_the_others_of_its_table() -> None:
    found = edits(PIXI)

    found.add("lint", "ruff check")

    assert found.document.text == PIXI.replace(
        '], inputs = ["src"] }\n', '], inputs = ["src"] }\nlint = "ruff check"\n'
    )


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        (INLINE, 'test = "pytest" }', 'test = "pytest", go = "ls" }'),
        (PYPROJECT, 'build = "make"\n', 'build = "make"\ngo = "ls"\n'),
    ],
    ids=["inline", "pyproject"],
)
def test_a_table_keeps_its_form(text: str, before: str, after: str) -> None:
    file = "pyproject.toml" if text is PYPROJECT else "pixi.toml"
    found = edits(text, file)

    found.add("go", "ls")

    assert found.document.text == text.replace(before, after)


@pytest.mark.parametrize(
    ("where", "written"),
    [
        ({"feature": "test"}, '[feature.test.tasks]\ngo = "ls"'),
        ({"platform": "win"}, '[target.win.tasks]\ngo = "ls"'),
        ({"environment": "dev"}, '[environments.dev.tasks]\ngo = "ls"'),
        (
            {"feature": "test", "platform": "cuda-*"},
            '[feature.test.target."cuda-*".tasks]\ngo = "ls"',
        ),
        ({"feature": "docs"}, 'html = "sphinx"\ngo = "ls"'),
    ],
    ids=str,
)
def test_each_place_has_its_table(where: dict[str, str], written: str) -> None:
    found = edits(PIXI, **where)

    found.add("go", "ls")

    assert f"{written}\n" in found.document.text
    assert found.tasks()["go"] == "ls"


def test_an_environment_that_is_a_list_gets_its_own_task() -> None:
    found = edits(INLINE, environment="dev")

    found.add("go", "ls")

    assert (
        'environments.dev = { features = ["docs"], tasks = { go = "ls" } }'
        in found.document.text
    )


def test_a_table_of_keys_is_written_on_one_line() -> None:
    found = edits(PYPROJECT, "pyproject.toml")

    found.add("say", {"cmd": 'echo "hi"', "env": {"A.B": "1"}, "clean-env": True})

    assert (
        'say = { cmd = "echo \\"hi\\"", env = { "A.B" = "1" }, clean-env = true }\n'
        in found.document.text
    )


@pytest.mark.parametrize("name", ["build", "test", "report"])
def test_a_task_that_is_there_is_not_written_over(name: str) -> None:
    found = edits(PIXI)

    with pytest.raises(TaskExistsError) as caught:
        found.add(name, "other")

    assert found.document.text == PIXI
    assert f"task remove {name}  " in caught.value.hints[0]


def test_a_task_of_another_table_may_have_the_same_name() -> None:
    found = edits(PIXI, feature="docs")

    found.add("build", "sphinx-build")

    assert found.tasks()["build"] == "sphinx-build"


@pytest.mark.parametrize(
    ("name", "gone"),
    [
        ("build", 'build = "make"  # quick\n'),
        (
            "test",
            (
                'test = { cmd = "pytest", depends-on = [\n    "build",  # before\n], '
                'inputs = ["src"] }\n'
            ),
        ),
        (
            "report",
            (
                '[tasks.report]  # long\ncmd = ["quarto", "render"]\n'
                'inputs = ["*.qmd"]\n\n[tasks.report.env]\nLEVEL = "1"\n\n'
            ),
        ),
    ],
)
def test_a_task_goes_with_all_that_it_says(name: str, gone: str) -> None:
    found = edits(PIXI)

    found.remove(name)

    assert gone in PIXI
    assert found.document.text == PIXI.replace(gone, "")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('[feature.a.tasks.go]\ncmd = "ls"\n', "[feature.a.tasks]\n"),
        (
            """\
[feature.a.tasks.go]  # x
# y
cmd = "ls"

[feature.a.tasks.go.env]
A = "1"

# last
[activation]
""",
            "[feature.a.tasks]\n\n# last\n[activation]\n",
        ),
        (
            '[feature]\na.tasks.go = "ls" # x\nb.tasks.go = "ls"\n',
            '[feature]\na.tasks = {}\nb.tasks.go = "ls"\n',
        ),
        (
            '[feature]\na.tasks.go.cmd = "ls"\na.tasks.go.cwd = "x"\n',
            "[feature]\na.tasks = {}\n",
        ),
        ('feature = { a.tasks.go = "ls" }\n', "feature = { a.tasks = {} }\n"),
        ('[feature]\na = { tasks.go = "ls" }\n', "[feature]\na = {}\n"),
        ('[feature.a.tasks]\ngo = "ls"\n', "[feature.a.tasks]\n"),
    ],
    ids=["header", "headers", "dotted", "deeper", "inline", "member", "table"],
)
def test_a_feature_that_has_nothing_else_stays(before: str, after: str) -> None:
    found = edits(before, feature="a")

    found.remove("go")

    assert found.document.text == after


def test_an_environment_that_has_nothing_else_stays() -> None:
    found = edits('[environments.a.tasks.go]\ncmd = "ls"\n', environment="a")

    found.remove("go")

    assert found.document.text == "[environments.a.tasks]\n"


@pytest.mark.parametrize("text", ['[tasks.go]\ncmd = "ls"\n', 'tasks.go = "ls"\n'])
def test_the_table_of_the_workspace_need_not_stay(text: str) -> None:
    found = edits(text)

    found.remove("go")

    assert found.document.text == ""


def test_a_task_may_have_the_name_of_its_feature() -> None:
    text = "[feature.docs]\nplatforms = []\n\n"
    found = edits(f'{text}[feature.docs.tasks.docs]\ncmd = "ls"\n', feature="docs")

    found.remove("docs")

    assert found.document.text == text


def test_a_dotted_task_goes_alone() -> None:
    found = edits(INLINE, platform="linux-64")

    found.remove("only")

    assert found.document.text == INLINE.replace(
        'target.linux-64.tasks.only = "ls" # dotted\n', ""
    )


def test_a_task_that_is_elsewhere_is_pointed_at() -> None:
    with pytest.raises(TaskNotInTableError) as caught:
        edits(PIXI).remove("html")

    assert caught.value.hints == ("{command} task remove html -f docs",)


def test_an_unknown_task_is_answered_with_the_nearest() -> None:
    with pytest.raises(TaskNotInTableError) as caught:
        edits(PIXI).remove("biuld")

    assert caught.value.message == "No task named biuld in tasks of pixi.toml"
    assert caught.value.hints == ("did you mean build?",)


def test_a_feature_that_is_not_there_is_said() -> None:
    with pytest.raises(FeatureNotFoundError):
        edits(PIXI, feature="dosc").remove("html")


@pytest.mark.parametrize(
    ("text", "file", "options"),
    [
        (PIXI, "pixi.toml", ["", " -f docs"]),
        (INLINE, "pixi.toml", ["", " -p linux-64", " -f docs"]),
        (PYPROJECT, "pyproject.toml", [""]),
    ],
    ids=["pixi", "inline", "pyproject"],
)
def test_every_table_of_tasks_is_found(
    text: str, file: str, options: list[str]
) -> None:
    found = list(tables_of(document(text, file=file)))

    assert [each.options for each in found] == options
