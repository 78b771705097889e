"""What notebooks need, as text."""

from __future__ import annotations

import shlex
import textwrap
from typing import TYPE_CHECKING

from pixi_jupyter.commands.text import Rendered, Span, count, line, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pixi_jupyter.commands.text import Line
    from pixi_jupyter.notebook.scan_rows import Proposed
    from pixi_jupyter.verbs.notebook_scan import NotebookScanResult

_WIDTH = 80
_LONGEST_SPEC = 20
_LONGEST_NAME = 32
GROUPS = (("conda", "conda"), ("pypi", "PyPI"))


def notebook_scan(result: NotebookScanResult) -> Rendered:
    """Show what is proposed, then what is unsure, then what to do."""
    lines: list[Line] = [line(Span(heading(result), "bold"))]
    for kind, title in GROUPS:
        if rows := [each for each in result.taken if each.kind == kind]:
            lines += [(), line(Span(title, "dim")), *_rows(rows, result)]
    if result.doubts:
        lines += [(), line(Span("unsure", "yellow")), *_doubts(result)]
    if not result.taken:
        lines += [(), line("No package was found")]
    lines += [(), line(state(result))]
    return Rendered(stdout=tuple(lines), hint=next_words(result))


def heading(result: NotebookScanResult) -> str:
    """Say what was read, and how much came of it."""
    scans = result.scans
    what = count(len(scans), "notebook")
    if len(scans) == 1:
        what = f"The notebook has {count(scans[0].cells, 'code cell')}"
    amount = count(len(result.taken), "package")
    unsure = f", {len(result.doubts)} unsure" if result.doubts else ""
    return f"{what}: {amount}{unsure}"


def spec_text(row: Proposed) -> str:
    """Give a version, or a table on one line."""
    value = row.value
    if not isinstance(value, dict):
        return str(value)
    parts = []
    for key, each in value.items():
        if key == "extras":
            parts.append(f"[{','.join(each)}]")
        elif key != "version":
            parts.append(f"{key} {each}")
        elif each != "*":
            parts.append(str(each))
    return " ".join(parts)


def why_text(row: Proposed) -> str:
    """Say what asks for a package, on one line."""
    more = len(row.why) - 1
    first = row.why[0] if row.why else ""
    return f"{first}, and {more} more" if more else first


def state(result: NotebookScanResult) -> str:
    """Say what was written, or would be."""
    present = sum(1 for each in result.taken if each.name in result.present)
    amount = len(result.taken) - present
    there = f", {present} are there already" if present else ""
    if not result.is_new and not amount:
        return f"{result.manifest} asks for all of it already"
    new = "new, " if result.is_new else ""
    if result.written:
        return f"Wrote {result.manifest} ({new}{count(amount, 'package')}{there})"
    return (
        f"Nothing was written. For {result.manifest}: {count(amount, 'package')}{there}"
    )


def next_words(result: NotebookScanResult) -> str:
    """Give the command that comes next; empty where nothing is to do."""
    if result.written:
        return "{command} install"
    if not result.taken or len(result.present) == len(result.taken):
        return ""
    names = [shlex.quote(each) for each in result.files]
    return f"{{command}} notebook scan --write {' '.join(names)}"


def _rows(rows: list[Proposed], result: NotebookScanResult) -> list[Line]:
    cells = [
        [
            f"  {_cut(row.name, _LONGEST_NAME)}",
            _cut(spec_text(row), _LONGEST_SPEC),
            f"{'(there) ' if row.name in result.present else ''}{why_text(row)}",
        ]
        for row in rows
    ]
    before = max(len(row[0]) for row in cells) + max(len(row[1]) for row in cells) + 4
    for row in cells:
        row[2] = _cut(row[2], max(20, _WIDTH - before))
    return table(cells, bold=lambda _: True)


def _doubts(result: NotebookScanResult) -> Iterator[Line]:
    for each in result.doubts:
        first, *rest = textwrap.wrap(
            f"{each.what}: {each.why}",
            _WIDTH - 2,
            break_on_hyphens=False,
            subsequent_indent="  ",
        ) or [""]
        yield line(f"  {first}")
        yield from (line(f"  {text}") for text in rest)


def _cut(text: str, width: int) -> str:
    text = "".join(x if x.isprintable() else "\ufffd" for x in text)
    return text if len(text) <= width else f"{text[: width - 1]}…"
