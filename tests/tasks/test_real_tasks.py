"""Tasks of real workspaces (data beside the repository; skipped where it is absent)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.task_texts import context

from pixi_jupyter.errors import ShellArgumentError
from pixi_jupyter.tasks.models import Node, Task
from pixi_jupyter.tasks.read import read_task
from pixi_jupyter.tasks.shape import shape_of
from pixi_jupyter.tasks.shell_text import exports_of, script_of
from pixi_jupyter.tasks.structure import twin_of

CORPUS = (
    Path(__file__).parents[3] / "shared" / "data" / "tasks" / "real_tasks_corpus.json"
)

pytestmark = pytest.mark.skipif(not CORPUS.is_file(), reason="the data is not here")


def tasks() -> list[Task]:
    rows = json.loads(CORPUS.read_text(encoding="utf-8"))
    return [read_task(row["name"], row["task"]) for row in rows]


def filled(task: Task, value: str) -> Node:
    arguments = {
        each.name: value if each.choices is None else each.choices[0]
        for each in task.args or ()
    }
    return Node(
        number=0,
        task=task,
        name=task.name,
        environment="default",
        arguments=arguments,
        twins={name: twin_of(each) for name, each in arguments.items()},
    )


def test_every_real_task_becomes_a_text_that_the_shell_takes_apart() -> None:
    found = tasks()

    texts = {
        task.name: script_of(filled(task, "value"), context(filled(task, "value")))
        for task in found
    }

    assert len(found) > 1000
    broken = {name for name, text in texts.items() if not shape_of(text).is_whole}
    assert not broken
    assert all(shape_of(text).commands for text in texts.values() if text)


@pytest.mark.parametrize("value", ["tests/a_b-1.2.py", "3.11", "", "ü", "a/b:c@d,e+f"])
def test_usual_values_are_never_refused_in_real_tasks(value: str) -> None:
    seen: list[str] = []
    for task in tasks():
        node = filled(task, value)
        seen.append(exports_of(node, context(node)) + script_of(node, context(node)))

    assert sum(value in text for text in seen) >= 30


def test_hostile_values_stay_inside_of_their_word_in_real_tasks() -> None:
    with_args = [task for task in tasks() if task.args and "{{" in f"{task.command}"]

    for task in with_args:
        node = filled(task, "x; evil")
        try:
            made = script_of(node, context(node))
        except ShellArgumentError:
            continue
        shape = shape_of(made)
        assert all(not made[start:].startswith("evil") for start in shape.commands)
