"""The last lines of what a task says, as HTML in pieces. Pure.

A piece never changes once the next one has begun, so that a page need only be sent
what is new.
"""

import html
import re
from collections import deque
from typing import Deque, Dict, List, Tuple

MOST_LINES = 10_000
"""How many lines are kept."""
MOST_CHARACTERS = 1_000_000
"""How much is kept where lines are long: a page gets no more than that at once."""
PIECE_LINES = 250
MOST_PIECES = MOST_LINES // PIECE_LINES
_LONGEST_LINE = 2000

_ESCAPE = re.compile(
    r"\x1b(?:\[([0-9;:?]*)[ -/]*([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)|.)"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_COLORS = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
_BOLD, _DIM, _USUAL_WEIGHT, _USUAL_COLOR, _EXTENDED = 1, 2, 22, 39, (38, 48)
_INDEXED = "5"

Style = Tuple[str, str]
"""Weight and colour, as they are called in classes; empty for the usual."""


class Log:
    """Collects what the programs of one run say."""

    def __init__(self) -> None:
        self.total = 0
        """How many lines there have been, also those that are gone."""
        self.lines: Deque[str] = deque()
        """The last of them, as HTML."""
        self._size = 0
        self._begun: Dict[str, str] = {}
        self._styles: Dict[str, Style] = {}

    def write(self, source: str, text: str) -> None:
        """Take what a source says; its last line may have more to come."""
        *whole, begun = (self._begun.get(source, "") + text).split("\n")
        # nobody would see more of it than its end
        self._begun[source] = begun[-_LONGEST_LINE:]
        self.total += max(0, len(whole) - MOST_LINES)
        for line in whole[-MOST_LINES:]:
            self._keep(self._to_html(source, line))

    def say(self, text: str, kind: str) -> None:
        """Add lines of our own: `quiet` or `bad`."""
        for source in [each for each, begun in self._begun.items() if begun]:
            self.write(source, "\n")
        for line in text.splitlines():
            shown = _CONTROL.sub("", line)[:_LONGEST_LINE]
            self._keep('<span class="pjk-%s">%s</span>' % (kind, html.escape(shown)))

    def finish(self) -> None:
        """End the lines that have no end."""
        for source in [each for each, begun in self._begun.items() if begun]:
            self.write(source, "\n")

    @property
    def pieces(self) -> range:
        """Numbers of the pieces that can be had; the last one may still grow."""
        end = -(-(self.total + len(self._open)) // PIECE_LINES)
        return range(self.gone // PIECE_LINES, end)

    @property
    def gone(self) -> int:
        """How many lines are kept no more; the first piece may miss some of them."""
        return self.total - len(self.lines)

    def piece(self, number: int) -> str:
        """Give one of the pieces as HTML."""
        first = number * PIECE_LINES - self.gone
        last = min(first + PIECE_LINES, len(self.lines))
        shown = [self.lines[index] for index in range(max(0, first), last)]
        if number == self.pieces[-1]:
            shown += self._open
        return "\n".join(shown)

    @property
    def _open(self) -> List[str]:
        return [
            _line_to_html(_shown(begun), self._styles.get(source, ("", "")))[0]
            for source, begun in self._begun.items()
            if begun
        ]

    def _to_html(self, source: str, line: str) -> str:
        style = self._styles.get(source, ("", ""))
        text, self._styles[source] = _line_to_html(_shown(line), style)
        return text

    def _keep(self, line: str) -> None:
        self.total += 1
        self.lines.append(line)
        self._size += len(line)
        while len(self.lines) > MOST_LINES or self._size > MOST_CHARACTERS:
            self._size -= len(self.lines.popleft())


def _shown(line: str) -> str:
    """Give what a terminal would show in the end of a line that is overwritten."""
    if "\r" in line:
        line = next((part for part in reversed(line.split("\r")) if part), "")
    if len(line) > _LONGEST_LINE:
        line = line[: _LONGEST_LINE - 1] + "…"
    return line


def _line_to_html(line: str, style: Style) -> Tuple[str, Style]:
    """Turn colours into classes, and drop what else a terminal would obey."""
    if "\x1b" not in line:
        return _styled(line, style), style
    parts, end = [], 0
    for found in _ESCAPE.finditer(line):
        parts.append(_styled(line[end : found.start()], style))
        end = found.end()
        if found[2] == "m":
            style = _turned(style, found[1])
    parts.append(_styled(line[end:], style))
    return "".join(parts), style


def _styled(text: str, style: Style) -> str:
    if not text:
        return ""
    escaped = html.escape(_CONTROL.sub("", text), quote=False)
    names = " ".join("pjk-" + name for name in style if name)
    return '<span class="%s">%s</span>' % (names, escaped) if names else escaped


def _turned(style: Style, written: str) -> Style:
    weight, color = style
    numbers = iter(re.split("[;:]", written))
    for word in numbers:
        number = int(word) if word.isdigit() else 0
        if number in _EXTENDED:  # colours of no theme
            for _ in range(1 if next(numbers, "") == _INDEXED else 3):
                next(numbers, "")
        elif number == 0:
            weight, color = "", ""
        elif number in (_BOLD, _DIM):
            weight = "bold" if number == _BOLD else "dim"
        elif number == _USUAL_WEIGHT:
            weight = ""
        elif number == _USUAL_COLOR:
            color = ""
        elif number // 10 in (3, 9) and number % 10 < len(_COLORS):
            color = _COLORS[number % 10]
    return weight, color
