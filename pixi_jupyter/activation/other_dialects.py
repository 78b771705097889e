"""How shells that are not like bash write the statements of an activation script.

Statements: xonsh 0.19, PowerShell 7, cmd.exe, nushell 0.1xx (their manuals, read
2026-11).
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from pixi_jupyter.activation.dialects import Dialect, parts_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class Xonsh(Dialect):
    """xonsh, whose texts are those of Python."""

    suffixes = (".sh", ".bash", ".xsh")
    completions = ""

    def quote(self, text: str) -> str:
        """Write a text as Python does."""
        return repr(text)

    def assign(self, name: str, value: str) -> str:
        """Set a variable, all of which are exported."""
        return f"${name} = {value!r}"

    def expand(self, name: str, value: str) -> str:
        """Set a variable; one in it that is not set counts as empty."""
        words = [
            f"{text!r}" + (f" + str(${{...}}.get({other!r}, ''))" if other else "")
            for text, other in parts_of(value)
        ]
        return f"${name} = {' + '.join(words)}"

    def unset(self, name: str) -> str:
        """Take a variable away."""
        return f"${{...}}.pop({name!r}, None)"

    def prepend_path(self, entries: Sequence[str], separator: str) -> str:
        """Give xonsh a list, which its PATH is."""
        del separator
        return f"$PATH = {list(entries)!r} + list($PATH)"

    def source(self, script: Path) -> str:
        """Run a script of xonsh, or take over what one of bash does."""
        verb = "source" if script.suffix == ".xsh" else "source-bash"
        return f"{verb} {str(script)!r}"

    def prompt(self, prompt: str, earlier: str) -> Sequence[str]:
        """Leave the prompt alone, as pixi does."""
        del prompt, earlier
        return ()


class PowerShell(Dialect):
    """PowerShell."""

    suffixes = (".ps1",)
    completions = ""

    def quote(self, text: str) -> str:
        """Double the quotes, also those that only look like one."""
        return "'" + re.sub("(['\u2018\u2019\u201a\u201b])", r"\1\1", text) + "'"

    def assign(self, name: str, value: str) -> str:
        """Set a variable of the environment."""
        return f"${{Env:{name}}} = {self.quote(value)}"

    def expand(self, name: str, value: str) -> str:
        """Set a variable, the others in it added between texts."""
        words = [
            self.quote(text) + (f" + ${{Env:{other}}}" if other else "")
            for text, other in parts_of(value)
        ]
        return f"${{Env:{name}}} = {' + '.join(words)}"

    def unset(self, name: str) -> str:
        """Take a variable away."""
        return f"Remove-Item -Path 'Env:{name}' -ErrorAction SilentlyContinue"

    def prepend_path(self, entries: Sequence[str], separator: str) -> str:
        """Put folders in front of the PATH."""
        first = self.quote(separator.join(entries) + separator)
        return f"${{Env:PATH}} = {first} + ${{Env:PATH}}"

    def prompt(self, prompt: str, earlier: str) -> Sequence[str]:
        """Wrap the prompt's function; a wrapped one is replaced."""
        del earlier
        wrapped = "$Global:PixiJupyterPrompt"
        shown = f"{self.quote(prompt)} + (& {wrapped})"
        return (
            "if (-not (Test-Path Variable:Global:PixiJupyterPrompt)) {",
            f"    {wrapped} = $function:prompt",
            "}",
            f"function Global:prompt {{ {shown} }}",
        )


class Cmd(Dialect):
    """cmd.exe; the script has to lie in a file."""

    suffixes = (".bat", ".cmd")
    completions = ""

    def quote(self, text: str) -> str:
        """Double percent signs; a value has no line breaks there."""
        return re.sub(r"[\r\n]+", " ", text).replace("%", "%%")

    def assign(self, name: str, value: str) -> str:
        """Set a variable, all of which are exported."""
        return f'@SET "{name}={self.quote(value)}"'

    def expand(self, name: str, value: str) -> str:
        """Set a variable, the others in it between percent signs."""
        words = [
            self.quote(text) + (f"%{other}%" if other else "")
            for text, other in parts_of(value)
        ]
        return f'@SET "{name}={"".join(words)}"'

    def unset(self, name: str) -> str:
        """Take a variable away."""
        return f'@SET "{name}="'

    def prepend_path(self, entries: Sequence[str], separator: str) -> str:
        """Put folders in front of the PATH."""
        return f'@SET "PATH={self.quote(separator.join(entries))}{separator}%PATH%"'

    def source(self, script: Path) -> str:
        """Run a script in the shell itself."""
        return f'@CALL "{self.quote(str(script))}"'

    def prompt(self, prompt: str, earlier: str) -> Sequence[str]:
        """Begin the prompt with a text."""
        del earlier
        return (f'@SET "PROMPT={self.quote(prompt)}%PROMPT%"',)


class Nushell(Dialect):
    """nushell."""

    suffixes = (".nu",)
    completions = ""

    def quote(self, text: str) -> str:
        """Write a text as JSON does, characters beyond ASCII as they are."""
        return json.dumps(text, ensure_ascii=False)

    def assign(self, name: str, value: str) -> str:
        """Set a variable of the environment."""
        return f"$env.{name} = {self.quote(value)}"

    def expand(self, name: str, value: str) -> str:
        """Set a variable; one in it that is not set counts as empty."""
        words = [
            self.quote(text) + (f' ($env.{other}? | default "")' if other else "")
            for text, other in parts_of(value)
        ]
        return f"$env.{name} = ([{' '.join(words)}] | str join)"

    def unset(self, name: str) -> str:
        """Take a variable away."""
        return f"hide-env --ignore-errors {name}"

    def prepend_path(self, entries: Sequence[str], separator: str) -> str:
        """Give nushell a list, which its PATH is."""
        del separator
        listed = " ".join(map(self.quote, entries))
        return f"$env.PATH = ($env.PATH | prepend [{listed}])"

    def source(self, script: Path) -> str:
        """Run a script in the shell itself."""
        return f"source-env {self.quote(str(script))}"

    def prompt(self, prompt: str, earlier: str) -> Sequence[str]:
        """Leave the prompt alone; PIXI_PROMPT says what it could show."""
        del prompt, earlier
        return ()
