"""Lines of text with styles that may be lost, tables, and amounts in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text in one style."""

    text: str
    style: str = ""
    """bold, dim, green, yellow, red, cyan, or empty."""


Line: TypeAlias = tuple[Span, ...]
"""A line of text; its style is lost without harm."""


def line(*parts: str | Span) -> Line:
    """Make a line of plain texts and spans."""
    return tuple(part if isinstance(part, Span) else Span(part) for part in parts)


def plain(lines: Iterable[Line]) -> str:
    """Give lines as text without any style."""
    return "\n".join("".join(span.text for span in each).rstrip() for each in lines)


def table(
    rows: Sequence[Sequence[str]],
    *,
    right: Iterable[int] = (),
    bold: Callable[[int], bool] | None = None,
    header: bool = False,
) -> list[Line]:
    """Align rows into columns two blanks apart.

    Parameters
    ----------
    right
        Columns that are aligned to the right.
    bold
        Tells for a row whether its first cell is bold.
    header
        Whether the first row is a heading.
    """
    if not rows:
        return []
    right = set(right)
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for number, row in enumerate(rows):
        cells = [
            text.rjust(width) if i in right else text.ljust(width)
            for i, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        if header and number == 0:
            lines.append(line(Span("  ".join(cells).rstrip(), "dim")))
            continue
        style = "bold" if bold and bold(number) else ""
        lines.append(line(Span(cells[0], style), "  " + "  ".join(cells[1:]).rstrip()))
    return lines


def size(count: int | None) -> str:
    """Give bytes in decimal units, as `17 kB` and `9.4 MB`."""
    if count is None:
        return ""
    value = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000 or unit == "GB":  # noqa: PLR2004  decimal units
            return (
                f"{value:.0f} {unit}" if unit in ("B", "kB") else f"{value:.1f} {unit}"
            )
        value /= 1000
    return ""


def seconds(value: float) -> str:
    """Give a time as `1.8 s`."""
    return f"{value:.1f} s" if value >= 0.1 else f"{value:.2f} s"  # noqa: PLR2004  else it would be nothing


def count(number: int, noun: str) -> str:
    """Give a number with its noun, as `3 environments`."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a face shows of a result."""

    stdout: tuple[Line, ...] = ()
    stderr: tuple[Line, ...] = ()
    beside_json: bool = False
    """Whether `stderr` is shown also where the result is printed as JSON."""
    hint: str = ""
    """What to do next; ``{command}`` stands for the face's own word."""
    closing: str = ""
    """The same as the last line of `stdout`, for a result that is one text."""
