"""Commands about the environment that a notebook carries."""

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
@click.option(
    "-e",
    "--environment",
    metavar="NAME",
    help="Environment of the workspace.  [default: the one the notebook uses]",
)
@click.option("--block", is_flag=True, help="Also as a comment in the first cell.")
@options.fitting
@options.as_json
@options.output
def embed(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Write the environment that a notebook uses into the notebook.

    Manifest and lock of that environment, for all its platforms, go into the
    notebook's metadata, and its kernel becomes "Pixi: this notebook".
    """
    return options.invocation("notebook_embed", values)


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.argument(
    "folder", required=False, type=click.Path(path_type=Path), metavar="[FOLDER]"
)
@options.as_json
@options.output
def extract(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Write what a notebook carries as pixi.toml and pixi.lock.

    Into FOLDER, or here. Nothing is fetched, installed or run.
    """
    return options.invocation("notebook_extract", values)


@click.command()
@_FILES
@click.option("--trust", is_flag=True, help="Agree to what they carry.")
@click.option("--offline", is_flag=True, help="Do without the network.")
@options.settings
@options.as_json
@options.output
def install(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Install what notebooks carry, exactly as it is locked.

    Notebooks that carry the same share one prefix. One that came from elsewhere
    needs agreement first: `notebook trust FILE`, or --trust.
    """
    return options.invocation("notebook_install", values)
