"""The command that proposes a manifest for notebooks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pixi_jupyter.commands.syntax import options


@click.command()
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE...",
)
@click.option(
    "--write",
    is_flag=True,
    help="Write it: a new pixi.toml, or what is missing in one.",
)
@options.workspace
@options.as_json
@options.output
def scan(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Propose a manifest from what notebooks import and install.

    Reads imports, `!pip`, `%pip`, `!conda` and their like, and requirements.txt and
    environment.yml beside the notebooks. conda packages come first, PyPI has the rest,
    and what is unsure is listed. Nothing is run, solved or installed.
    """
    return options.invocation("notebook_scan", values)
