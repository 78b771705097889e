"""Commands that are no tasks: which of them need a shell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_SYNTAX = re.compile(r"[|&;<>()$`*?\[\]{}~#!\n\\]|\A\s*[A-Za-z_]\w*=")
"""What a word alone means to a shell, besides its quotes and blanks."""


def is_shell_text(words: Sequence[str]) -> bool:
    """Tell whether a command is one text that only a shell understands.

    Examples
    --------
    >>> is_shell_text(["echo $HOME && ls"])
    True
    >>> is_shell_text(["python -c 'pass'"]), is_shell_text(["echo", "$HOME"])
    (False, False)
    """
    return len(words) == 1 and bool(_SYNTAX.search(words[0]))


def quoted(words: Sequence[str]) -> str:
    """Write words so that the shell of tasks gives them on as they are."""
    return " ".join("'" + word.replace("'", "'\"'\"'") + "'" for word in words)
