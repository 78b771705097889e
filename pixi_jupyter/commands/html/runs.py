"""What became of tasks, as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.commands.html import elements
from pixi_jupyter.commands.html.elements import bold, code, escape, mark, quiet
from pixi_jupyter.commands.plain.runs import state_text

if TYPE_CHECKING:
    from pixi_jupyter.tasks.run import NodeResult
    from pixi_jupyter.verbs.run_tasks import TaskRunResult

_MARKS = {"succeeded": ("✓", "green"), "failed": ("✗", "red")}


def run(result: TaskRunResult, command: str) -> str:
    """Give a row for each task, and where its whole output is."""
    parts = [elements.table((), [_row(each, result) for each in result.results])]
    if result.is_dry:
        parts.insert(0, elements.paragraph("Nothing is run; this would be:"))
    if result.available:
        tasks = ", ".join(code(f"{command} run {name}") for name in result.available)
        parts.append(elements.paragraph(f"Tasks that can be run: {tasks}"))
    if result.log is not None:
        parts.append(elements.footer([escape(f"All output: {result.log}")]))
    return elements.box(*parts)


def _row(each: NodeResult, result: TaskRunResult) -> list[str]:
    sign, color = _MARKS.get(each.state, ("·", ""))
    state = "" if result.is_dry else state_text(each.to_json())
    name = f"{mark(sign, color)} {bold(each.node.name)}"
    where = quiet(escape(each.place or ""))
    return [name, where, escape(state), code(each.command) if each.command else ""]
