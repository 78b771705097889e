"""Where the deno program is, and how it is asked to be a task's shell.

``deno task --eval`` is the very shell of pixi 0.77.0 (deno_task_shell 0.33). Nothing
that it would find in the task's folder may change what a task means, so it is given
a configuration of its own.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pixi_jupyter.errors import ToolNotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping

BUILTINS = frozenset(
    (
        "cat",
        "cd",
        "cp",
        "echo",
        "exit",
        "export",
        "false",
        "head",
        "mkdir",
        "mv",
        "pwd",
        "rm",
        "set",
        "shopt",
        "sleep",
        "test",
        "true",
        "unset",
        "which",
        "xargs",
    )
)
"""What the shell does without a program."""

_CONFIGURATION = Path(__file__).parent.parent / "data" / "deno.json"
_WINDOWS = sys.platform == "win32"
_NAME = "deno.exe" if _WINDOWS else "deno"
_AGENT, _FOLDER = "npm_config_user_agent", "DENO_DIR"


def find_deno(
    environ: Mapping[str, str] = os.environ, *, prefix: str = sys.prefix
) -> Path:
    """Give the deno that came with us, else the first on PATH.

    Parameters
    ----------
    prefix
        Where we are installed.

    Raises
    ------
    ToolNotFoundError

    Notes
    -----
    Starts nothing and imports nothing of deno's wheel, which is a program alone.
    """
    beside = Path(prefix, "Scripts" if _WINDOWS else "bin", _NAME)
    if beside.is_file():
        return beside
    if (installed := _of_distribution()) is not None:
        return installed
    path = environ.get("PATH", os.defpath)
    if found := shutil.which("deno", path=path):
        return Path(found)
    tool = "deno"
    places = (
        str(beside),
        "the Python package deno, which is not installed",
        f"PATH: {path}",
    )
    install = "python -m pip install deno   or: https://docs.deno.com/runtime"
    raise ToolNotFoundError(tool, places=places, install=install)


def _of_distribution() -> Path | None:
    """Look among the files of the wheel, for one that lies elsewhere (``--user``)."""
    from importlib.metadata import PackageNotFoundError, files

    try:
        listed = files("deno") or ()
    except PackageNotFoundError:
        return None
    for each in listed:
        if each.name == _NAME:
            found = Path(str(each.locate())).resolve()
            if found.is_file():
                return found
    return None


def shell_command(
    deno: Path, script: str, environ: Mapping[str, str]
) -> tuple[str, ...]:
    """Give the words that run a script in deno's shell.

    Parameters
    ----------
    environ
        The variables that the script shall find; deno itself is started with those
        of `shell_environ`.
    """
    # what deno sets for itself is not the task's
    names = " ".join(each for each in (_AGENT, _FOLDER) if each not in environ)
    text = f"unset {names}\n{script}" if names else script
    words = ("task", "-q", "-c", str(_CONFIGURATION), "--eval", text)
    return (str(deno), *words)


def shell_environ(environ: Mapping[str, str]) -> dict[str, str]:
    """Give the variables of deno itself.

    Notes
    -----
    deno keeps a small database; ours is beside our own caches, so that none appears
    where a person who uses deno would look for theirs.
    """
    return {_FOLDER: str(_caches() / "pixi-jupyter" / "deno"), **environ}


def _caches() -> Path:
    """Give the user's folder of caches."""
    if _WINDOWS and (local := os.environ.get("LOCALAPPDATA")):
        return Path(local)
    if given := os.environ.get("XDG_CACHE_HOME"):
        return Path(given)
    place = "~/Library/Caches" if sys.platform == "darwin" else "~/.cache"
    return Path(place).expanduser()
