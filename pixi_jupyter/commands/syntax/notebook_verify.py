"""The command that runs notebooks from their locks."""

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
    "-j",
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Run so many notebooks at once.  [default: 1]",
)
@click.option("--trust", is_flag=True, help="Agree to what the notebooks bring along.")
@click.option(
    "--lax",
    is_flag=True,
    help="Compare only cells that are marked with NBVAL_CHECK_OUTPUT.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="How long a cell may take.  [default: 600]",
)
@click.option(
    "--junit",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write a report in JUnit's format too.",
)
@click.option("--offline", is_flag=True, help="Do without the network.")
@options.as_json
@options.output
def verify(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Run notebooks from their locks, and compare what they give.

    Each runs in a prefix that is made of the lock it carries and is gone afterwards; one
    that carries none runs in the environment of the workspace around it, as it is
    locked. Outputs are compared as nbval does, and its marks and tags count:
    NBVAL_IGNORE_OUTPUT, NBVAL_SKIP, raises-exception. The notebooks stay as they are.

    Ends with 0 only if all cells run and give what the notebooks show.
    """
    return options.invocation("notebook_verify", values)
