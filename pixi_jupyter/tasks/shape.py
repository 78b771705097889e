"""How the task shell takes a text apart: what every character of it is.

Rules: deno_task_shell 0.33, as deno 2.9.8 runs it (seen 2026-11). Two things that
no other shell does matter here: what follows the file of a redirection, or the end
of a subshell, is a command of its own; and a backslash escapes some characters
only, itself not among them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

_ESCAPED = frozenset(' ~$`"()')
"""What a backslash outside of quotes escapes."""
_ESCAPED_ONCE = frozenset(";&|<>")
"""What it escapes where it is not behind another backslash."""
_ESCAPED_IN_QUOTES = frozenset("`\"$()~'")
_OPERATORS = frozenset(";&|<>()")


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word of a simple command."""

    start: int
    end: int
    is_command: bool
    """Whether it is what runs."""
    is_target: bool
    """Whether it is the file of a redirection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What the characters of a text are to the shell."""

    states: str
    r"""A letter for each character: blank `` ``, word ``w``, assignment ``a``,
    single quoted ``s``, double quoted ``d``, the quotes themselves ``q``, escape
    ``e``, variable ``v``, operator ``o``, number of a redirection ``n``, ``#``."""
    words: tuple[Word, ...]
    is_whole: bool
    """Whether all quotes and substitutions are closed."""

    @property
    def commands(self) -> tuple[int, ...]:
        """Where the words begin that run."""
        return tuple(word.start for word in self.words if word.is_command)

    @property
    def redirections(self) -> int:
        """How many files are redirected to or from."""
        return sum(word.is_target for word in self.words)


def shape_of(text: str) -> Shape:
    """Take a text apart.

    Notes
    -----
    Never fails: what the shell refuses is taken for what it looks like.
    """
    reader = _Reader(text)
    reader.read_commands(0, "")
    return Shape(
        states="".join(reader.states),
        words=tuple(sorted(reader.words, key=lambda word: word.start)),
        is_whole=reader.is_whole,
    )


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.states = ["?"] * len(text)
        self.words: list[Word] = []
        self.is_whole = True
        self.depth = 0

    def read_commands(self, at: int, end: str) -> int:
        """Read until the character `end`, which belongs to the caller."""
        text = self.text
        wants_command, wants_target, opened = True, False, 0
        while at < len(text):
            char = text[at]
            if char == end and not opened:
                return at
            if char.isspace() or text.startswith("\\\n", at):
                at, is_end = self._blanks(at)
                wants_command |= is_end
            elif char == "#":
                at = self._comment(at)
            elif char in _OPERATORS:
                opened += {"(": 1, ")": -1}.get(char, 0)
                at, wants_target = self._operator(at)
                wants_command |= not wants_target
            elif wants_command and char == "!" and text[at + 1 : at + 2].isspace():
                self.states[at] = "o"
                at += 1
            else:
                start = at
                at = self._word(at, end, may_assign=wants_command and not wants_target)
                if at == start:
                    return at
                kind = self.states[start]
                if kind == "n":
                    continue
                runs = wants_command and not wants_target and kind != "a"
                self.words.append(
                    Word(start=start, end=at, is_command=runs, is_target=wants_target)
                )
                # the word behind the file of a redirection is a command again
                wants_command = wants_target or (wants_command and not runs)
                wants_target = False
        if end:
            self.is_whole = False
        return at

    def _blanks(self, at: int) -> tuple[int, bool]:
        """Read blanks; tell whether a line ends there."""
        is_end = False
        while at < len(self.text):
            if self.text.startswith("\\\n", at):
                self.states[at] = self.states[at + 1] = " "
                at += 2
            elif self.text[at].isspace():
                is_break = self.text[at] not in " \t"
                is_end |= is_break
                self.states[at] = "o" if is_break else " "
                at += 1
            else:
                break
        return at, is_end

    def _comment(self, at: int) -> int:
        while at < len(self.text) and self.text[at] != "\n":
            self.states[at] = "#"
            at += 1
        return at

    def _operator(self, at: int) -> tuple[int, bool]:
        """Read an operator; tell whether a file follows."""
        text, start = self.text, at
        at += 1
        is_redirection = text[start] in "<>"
        if text[start] == "&" and text[at : at + 1] == ">":
            is_redirection, at = True, at + 1
        if is_redirection:
            while text[at : at + 1] in {"<", ">", "|", "&"}:
                at += 1
        elif text[start] in "&|" and text[at : at + 1] in {"&", "|"}:
            at += 1
        self._mark(start, at, "o")
        return at, is_redirection

    def _mark(self, start: int, end: int, state: str) -> None:
        self.states[start:end] = state * (end - start)

    def _word(self, at: int, end: str, *, may_assign: bool) -> int:
        text, start = self.text, at
        digits = at
        while digits < len(text) and text[digits] in "0123456789":
            digits += 1
        if digits > at and text[digits : digits + 1] in {"<", ">"}:
            self._mark(at, digits, "n")
            return digits
        if may_assign:
            at = self._assigned(at)
        while at < len(text):
            char = text[at]
            if char == end or char.isspace() or char in _OPERATORS:
                break
            if char == "\\" and text.startswith("\\\n", at):
                break
            at = self._piece(at, char, end)
        if at == start and text[at : at + 1] != end:
            at += 1
        return at

    def _assigned(self, at: int) -> int:
        stop = at
        while stop < len(self.text) and (
            self.text[stop] == "_"
            or (self.text[stop].isascii() and self.text[stop].isalnum())
        ):
            stop += 1
        if stop > at and self.text[stop : stop + 1] == "=":
            self._mark(at, stop + 1, "a")
            return stop + 1
        return at

    def _piece(self, at: int, char: str, end: str) -> int:
        text = self.text
        if char == "'":
            close = text.find("'", at + 1)
            if close < 0:
                self.is_whole = False
                close = len(text)
            self._mark(at, min(close + 1, len(text)), "s")
            self._mark(at, at + 1, "q")
            self._mark(close, min(close + 1, len(text)), "q")
            return min(close + 1, len(text))
        if char == '"':
            return self._double_quoted(at, end)
        if char == "\\" and self._escapes(at):
            self._mark(at, at + 2, "e")
            return at + 2
        if char == "$" or (char == "`" and end != "`"):
            return self._substitution(at, "w")
        self.states[at] = "w"
        return at + 1

    def _escapes(self, at: int) -> bool:
        """Tell whether a backslash outside of quotes escapes what follows."""
        char = self.text[at + 1 : at + 2]
        is_alone = self.text[at - 1 : at] != "\\"
        return char in _ESCAPED or (char in _ESCAPED_ONCE and is_alone)

    def _double_quoted(self, at: int, end: str) -> int:
        text = self.text
        self.states[at] = "q"
        at += 1
        while at < len(text):
            char = text[at]
            if char == '"':
                self.states[at] = "q"
                return at + 1
            if char == "\\" and text[at + 1 : at + 2] in _ESCAPED_IN_QUOTES:
                self._mark(at, at + 2, "e")
                at += 2
            elif char == "$" or (char == "`" and end != "`"):
                at = self._substitution(at, "d")
            else:
                self.states[at] = "d"
                at += 1
        self.is_whole = False
        return at

    def _substitution(self, at: int, plain: str) -> int:
        """Read what begins with a dollar sign or a backtick."""
        text = self.text
        opening = "`" if text[at] == "`" else "$("
        if text.startswith(opening, at):
            self._mark(at, at + len(opening), "o")
            closing = "`" if opening == "`" else ")"
            if self.depth > _DEEPEST:
                self.is_whole = False
                self._mark(at, len(text), "o")
                return len(text)
            self.depth += 1
            at = self.read_commands(at + len(opening), closing)
            self.depth -= 1
            self._mark(at, min(at + 1, len(text)), "o")
            return min(at + 1, len(text))
        stop = at + 1
        while stop < len(text) and (
            text[stop] == "_" or (text[stop].isascii() and text[stop].isalnum())
        ):
            stop += 1
        if stop == at + 1 and text[stop : stop + 1] in {"?", "#", "*", "$", "{", "@"}:
            stop += 1
        self._mark(at, stop, "v" if stop > at + 1 else plain)
        return stop


_DEEPEST = 50


def words_of(shape: Shape, start: int) -> Sequence[Word]:
    """List the words of the command that runs at `start`, itself first."""
    found: list[Word] = []
    for word in shape.words:
        if word.start < start:
            continue
        if found and (
            word.is_command or "o" in shape.states[found[-1].end : word.start]
        ):
            break
        found.append(word)
    return found
