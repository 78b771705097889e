"""What went wrong, as HTML: the sentence, the evidence in grey, what to do next."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pixi_jupyter.commands.html import elements

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pixi_jupyter.errors import PixiJupyterError

_CONFLICTS = frozenset(("unsatisfiable", "overlay"))
"""Errors whose details are our words, an empty line, and the solver's."""
_MOST_LINES = 12
_PASTED = re.compile(
    r"(?:\{command\}|%?pixi|pixi-jupyter|jupyter|python|bash)(?=\s)"
    r"|[A-Z_]+=|[\w.-]+ = "
)


def error_html(
    error: PixiJupyterError | Mapping[str, Any], command: str = "%pixi"
) -> str:
    """Give an error as HTML.

    Parameters
    ----------
    error
        Itself, or the form in which an engine sends it.
    command
        The word that starts a command in the face that shows it.
    """
    data = error if isinstance(error, Mapping) else error.to_wire()
    code, lines = str(data.get("code", "")), _strings(data.get("details"))
    hints = [_hint(text, command) for text in _strings(data.get("hints"))]
    is_cancelled = code == "cancelled"
    return elements.box(
        elements.paragraph(elements.bold(data.get("message", ""))),
        _evidence(lines, is_conflict=code in _CONFLICTS),
        *hints,
        color="currentColor" if is_cancelled else elements.COLORS["red"],
    )


def _strings(value: object) -> list[str]:
    return list(map(str, value)) if isinstance(value, list | tuple) else []


def _evidence(lines: Sequence[str], *, is_conflict: bool) -> str:
    if not lines:
        return ""
    if is_conflict and "" in lines:
        cut = lines.index("")
        ours, report = lines[:cut], lines[cut + 1 :]
        told = elements.preformatted("\n".join(ours))
        return told + elements.details(
            "The solver's full answer",
            _grey(report),
            is_open=len(report) <= _MOST_LINES,
        )
    if len(lines) > 2 * _MOST_LINES:
        rest = lines[_MOST_LINES:]
        return _grey(lines[:_MOST_LINES]) + elements.details(
            f"{len(rest)} more lines", _grey(rest)
        )
    return _grey(lines)


def _grey(lines: Sequence[str]) -> str:
    return elements.preformatted("\n".join(lines), style=elements.QUIET)


def _hint(text: str, command: str) -> str:
    """Give what can be pasted as code, and what is said of it behind."""
    what, _, why = text.partition("   ")
    shown = what.replace("{command}", command)
    if not why and not _PASTED.match(what):
        return elements.paragraph(elements.escape(shown[:1].upper() + shown[1:]))
    told = f" {elements.quiet(f'({elements.escape(why.strip())})')}" if why else ""
    return elements.paragraph(elements.code(shown) + told)
