"""Commands about locks and environments."""

from __future__ import annotations

from typing import Any

import click

from pixi_jupyter.commands.syntax import options


@click.command()
@click.option("--check", is_flag=True, help="Exit 1 where the lock did not fit.")
@click.option("-n", "--dry-run", is_flag=True, help="Write nothing.")
@options.workspace
@options.as_json
@options.output
def lock(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Solve all environments for all platforms into pixi.lock."""
    return options.invocation("lock", values)


@click.command()
@click.option(
    "-e",
    "--environment",
    "environments",
    multiple=True,
    metavar="NAME",
    help="Environment (may be repeated).  [default: default]",
)
@click.option("-a", "--all", is_flag=True, help="All that can run here.")
@click.option("-p", "--platform", metavar="PLATFORM", help="Install for this platform.")
@options.locking
@options.as_json
@options.output
def install(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Install environments as they are locked."""
    return options.invocation("install", values)


@click.command("list")
@click.argument("regex", required=False)
@click.option("-e", "--environment", metavar="NAME", help="Environment.")
@click.option("--platform", metavar="PLATFORM", help="Platform.")
@click.option("-x", "--explicit", is_flag=True, help="Only what the manifest names.")
@click.option(
    "--sort-by", type=click.Choice(["size", "name", "kind"]), help="Order of the rows."
)
@click.option(
    "--fields",
    metavar="A,B",
    callback=lambda _context, _option, value: (
        tuple(value.split(",")) if value else None
    ),
    help="Columns, such as name,version,license.",
)
@options.locking
@options.as_json
@options.output
def list_packages(**values: Any) -> options.Invocation:  # noqa: ANN401
    """List the packages that are locked for an environment."""
    return options.invocation("list", values)


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False}
)
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
@click.option("-e", "--environment", metavar="NAME", help="Environment.")
@click.option("-x", "--executable", is_flag=True, help="A program, never a task.")
@click.option("--clean-env", is_flag=True, help="Only the environment's own variables.")
@options.locking
@options.output
def run(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Run a command in an activated environment."""
    return options.invocation("run", values)
