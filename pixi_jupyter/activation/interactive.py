"""Starts a shell for a person, activated behind the person's own settings.

Whatever a start-up file does to PATH, the environment comes first, so its variables
are set once more when the start-up files have been read. What is written for that
holds values of variables: it is for its owner alone, and takes itself away.

Options: bash 5, zsh 5.9, fish 3.6, xonsh 0.19, PowerShell 7, cmd.exe, nushell 0.1xx
(their manuals, read 2026-11). Of these bash, and no other, was tried here.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from pixi_jupyter.activation.hook import DIALECTS, shown_prompt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pixi_jupyter.activation.plan import ActivationPlan
    from pixi_jupyter.activation.preferences import ShellPreferences

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_PROGRAMS = {"powershell": ("pwsh", "powershell"), "nushell": ("nu",)}
_SUFFIXES = {"powershell": ".ps1", "cmd": ".bat", "xonsh": ".xsh", "nushell": ".nu"}


def find_shell(shell: str, environ: Mapping[str, str] = os.environ) -> str | None:
    """Give the program of a shell: the person's own, else the first on PATH.

    Parameters
    ----------
    shell
        One of `DIALECTS`.
    """
    names = _PROGRAMS.get(shell, (shell,))
    own = environ.get("SHELL", "")
    if Path(own).name in names and Path(own).is_file():
        return own
    for name in names:
        if found := shutil.which(name, path=environ.get("PATH")):
            return found
    return None


def startup_script(
    plan: ActivationPlan,
    shell: str,
    before: Mapping[str, str],
    after: Mapping[str, str],
    preferences: ShellPreferences,
) -> list[str]:
    """Write what a shell does when it has read its own settings.

    Parameters
    ----------
    before, after
        The variables without and with the activation.
    """
    dialect = DIALECTS[shell]
    lines = [
        dialect.assign(name, value)
        for name, value in sorted(after.items())
        if before.get(name) != value and _NAME.match(name)
    ]
    lines += [
        dialect.unset(name)
        for name in sorted(before.keys() - after.keys())
        if _NAME.match(name)
    ]
    folder = plan.prefix / dialect.completions
    if preferences.completions and dialect.completions and folder.is_dir():
        lines += dialect.complete(folder)
    if preferences.change_ps1:
        lines += dialect.prompt(shown_prompt(plan), before.get("PIXI_PROMPT", ""))
    return lines


def shell_command(
    shell: str, program: str, lines: Sequence[str], environ: dict[str, str]
) -> tuple[str, ...]:
    """Write the start-up files and give the words that start the shell.

    Parameters
    ----------
    lines
        From `startup_script`.
    environ
        The variables it will be started with; zsh needs one more.

    Raises
    ------
    OSError
        If the files cannot be written.
    """
    folder = Path(tempfile.mkdtemp(prefix="pixi-jupyter-shell-"))  # mode 0700
    dialect = DIALECTS[shell]
    where = dialect.quote(str(folder))
    if shell == "zsh":
        return _zsh(program, folder, lines, environ)
    path = folder / f"start{_SUFFIXES.get(shell, '.sh')}"
    script = dialect.quote(str(path))
    gone = f"command rm -rf -- {where}"
    match shell:
        case "bash":
            lines = [gone, "[ ! -f ~/.bashrc ] || . ~/.bashrc", *lines]
            words = ["--rcfile", str(path), "-i"]
        case "fish":
            lines = [gone, *lines]
            words = ["--init-command", f"source {script}", "--interactive"]
        case "xonsh":
            gone = f"__import__('shutil').rmtree({where}, ignore_errors=True)"
            lines = [gone, *lines]
            own = Path("~/.xonshrc").expanduser()
            files = [str(own)] if own.is_file() else []
            words = ["-i", "--rc", *files, str(path)]
        case "powershell":
            gone = f"Remove-Item -Recurse -Force -LiteralPath {where}"
            lines = [*lines, gone]
            words = ["-NoLogo", "-NoExit", "-Command", f". {script}"]
        case "nushell":
            lines = [*lines, f"rm -rf {where}"]
            words = ["--execute", f"source-env {script}"]
        case _:
            lines = ["@echo off", *lines, "@echo on"]
            words = ["/K", str(path)]
    _write(path, lines)
    return (program, *words)


def _zsh(
    program: str, folder: Path, lines: Sequence[str], environ: dict[str, str]
) -> tuple[str, ...]:
    """Stand in for the folder of zsh's own settings, and read those from there."""
    quote = DIALECTS["zsh"].quote
    own = environ.get("ZDOTDIR")
    home = quote(own) if own else "~"
    back = f"ZDOTDIR={quote(own)}" if own else "unset ZDOTDIR"
    again = f"ZDOTDIR={quote(str(folder))}"
    env = [back, f"[[ ! -f {home}/.zshenv ]] || . {home}/.zshenv", again]
    _write(folder / ".zshenv", env)
    gone = f"command rm -rf -- {quote(str(folder))}"
    rc = [back, gone, f"[[ ! -f {home}/.zshrc ]] || . {home}/.zshrc", *lines]
    _write(folder / ".zshrc", rc)
    environ["ZDOTDIR"] = str(folder)
    return (program, "-i")


def _write(path: Path, lines: Sequence[str]) -> None:
    newline = "\r\n" if path.suffix == ".bat" else "\n"
    text = "\n".join(lines) + "\n"
    path.write_text(text, encoding="utf-8", errors="surrogateescape", newline=newline)
    path.chmod(0o600)
