"""Give the script that lets a shell complete our words.

The scripts know nothing themselves: they ask ``pixi-jupyter complete``, which offers
what ``%pixi`` offers in a notebook.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import UsageError, nearest
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.request import Request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixi_jupyter.events import Operation

_BASH = """\
_pixi_jupyter() {
    local IFS=$'\\n'
    local current="${COMP_WORDS[COMP_CWORD]}"
    local line="${COMP_LINE:0:COMP_POINT}"
    # bash takes = and : for words of their own
    [[ $line == *"$current" ]] || current=""
    [[ $current == [=:]* ]] && current=""
    COMPREPLY=($(pixi-jupyter complete "$current" "$line" 2>/dev/null))
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == */ ]]; then
        compopt -o nospace
    fi
}
complete -o default -F _pixi_jupyter pixi-jupyter
"""
_ZSH = """\
#compdef pixi-jupyter
_pixi_jupyter() {
    local line text
    local -a texts shown
    while IFS= read -r line; do
        text="${line%%$'\\t'*}"
        texts+=("$text")
        if [[ $line == *$'\\t'* ]]; then
            shown+=("$text  ${line#*$'\\t'}")
        else
            shown+=("$text")
        fi
    done < <(pixi-jupyter complete --described "$PREFIX" \\
        "${(j: :)words[1,CURRENT-1]} $PREFIX" 2>/dev/null)
    if (( $#texts )); then
        compadd -Q -l -d shown -a texts
    else
        _files
    fi
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _pixi_jupyter "$@"
else
    compdef _pixi_jupyter pixi-jupyter
fi
"""
_FISH = """\
function __pixi_jupyter
    set -l current (commandline -ct)
    set -l line (commandline -cp)
    pixi-jupyter complete --described "$current" "$line" 2>/dev/null
end
complete -c pixi-jupyter -f -a '(__pixi_jupyter)'
"""
_POWERSHELL = """\
Register-ArgumentCompleter -Native -CommandName pixi-jupyter -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $line = $commandAst.ToString().PadRight($cursorPosition).Substring(0, $cursorPosition)
    # an empty argument gets lost on the way to a program
    $current = if ($wordToComplete) { $wordToComplete } else { '""' }
    pixi-jupyter complete --described $current $line 2>$null | ForEach-Object {
        $text, $meta = $_ -split "`t", 2
        if (-not $meta) { $meta = $text }
        [System.Management.Automation.CompletionResult]::new($text, $text, 'ParameterValue', $meta)
    }
}
"""
_NUSHELL = """\
def "nu-complete pixi-jupyter" [context: string] {
    let current = ($context | split row " " | last)
    ^pixi-jupyter complete --described $current $context
    | lines
    | each {|line|
        let parts = ($line | split row "\\t")
        {value: ($parts | first), description: ($parts | skip 1 | str join " ")}
    }
}
export extern "pixi-jupyter" [...words: string@"nu-complete pixi-jupyter"]
"""
_ELVISH = """\
set edit:completion:arg-completer[pixi-jupyter] = {|@words|
    var current = $words[-1]
    var line = (str:join ' ' $words)
    pixi-jupyter complete $current $line 2>/dev/null | from-lines
}
"""

SCRIPTS: Mapping[str, str] = {
    "bash": _BASH,
    "elvish": f"use str\n{_ELVISH}",
    "fish": _FISH,
    "nushell": _NUSHELL,
    "powershell": _POWERSHELL,
    "zsh": _ZSH,
}
"""By the name of the shell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionRequest(Request):
    """For which shell."""

    shell: str | None = None
    """None: the one that ``SHELL`` names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionResult:
    """A script."""

    shell: str
    script: str
    is_verbatim: bool = True

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {"shell": self.shell, "script": self.script}


async def completion(
    request: CompletionRequest, operation: Operation
) -> CompletionResult:
    """Give the script for one shell.

    Raises
    ------
    UsageError
        If there is no script for the shell.
    """
    del operation
    shell = request.shell or Path(os.environ.get("SHELL") or "bash").name
    shell = {"nu": "nushell", "pwsh": "powershell"}.get(shell, shell)
    if shell not in SCRIPTS:
        msg = f"No completion for {shell}; there is one for {', '.join(SCRIPTS)}"
        close = nearest(shell, SCRIPTS) or "bash"
        raise UsageError(msg, hints=(f"{{command}} completion --shell {close}",))
    return CompletionResult(shell=shell, script=SCRIPTS[shell])
