"""The commands `workspace channel …`."""

from __future__ import annotations

from typing import Any

import click

from pixi_jupyter.commands.syntax import options


@click.group(cls=options.Group)
def channel() -> None:
    """Say which channels packages come from."""


@channel.command("add")
@click.argument("names", nargs=-1, required=True, metavar="CHANNEL...")
@click.option("--priority", type=int, metavar="N", help="Higher comes first.")
@click.option("--prepend", is_flag=True, help="Before all others.")
@options.script
@options.placed
@options.solving
@options.as_json
@options.output
def channel_add(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Add channels, then lock and install."""
    return options.invocation("workspace_channel_add", values)


@channel.command("list")
@click.option("--urls", is_flag=True, help="Their URLs instead of their names.")
@options.script
@options.manifest
@options.as_json
@options.output
def channel_list(**values: Any) -> options.Invocation:  # noqa: ANN401
    """List the channels of each environment."""
    return options.invocation("workspace_channel_list", values)


@channel.command("remove")
@click.argument("names", nargs=-1, required=True, metavar="CHANNEL...")
@click.option("--priority", type=int, metavar="N", help="Only with this priority.")
@options.script
@options.placed
@options.solving
@options.as_json
@options.output
def channel_remove(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Remove channels, then lock and install."""
    return options.invocation("workspace_channel_remove", values)
