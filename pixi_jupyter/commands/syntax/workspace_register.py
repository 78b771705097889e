"""The commands `workspace register …`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pixi_jupyter.commands.syntax import options


@click.group(cls=options.Group, invoke_without_command=True)
@click.option("-n", "--name", help="Its name.  [default: that in the manifest]")
@click.option(
    "-p", "--path", type=click.Path(path_type=Path), help="The workspace's folder."
)
@click.option("-f", "--force", is_flag=True, help="Take the name from another one.")
@options.manifest
@options.as_json
@options.output
@click.pass_context
def register(context: click.Context, /, **values: Any) -> options.Invocation | None:  # noqa: ANN401
    """Give the workspace a name on this computer."""
    if context.invoked_subcommand is not None:
        return None
    return options.invocation("workspace_register", values)


@register.command("list")
@options.as_json
@options.output
def register_list(**values: Any) -> options.Invocation:  # noqa: ANN401
    """List the names and their folders."""
    return options.invocation("workspace_register_list", values)


@register.command("prune")
@options.as_json
@options.output
def register_prune(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Take away the names of workspaces that are gone."""
    return options.invocation("workspace_register_prune", values)


@register.command("remove")
@click.argument("name")
@options.as_json
@options.output
def register_remove(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Take a name away; the workspace stays."""
    return options.invocation("workspace_register_remove", values)
