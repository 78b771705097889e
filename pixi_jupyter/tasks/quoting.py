"""Words as the task shell reads them.

Rules: pixi 0.77.0, quoting of commands (read 2026-11); a single quote inside of an
appended word, which breaks there, is written as it has to be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_QUOTED_FOR = frozenset(" \t\r\n[]")


def quoted(word: str) -> str:
    r"""Quote a word so that the shell takes it as it is.

    Examples
    --------
    >>> quoted("a b")
    "'a b'"
    """
    return "'" + word.replace("'", "'\"'\"'") + "'"


def element(text: str, model: str | None = None) -> str:
    r"""Write an element of a command that is given as a list.

    Parameters
    ----------
    text
        The element, rendered.
    model
        Decides about the quotes; the twin of a text is written as the text itself.

    Examples
    --------
    >>> print(element('a "b"'), element("$HOME"), element(""))
    "a \"b\"" $HOME ""
    """
    model = text if model is None else model
    if not model:
        return '""'
    if _QUOTED_FOR.isdisjoint(model):
        return text
    return '"' + escaped(text, model, '"\\') + '"'


def escaped(text: str, model: str, characters: str) -> str:
    """Put a backslash before each of some characters of the model."""
    if len(text) != len(model):
        model = text
    return "".join(
        f"\\{char}" if mine in characters else char
        for char, mine in zip(text, model, strict=True)
    )


def appended(command: str, words: Sequence[str]) -> str:
    """Put words behind a command."""
    if not words:
        return command
    # behind a line break they would be a command of their own
    return " ".join((command.rstrip(), *map(quoted, words)))
