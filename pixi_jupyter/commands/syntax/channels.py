"""Commands that make conda channels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pixi_jupyter.commands.syntax import options


@click.group(cls=options.Group)
def channel() -> None:
    """Make conda channels."""


@channel.command("build")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--all", is_flag=True, help="All installed distributions.")
@options.as_json
@options.output
def channel_build(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Make a channel from this Python and what is installed beside it.

    Without NAME it holds python and all that ipykernel and ipywidgets need.
    """
    return options.invocation("channel_build", values)
