"""What can be run, as a page: arguments with their choices, and how one is run."""

from __future__ import annotations

import re

import pytest

from pixi_jupyter.commands.html import to_html
from pixi_jupyter.commands.render import render
from pixi_jupyter.commands.text import plain
from pixi_jupyter.tasks.models import Argument, Dependency, Task
from pixi_jupyter.verbs.task_list import EnvironmentTasks, TaskListResult
from pixi_jupyter.verbs.tasks import RunnableTask, TasksResult
from pixi_jupyter.verbs.workspace_edit import Edit, EditResult


def page(result: object, verb: str = "tasks") -> str:
    """Give a page without its tags."""
    text = re.sub(r"<br>|</td>|</th>|</p>", "\n", to_html(verb, result))
    return re.sub(r"<[^>]*>", "", text)


def runnable(task: Task, **known: object) -> RunnableTask:
    facts = {"environment": "default", "environments": ("default",), "runs_here": True}
    return RunnableTask(task=task, **{**facts, **known})  # type: ignore[arg-type]


def result(*tasks: RunnableTask) -> TasksResult:
    return TasksResult(workspace="study", manifest="pixi.toml", tasks=tasks)


@pytest.mark.parametrize(
    ("argument", "shown"),
    [
        (Argument(name="month"), "month"),
        (Argument(name="x", default=""), "x default empty"),
        (Argument(name="x", default="a b"), "x default a b"),
        (Argument(name="x", choices=("one",)), "x one"),
        (Argument(name="x", choices=("a", "b", "c")), "x a, b or c"),
        (Argument(name="x", choices=("a", "b"), default="b"), "x a or b, default b"),
    ],
    ids=str,
)
def test_an_argument_says_what_may_be_given(argument: Argument, shown: str) -> None:
    task = Task(name="go", command="run {{ x }}", args=(argument,))

    assert f"\n{shown}\n" in page(result(runnable(task)))


def test_a_task_shows_its_words_its_command_and_what_runs_before() -> None:
    task = Task(
        name="test",
        command=("pytest", "-k", "not slow"),
        description="Run\nthe tests",
        depends_on=(Dependency(task="build"), Dependency(task="build")),
    )
    alias = Task(name="ci", depends_on=(Dependency(task="test"),))

    text = page(result(runnable(task), runnable(alias)))

    assert "Run the tests\npytest -k &quot;not slow&quot; after build\n" in text
    assert "\nruns test\n" in text
    assert "study 2 tasks\n" in text


@pytest.mark.parametrize(
    ("tasks", "words"),
    [
        ([runnable(Task(name="a", command="x"))], "run a"),
        (
            [
                runnable(Task(name="a", command="x"), runs_here=False),
                runnable(Task(name="b", command="x"), environment=None),
            ],
            "run -e default b",
        ),
        (
            [
                runnable(Task(name="a", command="x")),
                runnable(
                    Task(
                        name="b",
                        args=(
                            Argument(name="month"),
                            Argument(name="kind", choices=("one", "two")),
                            Argument(name="more", default="1"),
                        ),
                    )
                ),
            ],
            "run b MONTH one",
        ),
    ],
    ids=["plain", "ambiguous", "arguments"],
)
def test_the_example_could_be_run(tasks: list[RunnableTask], words: str) -> None:
    found = result(*tasks)

    assert f"Run one: %pixi {words}\n" in page(found)
    shown = plain(render("tasks", found, "%pixi").stdout)
    assert shown.endswith(f"\n\nRun one: %pixi {words}")


def test_columns_that_say_nothing_are_left_out() -> None:
    text = page(result(runnable(Task(name="a", command="x"))))
    elsewhere = page(result(runnable(Task(name="a", command="x"), runs_here=False)))

    assert "Arguments" not in text
    assert "Runs in" not in text
    assert "not here" in elsewhere


def test_a_hidden_task_is_not_shown() -> None:
    tasks = [runnable(Task(name=name, command="x")) for name in ("_secret", "open")]

    assert "_secret" not in page(result(*tasks))
    assert "study has no tasks" in page(result(tasks[0]))


def test_secrets_of_a_command_are_not_shown() -> None:
    task = Task(name="push", command="curl https://me:hunter2@nobody.example/x")
    found = result(runnable(task))

    assert "hunter2" not in page(found)
    assert "hunter2" not in str(found.to_json())
    assert "hunter2" not in plain(render("tasks", found).stdout)


def test_a_list_says_what_cannot_run_here() -> None:
    task = Task(name="a", command="x", description="Does a")
    environments = (
        EnvironmentTasks(environment="win", runs_here=False, tasks=(task,)),
    )
    found = TaskListResult(environments=environments)

    assert "Does a (cannot run here)" in page(found, "task_list")
    row = render("task_list", found).stdout[1]
    assert [span.style for span in row] == ["dim"]


def test_a_new_task_is_followed_by_how_it_is_run() -> None:
    edit = Edit(action="added", kind="task", name="go", value="ls")
    here = EditResult(edits=(edit,), manifest="pixi.toml")
    there = EditResult(edits=(edit,), manifest="pixi.toml", feature="docs")

    assert page(here, "task_add") == "✔ Added task go: ls\n%pixi run go\n"
    assert page(there, "task_add") == "✔ Added task go to feature docs: ls\n"
