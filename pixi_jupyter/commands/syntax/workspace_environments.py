"""The commands `workspace environment …` and `workspace feature …`."""

from __future__ import annotations

from typing import Any

import click

from pixi_jupyter.commands.syntax import options


@click.group(cls=options.Group)
def environment() -> None:
    """Say which environments there are."""


@environment.command("add")
@click.argument("name")
@click.option(
    "-f",
    "--feature",
    "features",
    multiple=True,
    metavar="NAME",
    help="A feature it is made of (may be repeated).",
)
@click.option("--solve-group", metavar="NAME", help="Solved together with this group.")
@click.option("--no-default-feature", is_flag=True, help="Without the default feature.")
@click.option("--force", is_flag=True, help="Write one that is there anew.")
@options.manifest
@options.as_json
@options.output
def environment_add(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Add an environment to the manifest; the next command locks it."""
    return options.invocation("workspace_environment_add", values)


@environment.command("list")
@options.manifest
@options.as_json
@options.output
def environment_list(**values: Any) -> options.Invocation:  # noqa: ANN401
    """List the environments and what they are made of."""
    return options.invocation("workspace_environment_list", values)


@environment.command("remove")
@click.argument("name")
@options.manifest
@options.as_json
@options.output
def environment_remove(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Remove an environment from the manifest; its prefix stays."""
    return options.invocation("workspace_environment_remove", values)


@click.group(cls=options.Group)
def feature() -> None:
    """Look at features, and remove them."""


@feature.command("list")
@options.manifest
@options.as_json
@options.output
def feature_list(**values: Any) -> options.Invocation:  # noqa: ANN401
    """List the features and what they ask for."""
    return options.invocation("workspace_feature_list", values)


@feature.command("remove")
@click.argument("name")
@click.option("-y", "--yes", is_flag=True, help="Also where environments have it.")
@options.manifest
@options.as_json
@options.output
def feature_remove(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Remove a feature, also from its environments."""
    return options.invocation("workspace_feature_remove", values)
