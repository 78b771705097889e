"""Commands about locks and environments."""

from __future__ import annotations

from typing import Any

import click

from pixi_jupyter.commands.syntax import options

_SHELLS = ("bash", "zsh", "fish", "xonsh", "powershell", "cmd", "nushell")


@click.command()
@click.option("--check", is_flag=True, help="Exit 1 where the lock did not fit.")
@click.option("-n", "--dry-run", is_flag=True, help="Write nothing.")
@options.script
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
@click.option(
    "--only",
    multiple=True,
    metavar="PACKAGE",
    help="Only this package and what it needs (may be repeated).",
)
@click.option(
    "--skip",
    multiple=True,
    metavar="PACKAGE",
    help="All but this package; what it needs comes (may be repeated).",
)
@click.option(
    "--skip-with-deps",
    multiple=True,
    metavar="PACKAGE",
    help="All but this package and what only it needs (may be repeated).",
)
@options.script
@options.fitting
@options.as_json
@options.output
def install(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Install environments as they are locked."""
    return options.invocation("install", values)


@click.command()
@click.argument("packages", nargs=-1, metavar="[PACKAGE]...")
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
@click.option("-n", "--dry-run", is_flag=True, help="Install nothing.")
@options.fitting
@options.as_json
@options.output
def reinstall(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Install packages again, from files that are as they should be.

    Without PACKAGE all of the environment.
    """
    return options.invocation("reinstall", values)


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
@options.script
@options.locking
@options.as_json
@options.output
def list_packages(**values: Any) -> options.Invocation:  # noqa: ANN401
    """List the packages that are locked for an environment."""
    return options.invocation("list", values)


@click.command()
@click.argument("regex", required=False)
@click.option("-e", "--environment", metavar="NAME", help="Environment.")
@click.option("-p", "--platform", metavar="PLATFORM", help="Platform.")
@click.option("-i", "--invert", is_flag=True, help="Show what needs the packages.")
@options.script
@options.locking
@options.as_json
@options.output
def tree(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Show which locked package needs which.

    REGEX says what is at the top.
    """
    return options.invocation("tree", values)


@click.command("shell-hook")
@click.option("-s", "--shell", type=click.Choice(_SHELLS), help="Which shell.")
@click.option("-e", "--environment", metavar="NAME", help="Environment.")
@click.option("--change-ps1", type=bool, help="Whether the prompt is changed.")
@click.option("--no-completions", is_flag=True, help="Load no completions.")
@click.option("--force-activate", is_flag=True, help="Done in any case.", hidden=True)
@click.option("--no-install", is_flag=True, help="Take the prefix as it is.")
@options.locking
@click.option("--json", is_flag=True, help="Print the variables as JSON.")
@options.output
def shell_hook(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Print the script that activates an environment in a shell.

    Use it with: eval "$(pixi-jupyter shell-hook)"
    """
    if values["json"] and values["shell"]:
        msg = "--json gives variables, which are the same for every --shell"
        raise click.UsageError(msg)
    del values["force_activate"]
    return options.invocation("shell_hook", {**values, "variables": values["json"]})
