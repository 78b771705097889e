"""The few elements that all outputs are made of; every text is escaped here.

Cells carry their styles themselves: JupyterLab aligns the cells of tables to the
right and gives rows a background.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pixi_jupyter.commands.text import Line

QUIET = "opacity:.75"
BORDER = "1px solid var(--jp-border-color2,#8884)"
COLORS = {
    "green": "var(--jp-success-color1,#388e3c)",
    "yellow": "var(--jp-warn-color0,#e65100)",
    "red": "var(--jp-error-color1,#d32f2f)",
    "cyan": "var(--jp-brand-color1,#1976d2)",
}
_LEFT = "text-align:left;padding:.2em 1.2em .2em 0"
_RIGHT = "text-align:right;padding:.2em 1.2em .2em 0"
_MOST_ROWS = 24
_NOT_PRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of what follows."""


def escape(text: object) -> str:
    """Make any text safe, in an element and in a quoted attribute."""
    return html.escape(_NOT_PRINTABLE.sub("\ufffd", str(text)))


def quiet(markup: str) -> str:
    """Make markup less loud than the rest, in every theme."""
    return f'<span style="{QUIET}">{markup}</span>' if markup else ""


def bold(text: object) -> str:
    """Give a text in bold."""
    return f"<b>{escape(text)}</b>"


def code(text: object) -> str:
    """Give something that can be pasted."""
    return f"<code>{escape(text)}</code>"


def mark(sign: str, color: str) -> str:
    """Give a sign in a colour, which says no more than the sign does."""
    if color not in COLORS:
        return quiet(escape(sign))
    return f'<b style="color:{COLORS[color]}">{escape(sign)}</b>'


def tick() -> str:
    """Give the sign before what was done."""
    return mark("\u2714", "green") + " "


def spans(line: Line) -> str:
    """Give a line of text with its styles."""
    found = []
    for span in line:
        text = escape(span.text)
        if span.style == "bold":
            found.append(f"<b>{text}</b>")
        elif span.style == "dim":
            found.append(quiet(text))
        elif span.style:
            found.append(f'<span style="color:{COLORS[span.style]}">{text}</span>')
        else:
            found.append(text)
    return "".join(found)


def paragraph(markup: str, *, style: str = "") -> str:
    """Give a sentence on a line of its own."""
    return f'<p style="margin:.3em 0{";" + style if style else ""}">{markup}</p>'


def footer(parts: Iterable[str]) -> str:
    """Give measures on one line."""
    text = " \u00b7 ".join(part for part in parts if part)
    return paragraph(text, style=QUIET) if text else ""


def box(*markup: str, color: str = "") -> str:
    """Put everything together; with an edge where it is an error or a note."""
    edge = f"border-left:3px solid {color};padding:.1em 0 .1em .8em;" if color else ""
    return (
        f'<div style="{edge}overflow-x:auto;font-variant-numeric:tabular-nums">'
        f"{''.join(markup)}</div>"
    )


def note(text: str) -> str:
    """Give something else worth knowing."""
    return paragraph(f"{mark('note:', 'cyan')} {escape(text)}")


def table(
    head: Sequence[str], rows: Sequence[Sequence[str]], *, right: Iterable[int] = ()
) -> str:
    """Give rows of markup as a table.

    Parameters
    ----------
    head
        Titles as plain text; empty for a table without.
    right
        Columns that are aligned to the right.
    """
    if not rows:
        return ""
    columns = set(right)

    def cell(number: int, markup: str, tag: str = "td", style: str = "") -> str:
        where = ' align="right"' if number in columns else ""
        side = _RIGHT if number in columns else _LEFT
        return f'<{tag}{where} style="{side}{style}">{markup}</{tag}>'

    parts = ['<table style="margin:.3em 0;border-collapse:collapse">']
    if head:
        loud = f";font-weight:normal;{QUIET}"
        titles = "".join(
            cell(i, escape(title), "th", loud) for i, title in enumerate(head)
        )
        parts.append(f"<thead><tr>{titles}</tr></thead>")
    parts.append("<tbody>")
    for row in rows:
        cells = "".join(cell(i, markup) for i, markup in enumerate(row))
        parts.append(f'<tr style="background:none;border-top:{BORDER}">{cells}</tr>')
    return "".join((*parts, "</tbody></table>"))


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """Give names and values."""
    return table((), [(quiet(escape(key)), escape(value)) for key, value in rows])


def columns(rows: Sequence[Sequence[str]], *, right: Iterable[int] = ()) -> str:
    """Give many rows of plain text, a tenth of the size of a table."""
    from pixi_jupyter.commands import text

    return preformatted(text.plain(text.table(rows, right=right)), wraps=False)


def preformatted(text: str, *, style: str = "", wraps: bool = True) -> str:
    """Give text whose blanks matter; what does not wrap scrolls sideways."""
    more = f"{style};" if style else ""
    return (
        f'<pre style="{more}margin:.3em 0;padding:0;background:none;color:inherit;'
        f'white-space:pre{"-wrap" if wraps else ";overflow-x:auto"}">'
        f"{escape(text)}</pre>"
    )


def details(summary: str, *markup: str, is_open: bool = False) -> str:
    """Fold something away."""
    state = " open" if is_open else ""
    return (
        f'<details{state} style="margin:.3em 0">'
        f'<summary style="cursor:pointer;{QUIET}">{escape(summary)}</summary>'
        f"{''.join(markup)}</details>"
    )


def split(count: int) -> int:
    """Tell how many of so many rows go into a table; the rest is for `columns`."""
    return count if count <= _MOST_ROWS + 1 else _MOST_ROWS
