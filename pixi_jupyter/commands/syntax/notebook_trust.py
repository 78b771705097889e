"""Commands about what a notebook from elsewhere may use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pixi_jupyter.commands.syntax import options

_FILES = click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE...",
)


@click.command()
@_FILES
@click.option("-n", "--dry-run", is_flag=True, help="Show the list, agree to nothing.")
@options.as_json
@options.output
def trust(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Agree to what the environment of a notebook would use.

    Shows channels, packages and all that would run. The agreement holds for exactly
    this content; nothing is fetched or installed yet.
    """
    return options.invocation("notebook_trust", values)


@click.command()
@_FILES
@options.as_json
@options.output
def untrust(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Forget that the environment of a notebook was agreed to."""
    return options.invocation("notebook_untrust", values)
