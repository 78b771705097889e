"""The words of a line: where they part, what they leave out."""

import os
import shlex
from typing import List, Sequence, Tuple

from .failures import PixiError

_RUN_VALUES = frozenset(
    ("-e", "--environment", "-m", "--manifest-path", "--color", "--feature", "-f")
)
"""Flags of `run` whose value is a word of its own."""


def split(line: str) -> List[str]:
    """Split a line into words as a shell does.

    Raises
    ------
    PixiError
        If a quotation has no end.
    """
    lexer = shlex.shlex(line, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.commenters = True, ""
    if os.name == "nt":
        lexer.escape = ""  # it parts folders there
    try:
        return list(lexer)
    except ValueError as error:
        text = "%%pixi %s cannot be split into words: %s" % (line.strip(), error)
        raise PixiError([text]) from None


def names_command(words: Sequence[str]) -> bool:
    """Tell whether the words of `run` hold more than flags."""
    rest = iter(words)
    for word in rest:
        if word == "--":
            return next(rest, None) is not None
        if not word.startswith("-"):
            return True
        if word in ("-h", "--help"):
            return True
        if word in _RUN_VALUES:
            next(rest, None)
    return False


def help_lines(lines: List[str]) -> List[str]:
    """Turn ``%pixi add?`` into the question that a shell would ask."""
    return [_help_line(line) for line in lines] if len(lines) == 1 else lines


def _help_line(line: str) -> str:
    text = line.strip()
    if not (text.startswith("%pixi ") and text.endswith("?")):
        return line
    words: Tuple[str, ...] = tuple(text.rstrip("?").split())
    return " ".join([*words, "--help"]) + "\n"
