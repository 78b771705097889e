"""How bash, zsh and fish write the statements of an activation script.

Values are quoted for each shell, so that nothing in a path or in a manifest can be
more than text. Statements: bash 5, zsh 5.9, fish 3.6 (their manuals, read 2026-11).
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_REFERENCE = re.compile(r"\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))")


def parts_of(value: str) -> list[tuple[str, str]]:
    """Split a value into texts and the variables between them.

    Returns
    -------
    list of tuple
        A text and the name of the variable behind it; the last name is empty.

    Examples
    --------
    >>> parts_of("a/$HOME/${B}c")
    [('a/', 'HOME'), ('/', 'B'), ('c', '')]
    """
    found, end = [], 0
    for match in _REFERENCE.finditer(value):
        found.append((value[end : match.start()], match[1] or match[2]))
        end = match.end()
    return [*found, (value[end:], "")]


class Dialect:
    """bash, and what other shells do as it does."""

    suffixes: tuple[str, ...] = (".sh", ".bash")
    """Of scripts that the shell can run."""
    completions = "share/bash-completion/completions"
    """Where a prefix has its completions; empty for a shell without."""

    def quote(self, text: str) -> str:
        """Make a text one word that stands for itself."""
        return shlex.quote(text)

    def assign(self, name: str, value: str) -> str:
        """Set and export a variable."""
        return f"export {name}={self.quote(value)}"

    def expand(self, name: str, value: str) -> str:
        """Set a variable to a value in which the shell fills in others."""
        escaped = value.replace('"', '\\"')
        return f'export {name}="{escaped}"'

    def unset(self, name: str) -> str:
        """Take a variable away."""
        return f"unset {name}"

    def prepend_path(self, entries: Sequence[str], separator: str) -> str:
        """Put folders in front of the PATH, whatever that is by then."""
        first = self.quote(separator.join(entries) + separator)
        return f'export PATH={first}"${{PATH}}"'

    def source(self, script: Path) -> str:
        """Run a script in the shell itself."""
        return f". {self.quote(str(script))}"

    def complete(self, folder: Path) -> Sequence[str]:
        """Load the completions of a prefix, where somebody types."""
        return (
            "case $- in *i*)",
            f"  for __pixi_jupyter in {self.quote(str(folder))}/*; do",
            '    [ ! -f "$__pixi_jupyter" ] || . "$__pixi_jupyter"',
            "  done",
            "  unset __pixi_jupyter ;;",
            "esac",
        )

    def prompt(self, prompt: str, earlier: str) -> Sequence[str]:
        """Begin the prompt with a text, in the place of an earlier one."""
        return (
            "case $- in *i*)",
            f"  __pixi_jupyter={self.quote(earlier)}",
            f'  PS1={self.quote(prompt)}"${{PS1#"$__pixi_jupyter"}}"',
            "  unset __pixi_jupyter ;;",
            "esac",
        )


class Zsh(Dialect):
    """zsh."""

    suffixes = (".sh", ".zsh")
    completions = "share/zsh/site-functions"

    def complete(self, folder: Path) -> Sequence[str]:
        """Make the folder known to zsh, which reads it when it must."""
        return (
            "if [[ -o interactive ]]; then",
            f"  fpath+=({self.quote(str(folder))})",
            "  autoload -Uz compinit && compinit",
            "fi",
        )


class Fish(Dialect):
    """fish."""

    suffixes = (".fish",)
    completions = "share/fish/vendor_completions.d"

    def quote(self, text: str) -> str:
        """Escape the two characters that mean something in single quotes."""
        escaped = text.replace("\\", "\\\\").replace("'", "\\'")
        return f"'{escaped}'"

    def assign(self, name: str, value: str) -> str:
        """Set and export a variable."""
        return f"set -gx {name} {self.quote(value)}"

    def expand(self, name: str, value: str) -> str:
        """Set a variable, the others in it between quotes of their own."""
        words = [
            self.quote(text) + (f'"${variable}"' if variable else "")
            for text, variable in parts_of(value)
        ]
        return f"set -gx {name} {''.join(words)}"

    def unset(self, name: str) -> str:
        """Take a variable away."""
        return f"set -e {name}"

    def prepend_path(self, entries: Sequence[str], separator: str) -> str:
        """Give fish a list, which its PATH is."""
        del separator
        return f"set -gx PATH {' '.join(map(self.quote, entries))} $PATH"

    def source(self, script: Path) -> str:
        """Run a script in the shell itself."""
        return f"source {self.quote(str(script))}"

    def complete(self, folder: Path) -> Sequence[str]:
        """Make the folder known to fish, which reads it when it must."""
        return (f"set -ga fish_complete_path {self.quote(str(folder))}",)

    def prompt(self, prompt: str, earlier: str) -> Sequence[str]:
        """Wrap the prompt's function; a wrapped one is replaced."""
        del earlier
        return (
            "if functions -q fish_prompt",
            "  functions -q __pixi_jupyter_prompt",
            "    or functions -c fish_prompt __pixi_jupyter_prompt",
            "  function fish_prompt",
            f"    echo -n {self.quote(prompt)}",
            "    __pixi_jupyter_prompt",
            "  end",
            "end",
        )
