"""Tasks, as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.commands.html import elements
from pixi_jupyter.commands.html.elements import bold, code, escape, quiet
from pixi_jupyter.commands.plain import tasks as plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from pixi_jupyter.verbs.task_list import TaskListResult
    from pixi_jupyter.verbs.tasks import RunnableTask, TasksResult
    from pixi_jupyter.verbs.workspace_edit import EditResult


def edited(result: EditResult, command: str) -> str:
    """Say each thing that was done, and how a new task is run."""
    # elsewhere it depends on more whether it can be run
    is_here = result.feature is None and result.target is None
    added = [x.name for x in result.edits if x.action == "added" and is_here]
    return elements.box(
        *(elements.paragraph(elements.spans(x)) for x in plain.edit_lines(result)),
        *(elements.paragraph(code(f"{command} run {name}")) for name in added),
    )


def task_list(result: TaskListResult, command: str) -> str:
    """Give the names of tasks, with what each does."""
    listed = result.listed()
    if not listed:
        return _nothing(plain.NOTHING, command)
    if result.machine_readable:
        names = " ".join(each.name for each in listed)
        return elements.box(elements.preformatted(names))
    if result.summary:
        lines = plain.task_list(result).stdout
        return elements.box(*(elements.paragraph(elements.spans(x)) for x in lines))
    return elements.box(
        elements.table(
            ["Task", "Description"],
            [
                [
                    bold(each.name) if each.runs_here else quiet(escape(each.name)),
                    escape(each.description)
                    if each.runs_here
                    else quiet(escape(f"{each.description} (cannot run here)".strip())),
                ]
                for each in listed
            ],
        )
    )


def tasks(result: TasksResult, command: str) -> str:
    """Give what can be run: where, with which arguments, and its command."""
    shown = result.shown
    if not shown:
        return _nothing(f"{result.workspace} has no tasks", command)
    keys = plain.task_keys(result)
    words = quiet(escape(f"{len(shown)} task" + ("s" if len(shown) > 1 else "")))
    return elements.box(
        elements.paragraph(f"{bold(result.workspace)} {words}"),
        elements.table(
            [plain.TITLES[key].capitalize() for key in keys],
            [[_cell(key, each) for key in keys] for each in shown],
        ),
        elements.paragraph(f"Run one: {code(f'{command} {plain.run_words(shown)}')}"),
    )


def _cell(key: str, task: RunnableTask) -> str:
    if key == "name":
        name = task.task.name
        return bold(name) if task.runs_here else quiet(escape(name))
    if key == "arguments":
        return "<br>".join(_arguments(task))
    if key == "environment":
        return quiet(escape(plain.where(task)))
    command = plain.one_line(task.command or "")
    shown = code(command) if command else ""
    if task.before:
        after = quiet(escape(f"after {', '.join(task.before)}"))
        shown = f"{shown} {after}" if shown else quiet(escape(plain.what(task)))
    if not task.description:
        return shown
    return (
        f"{escape(task.description)}<br>{shown}" if shown else escape(task.description)
    )


def _arguments(task: RunnableTask) -> list[str]:
    """Name each argument, with what may be given for it."""
    found = []
    for each in task.task.args or ():
        *most, last = each.choices or ("",)
        told = f"{', '.join(most)} or {last}" if most else last
        if each.default is not None:
            default = f"default {each.default or 'empty'}"
            told = f"{told}, {default}" if told else default
        found.append(f"{escape(each.name)} {quiet(escape(told))}".strip())
    return found


def _nothing(text: str, command: str) -> str:
    way = plain.NO_TASK_HINT.replace("{command}", command)
    return elements.box(elements.paragraph(escape(text)), elements.paragraph(code(way)))


RENDERERS: dict[str, Callable[[Any, str], str]] = {
    "task_add": edited,
    "task_alias": edited,
    "task_list": task_list,
    "task_remove": edited,
    "tasks": tasks,
}
"""By the verb."""
