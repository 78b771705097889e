"""Commands about Jupyter kernels."""

from __future__ import annotations

from typing import Any

import click

from pixi_jupyter.commands.syntax import options


@click.group(cls=options.Group)
def kernel() -> None:
    """Register environments as Jupyter kernels."""


@kernel.command("install")
@click.option(
    "-e",
    "--environment",
    "environments",
    multiple=True,
    metavar="NAME",
    help="Environment (may be repeated).  [default: all]",
)
@options.workspace
@options.as_json
@options.output
def kernel_install(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Write a kernelspec for each environment, installed yet or not."""
    return options.invocation("kernel_install", values)


@kernel.command("list")
@options.as_json
@options.output
def kernel_list(**values: Any) -> options.Invocation:  # noqa: ANN401
    """List the kernels that are registered for any workspace."""
    return options.invocation("kernel_list", values)


@kernel.command("remove")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "-e",
    "--environment",
    "environments",
    multiple=True,
    metavar="NAME",
    help="The kernels of this environment of the workspace here.",
)
@click.option("--stale", is_flag=True, help="All whose workspace is gone.")
@options.workspace
@options.as_json
@options.output
def kernel_remove(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Take kernelspecs away; environments stay."""
    return options.invocation("kernel_remove", values)
