"""What came of running notebooks, as text."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from pixi_jupyter.commands.text import Line, Rendered, Span, count, line, seconds, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pixi_jupyter.notebook.verify import CellCheck, NotebookCheck
    from pixi_jupyter.verbs.notebook_verify import NotebookVerifyResult

TITLES = ("notebook", "environment", "status", "cells", "time")
NUMBERS = (3, 4)
"""Columns that are aligned to the right."""
COLORS = {"ok": "green", "differs": "yellow", "fails": "red"}
SIGNS = {"ok": "✔", "differs": "~", "fails": "✗"}
_WIDTH = 80
_LONGEST_ENVIRONMENT = 24
_FEW_LINES = 4
"""Of an output, shown for each side of a difference."""
_FEW_CELLS = 8
_FEW_NAMED = 2


def notebook_verify(result: NotebookVerifyResult) -> Rendered:
    """Show a row for each notebook, and below what is not as it should be."""
    lines = _table(result)
    for each in result.checks:
        if told := list(_notebook(each)):
            lines += [(), line(Span(str(each.notebook), "bold")), *told]
    lines += [(), line(summary(result))]
    if words := origin_words(result):
        lines.append(line(Span(words, "dim")))
    stderr = (line(f"Report: {result.junit}"),) if result.junit else ()
    hints = [hint for each in result.checks for hint in each.hints]
    return Rendered(stdout=tuple(lines), stderr=stderr, hint=hints[0] if hints else "")


def cells_of(check: NotebookCheck) -> list[str]:
    """Give the cells of its row as text."""
    return [
        str(check.notebook),
        check.environment or "none",
        check.status,
        str(check.cells),
        seconds(check.seconds) if check.cells else "",
    ]


def summary(result: NotebookVerifyResult) -> str:
    """Say how it went, in one line."""
    total = len(result.checks)
    bad = [each for each in result.checks if each.status != "ok"]
    if not bad:
        return f"{count(total, 'notebook')}, all ok"
    parts = [
        f"{number} {word}"
        for word in ("differs", "fails")
        if (number := sum(1 for each in bad if each.status == word))
    ]
    return f"{count(total, 'notebook')}, {total - len(bad)} ok, {', '.join(parts)}"


def origin_words(result: NotebookVerifyResult) -> str:
    """Say of which notebooks the lock was not their own."""
    names = [x.notebook.name for x in result.checks if x.origin == "workspace"]
    if not names:
        return ""
    if len(names) == 1:
        (name,) = names
        return _cut(
            f"{name} carries no lock, it ran from that of its workspace", _WIDTH
        )
    who = ", ".join(names) if len(names) <= _FEW_NAMED else f"{len(names)} notebooks"
    return _cut(f"{who} carry no lock, they ran from that of their workspace", _WIDTH)


def cell_words(cell: CellCheck) -> str:
    """Name a cell, and say what is the matter."""
    prompt = f" [{cell.execution_count}]" if cell.execution_count is not None else ""
    return f"cell {cell.place + 1}{prompt} {cell.status}: {cell.reason}"


def _table(result: NotebookVerifyResult) -> list[Line]:
    rows = [cells_of(each) for each in result.checks]
    for row in rows:
        row[1] = _cut(row[1], _LONGEST_ENVIRONMENT)
    widths = [
        max(len(row[i]) for row in [list(TITLES), *rows]) + 2
        for i in range(1, len(TITLES))
    ]
    for row in rows:
        # the end of a path says more than its beginning
        row[0] = _cut_left(row[0], max(12, _WIDTH - sum(widths) - 2))
    found = table([list(TITLES), *rows], right=NUMBERS, header=True)
    lines = [line("  ", *found[0])]
    for check, shown in zip(result.checks, found[1:], strict=True):
        mark = Span(f"{SIGNS[check.status]} ", COLORS[check.status])
        lines.append(line(mark, *shown))
    return lines


def _notebook(check: NotebookCheck) -> Iterator[Line]:
    if check.reason:
        yield from _wrapped(check.reason, "  ", "")
        for each in check.details:
            yield from _wrapped(each, "    ", "dim")
    for cell in check.odd[:_FEW_CELLS]:
        yield from _cell(cell)
    if (more := len(check.odd) - _FEW_CELLS) > 0:
        yield line(Span(f"  and {count(more, 'more cell')}", "dim"))
    if check.provenance is not None:
        for each in check.provenance.sentences:
            yield from _wrapped(each, "  ", "")


def _wrapped(text: str, indent: str, style: str) -> Iterator[Line]:
    width = _WIDTH - len(indent)
    pieces = textwrap.wrap(text, width, break_on_hyphens=False) or [""]
    yield from (line(Span(f"{indent}{each}", style)) for each in pieces)


def _cell(cell: CellCheck) -> Iterator[Line]:
    yield line(f"  {_cut(cell_words(cell).splitlines()[0], _WIDTH - 2)}")
    yield line(Span(f"    {_cut(cell.source, _WIDTH - 4)}", "dim"))
    for each in cell.differences[:_FEW_LINES]:
        yield from _side("-", "red", each["shown"])
        yield from _side("+", "green", each["made"])


def _side(sign: str, color: str, text: str) -> Iterator[Line]:
    lines = text.splitlines() or ["(nothing)"]
    for each in lines[:_FEW_LINES]:
        shown = "".join(x if x.isprintable() else "\ufffd" for x in each.expandtabs())
        yield line(Span(f"    {sign} ", color), _cut(shown, _WIDTH - 6))
    if len(lines) > _FEW_LINES:
        more = count(len(lines) - _FEW_LINES, "more line")
        yield line(Span(f"    {sign} and {more}", "dim"))


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _cut_left(text: str, width: int) -> str:
    return text if len(text) <= width else f"…{text[len(text) - width + 1 :]}"
