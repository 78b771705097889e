"""What came of running notebooks, as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.commands.html import elements
from pixi_jupyter.commands.html.elements import bold, code, escape, quiet
from pixi_jupyter.commands.plain import notebook_verify as plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from pixi_jupyter.notebook.verify import CellCheck, NotebookCheck
    from pixi_jupyter.verbs.notebook_verify import NotebookVerifyResult


def notebook_verify(result: NotebookVerifyResult, command: str) -> str:
    """Give a row for each notebook, and below what is not as it should be."""
    del command
    parts = [
        elements.table(
            [each.capitalize() for each in plain.TITLES],
            [_row(each) for each in result.checks],
            right=plain.NUMBERS,
        ),
        elements.paragraph(escape(plain.summary(result))),
    ]
    if words := plain.origin_words(result):
        parts.append(elements.paragraph(quiet(escape(words))))
    for each in result.checks:
        if told := _told(each):
            parts += [elements.paragraph(bold(each.notebook)), *told]
    if result.junit:
        parts.append(elements.paragraph(f"Report: {code(result.junit)}"))
    return elements.box(*parts)


def _row(check: NotebookCheck) -> list[str]:
    name, environment, status, *numbers = plain.cells_of(check)
    sign = elements.mark(plain.SIGNS[check.status], plain.COLORS[check.status])
    return [
        bold(name),
        quiet(escape(environment)),
        f"{sign} {escape(status)}",
        *map(escape, numbers),
    ]


def _told(check: NotebookCheck) -> list[str]:
    found = []
    if check.reason:
        found.append(elements.paragraph(escape(check.reason)))
        if check.details:
            found.append(elements.preformatted("\n".join(check.details)))
    found += [part for cell in check.odd for part in _cell(cell)]
    if check.provenance is not None:
        found += [elements.paragraph(escape(x)) for x in check.provenance.sentences]
    return found


def _cell(cell: CellCheck) -> list[str]:
    words = f"{escape(plain.cell_words(cell))}<br>{code(cell.source)}"
    found = [elements.paragraph(words)]
    if cell.differences:
        rows = [
            [
                quiet(escape(each["key"])),
                elements.preformatted(each["shown"]),
                elements.preformatted(each["made"]),
            ]
            for each in cell.differences
        ]
        table = elements.table(["", "In the notebook", "Now"], rows)
        found.append(elements.details("What differs", table))
    return found


RENDERERS: dict[str, Callable[[Any, str], str]] = {"notebook_verify": notebook_verify}
"""By the verb."""
