"""What notebooks need, as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.commands.html import elements
from pixi_jupyter.commands.html.elements import bold, code, escape, quiet, tick
from pixi_jupyter.commands.plain import notebook_scan as plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from pixi_jupyter.verbs.notebook_scan import NotebookScanResult


def notebook_scan(result: NotebookScanResult, command: str) -> str:
    """Show what is proposed, what is unsure, and the manifest."""
    parts = [elements.paragraph(bold(plain.heading(result)))]
    rows = [
        [
            bold(row.name),
            escape(plain.spec_text(row)),
            escape(title),
            quiet(escape("; ".join(row.why))),
        ]
        for kind, title in plain.GROUPS
        for row in result.taken
        if row.kind == kind
    ]
    cut = elements.split(len(rows))
    parts.append(elements.table(["Package", "Version", "From", "Why"], rows[:cut]))
    if rows[cut:]:
        more = elements.table((), rows[cut:])
        parts.append(elements.details(f"and {len(rows) - cut} more", more))
    if result.doubts:
        doubts = [
            [
                bold(each.what),
                escape(each.why),
                code(each.hint.replace("{command}", command)) if each.hint else "",
            ]
            for each in result.doubts
        ]
        shown = elements.table(["Unsure", "Why", ""], doubts)
        parts.append(
            elements.details(
                f"{len(doubts)} unsure", shown, is_open=len(doubts) <= _FEW
            )
        )
    parts.append(
        elements.details(result.manifest.name, elements.preformatted(result.text))
    )
    done = tick() if result.written else ""
    parts.append(elements.paragraph(f"{done}{escape(plain.state(result))}"))
    if way := plain.next_words(result):
        parts.append(elements.paragraph(code(way.replace("{command}", command))))
    return elements.box(*parts)


_FEW = 12

RENDERERS: dict[str, Callable[[Any, str], str]] = {"notebook_scan": notebook_scan}
"""By the verb."""
