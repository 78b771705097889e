"""The command tree: pixi's verbs with pixi's flags, as one call for any face.

`parse` turns words into an `Invocation`; nothing here runs a verb or imports one.
Flags and their meaning: pixi 0.77.0, command line reference (read 2026-11).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from pixi_jupyter._version import PIXI_VERSION, __version__
from pixi_jupyter.commands.syntax.options import Group, Invocation, Lazy, output

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Invocation", "main", "parse"]


def parse(words: Sequence[str], *, command: str = "pixi-jupyter") -> Invocation | None:
    """Read the words of a command.

    Parameters
    ----------
    words
        Without the program's own name.
    command
        The name that usage and help show.

    Returns
    -------
    Invocation or None
        None where help or the version was asked for, and shown.

    Raises
    ------
    click.ClickException
        If the words do not fit; `format_message` says why.
    """
    found = main.main(args=list(words), prog_name=command, standalone_mode=False)
    return found if isinstance(found, Invocation) else None


_COMMANDS = Lazy(
    {
        "init": "workspaces:init",
        "import": "workspaces:import_file",
        "add": "dependencies:add",
        "remove": "dependencies:remove",
        "update": "dependencies:update",
        "upgrade": "dependencies:upgrade",
        "lock": "environments:lock",
        "install": "environments:install",
        "reinstall": "environments:reinstall",
        "list": "environments:list_packages",
        "tree": "environments:tree",
        "info": "workspaces:info",
        "search": "dependencies:search",
        "run": "running:run",
        "shell": "running:shell",
        "task": "tasks:task",
        "tasks": "tasks:tasks",
        "shell-hook": "environments:shell_hook",
        "clean": "cleaning:clean",
        "config": "configuration:config",
        "auth": "configuration:auth",
        "completion": "configuration:completion",
        "operations": "workspaces:operations",
        "demo": "workspaces:demo",
        "kernel": "kernels:kernel",
        "notebook": "notebook:notebook",
        "channel": "channels:channel",
        "workspace": "workspace:workspace",
    }
)
"""In the order in which people meet them."""

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 88}


@click.group(
    cls=Group,
    context_settings=_CONTEXT,
    commands=_COMMANDS,
    epilog="Each command explains itself with --help.",
)
@click.version_option(
    __version__,
    "-V",
    "--version",
    prog_name="pixi-jupyter",
    message=f"%(prog)s %(version)s (pixi {PIXI_VERSION})",
)
@output
def main(**values: Any) -> None:  # noqa: ANN401  click's own values
    """Environments for notebooks that can be trusted.

    Reads and writes pixi workspaces (pixi.toml, pyproject.toml, pixi.lock), installs
    their environments, and makes each of them a Jupyter kernel.
    """
    del values
