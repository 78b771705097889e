"""Tasks, as text: what was done to them, which there are, what can be run."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from pixi_jupyter.commands.text import Rendered, Span, line, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pixi_jupyter.commands.text import Line
    from pixi_jupyter.verbs.task_list import TaskListResult
    from pixi_jupyter.verbs.tasks import RunnableTask, TasksResult
    from pixi_jupyter.verbs.workspace_edit import Edit, EditResult

NOTHING = "No tasks found"
NO_TASK_HINT = "{command} task add NAME COMMAND"
_SAID = {"added": ("Added", "to"), "removed": ("Removed", "from")}
_WIDTH = 80
_NARROWEST = 24
_LONGEST = 200
"""Characters of a command that stands in for a description."""


def edited(result: EditResult) -> Rendered:
    """Show what was done to tasks, as pixi does: one line for each."""
    return Rendered(stderr=tuple(edit_lines(result)))


def edit_lines(result: EditResult) -> list[Line]:
    """Say each thing that was done."""
    return [_edit_line(each, result) for each in result.edits]


def _edit_line(edit: Edit, result: EditResult) -> Line:
    said, word = _SAID[edit.action]
    where = f" {word} feature {result.feature}" if result.feature else ""
    if result.environment:
        where = f" {word} environment {result.environment}"
    if result.target:
        where += f" for {result.target}"
    return line(
        Span("✔ ", "green"),
        f"{said} {edit.kind} ",
        Span(edit.name, "bold"),
        f"{where}: {one_line(edit.value)}" if edit.value else where,
    )


def task_list(result: TaskListResult) -> Rendered:
    """Show the names of tasks, with what each does."""
    listed = result.listed()
    if not listed:
        return Rendered(stderr=(line(NOTHING),), hint=NO_TASK_HINT)
    if result.machine_readable:
        return Rendered(stdout=(line(" ".join(each.name for each in listed)),))
    if result.summary:
        return Rendered(stdout=tuple(_summary(result)))
    rows = [("Task", "Description")]
    rows += [(each.name, each.description) for each in listed]
    lines = table(rows, header=True)
    for number, each in enumerate(listed, start=1):
        if not each.runs_here:
            lines[number] = line(Span(_text(lines[number]), "dim"))
    return Rendered(stdout=tuple(lines))


def _summary(result: TaskListResult) -> Iterable[Line]:
    for each in result.environments:
        names = [task.name for task in each.tasks if not task.is_hidden]
        here = "" if each.runs_here else " (cannot run here)"
        yield line(
            Span(each.environment, "bold"),
            Span(here, "dim"),
            f": {', '.join(names) or 'none'}",
        )


def tasks(result: TasksResult) -> Rendered:
    """Show what can be run: where, and with which arguments."""
    shown = result.shown
    if not shown:
        nothing = line(f"{result.workspace} has no tasks")
        return Rendered(stderr=(nothing,), hint=NO_TASK_HINT)
    keys = task_keys(result)
    rows = [[TITLES[key] for key in keys]]
    rows += [[cell(key, each) for key in keys] for each in shown]
    heading = line(Span(f"Tasks of {result.workspace}", "bold"))
    return Rendered(
        stdout=(heading, (), *_table(rows), ()),
        closing=f"Run one: {{command}} {run_words(shown)}",
    )


TITLES = {
    "name": "task",
    "arguments": "arguments",
    "environment": "runs in",
    "what": "what it does",
}
"""Of the columns, by key."""


def task_keys(result: TasksResult) -> list[str]:
    """Give the columns that say something."""
    shown = result.shown
    places = {where(each) for each in shown}
    keys = ["name"]
    keys += ["arguments"] if any(each.task.args for each in shown) else []
    keys += ["environment"] if places != {"default"} else []
    return [*keys, "what"]


def cell(key: str, task: RunnableTask) -> str:
    """Give one fact about a task as text."""
    if key == "name":
        return task.task.name
    if key == "arguments":
        return arguments(task)
    return where(task) if key == "environment" else what(task)


def arguments(task: RunnableTask) -> str:
    """Give the names of arguments; those that may be left out in brackets."""
    return " ".join(
        each.name if each.default is None else f"[{each.name}]"
        for each in task.task.args or ()
    )


def where(task: RunnableTask) -> str:
    """Say which environment would run a task."""
    if not task.runs_here:
        return "not here"
    return task.environment or " or ".join(task.environments)


def what(task: RunnableTask) -> str:
    """Say what a task does: in its own words, else by its command."""
    if task.description:
        return task.description
    command = one_line(task.command or "")
    return command or f"runs {', '.join(task.before) or 'nothing'}"


def one_line(text: str) -> str:
    """Give a text on one line that is not too long."""
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def run_words(shown: Sequence[RunnableTask]) -> str:
    """Give the words that run one of the tasks, as an example."""
    able = [each for each in shown if each.runs_here] or list(shown)
    task = next((each for each in able if each.task.args), able[0])
    words = ["run"]
    if task.environment is None and task.runs_here:
        words += ["-e", task.environments[0]]
    words.append(task.task.name)
    for each in task.task.args or ():
        if each.default is None:
            words.append(each.choices[0] if each.choices else each.name.upper())
    return " ".join(words)


def _table(rows: Sequence[Sequence[str]]) -> list[Line]:
    """Align rows; what does not fit into the last column goes on below."""
    before = [list(row[:-1]) for row in rows]
    indent = sum(max(len(row[i]) for row in before) + 2 for i in range(len(before[0])))
    width = max(_NARROWEST, _WIDTH - indent)
    laid: list[list[str]] = []
    firsts: set[int] = set()
    for row in rows:
        pieces = textwrap.wrap(row[-1], width, break_on_hyphens=False) or [""]
        firsts.add(len(laid))
        laid.append([*row[:-1], pieces[0]])
        laid += [[*[""] * (len(row) - 1), piece] for piece in pieces[1:]]
    return table(laid, bold=lambda number: number in firsts, header=True)


def _text(parts: Line) -> str:
    return "".join(span.text for span in parts)
