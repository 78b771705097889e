"""The commands `workspace export …`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pixi_jupyter.commands.syntax import options


@click.group(cls=options.Group)
def export() -> None:
    """Write environments in the formats that conda reads."""


@export.command("conda-environment")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option(
    "-e", "--environment", metavar="NAME", help="This one.  [default: default]"
)
@click.option(
    "-p", "--platform", metavar="PLATFORM", help="For this one.  [default: the host's]"
)
@click.option("-n", "--name", metavar="NAME", help="What it is called there.")
@click.option("--no-pypi", is_flag=True, help="Without PyPI packages.")
@click.option(
    "--from-lock-file", "from_lock", is_flag=True, help="What is locked, exactly."
)
@options.script
@options.workspace
@options.as_json
@options.output
def conda_environment(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Write an environment.yml.

    Without a PATH it is shown.
    """
    return options.invocation("workspace_export_environment", values)


@export.command("conda-explicit-spec")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "-e",
    "--environment",
    "environments",
    multiple=True,
    metavar="NAME",
    help="Only this environment (may be repeated).",
)
@click.option(
    "-p",
    "--platform",
    "platforms",
    multiple=True,
    metavar="PLATFORM",
    help="Only for this platform (may be repeated).",
)
@click.option(
    "--ignore-pypi-errors", "ignore_pypi", is_flag=True, help="Leave PyPI packages out."
)
@click.option("--no-install", is_flag=True, help="Install nothing; it never does.")
@options.script
@options.locking
@options.as_json
@options.output
def conda_explicit_spec(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Write the URLs of what is locked.

    For each environment and platform there is a file in FOLDER.
    """
    return options.invocation("workspace_export_explicit", values)
