"""``--script``: a script that says itself what it needs, in the place of a workspace."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pixi_jupyter.errors import NotSupportedYetError

if TYPE_CHECKING:
    from collections.abc import Callable

    Decorated = TypeVar("Decorated", bound=Callable[..., Any])

_NAMED = "pixi_jupyter.script"
_URL = re.compile(r"[a-z]{2,}:/+[^/]", re.IGNORECASE)
_OTHERS = {
    "manifest": "--manifest-path",
    "feature": "--feature",
    "environment": "--environment",
    "environments": "--environment",
    "all": "--all",
    "executable": "--executable",
    "templated": "--templated",
    "skip_deps": "--skip-deps",
    "import_from": "--import",
    "format": "--format",
    "scm": "--scm",
    "conda_pypi_map": "--conda-pypi-map",
}
"""Arguments that a script has no use for, and their words."""


def script(function: Decorated) -> Decorated:
    """Add ``--script``."""
    return click.option(
        "-s",
        "--script",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        expose_value=False,
        callback=_remember,
        help="A Python script that says itself what it needs.",
    )(function)


def is_named() -> bool:
    """Tell whether the command that is read was given a script."""
    return click.get_current_context().meta.get(_NAMED) is not None


def _remember(
    context: click.Context, parameter: click.Parameter, value: Path | None
) -> None:
    del parameter
    if value is not None:
        context.meta[_NAMED] = value


def applied(verb: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Let a command mean the script that was named, if one was.

    Parameters
    ----------
    verb
        Its name in the registry.
    arguments
        Of its request, as far as they were said.

    Raises
    ------
    UsageError
        If something else was said that a script does not have.
    NotSupportedYetError
        If it is no file.
    """
    context: click.Context = click.get_current_context()
    named: Path | None = context.meta.get(_NAMED)
    if named is None:
        return arguments
    if str(named) == "-" or _URL.match(str(named)):
        what = "A script from standard input or a URL"
        raise NotSupportedYetError(what, hint="put it into a file first")
    for key, words in _OTHERS.items():
        if arguments.get(key):
            msg = f"--script and {words} exclude each other"
            raise click.UsageError(msg, context)
    if verb == "init":
        if "path" in arguments:
            msg = "--script and PATH exclude each other"
            raise click.UsageError(msg, context)
        return {**arguments, "script": named}
    found = {**arguments, "manifest": named}
    if verb == "run":
        # a name that begins with a dash would be an option of Python's
        path = f"./{named}" if str(named).startswith("-") else str(named)
        found["command"] = ("python", path, *arguments.get("command", ()))
        found["environment"], found["executable"] = "default", True
    return found
