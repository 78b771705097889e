"""A task's command as one text, templates as written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.tasks.quoting import element

if TYPE_CHECKING:
    from collections.abc import Iterable


def joined(words: Iterable[str]) -> str:
    r"""Give words as the text that a list of them stands for.

    Examples
    --------
    >>> joined(["echo", "two words", "$HOME"])
    'echo "two words" $HOME'
    """
    return " ".join(map(element, words))


def command_text(command: str | Iterable[str] | None) -> str | None:
    """Give a command as one text, whichever form it is written in."""
    return command if command is None or isinstance(command, str) else joined(command)
