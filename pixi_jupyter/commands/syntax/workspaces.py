"""Commands about a workspace and this computer."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import click

from pixi_jupyter.commands.syntax import options


def _names_map(
    _context: click.Context, _option: click.Parameter, value: str | None
) -> dict[str, str] | Literal[False] | None:
    if value is None or value == "false":
        return None if value is None else False
    pairs = [pair.partition("=") for pair in value.split(",")]
    if not all(channel.strip() and place.strip() for channel, _, place in pairs):
        msg = f"{value!r} is not of the form CHANNEL=FILE, or false"
        raise click.BadParameter(msg)
    return {channel.strip(): place.strip() for channel, _, place in pairs}


_INIT = {
    "path": "PATH",
    "format": "--format",
    "import_from": "--import",
    "conda_pypi_map": "--conda-pypi-map",
    "scm": "--scm",
}
"""What only a workspace has, and its words."""


@click.command()
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option(
    "-c",
    "--channel",
    "channels",
    multiple=True,
    metavar="CHANNEL",
    help="Where packages come from (may be repeated).",
)
@click.option(
    "-p",
    "--platform",
    "platforms",
    multiple=True,
    metavar="PLATFORM",
    help="What it is for (may be repeated).",
)
@click.option(
    "--format",
    type=click.Choice(["pixi", "pyproject"]),
    help="Which manifest to write.  [default: pyproject where there is one, else pixi]",
)
@click.option(
    "-i",
    "--import",
    "import_from",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Begin with what an environment.yml asks for.",
)
@click.option(
    "--conda-pypi-map",
    metavar="CHANNEL=FILE,...",
    callback=_names_map,
    help="Where names on PyPI stand, by channel; false: nowhere.",
)
@click.option(
    "--scm",
    type=click.Choice(["github", "gitlab", "codeberg"]),
    help="For which server .gitattributes is written.  [default: github]",
)
@click.option(
    "--notebook",
    type=click.Path(path_type=Path),
    is_flag=False,
    flag_value=Path(),
    metavar="[FILE]",
    help="A notebook that shall carry its environment; in one: this one.",
)
@options.script
@options.as_json
@options.output
def init(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Make a new workspace."""
    if values["import_from"] and (values["format"] or values["channels"]):
        other = "--format" if values["format"] else "--channel"
        msg = f"--import and {other} exclude each other"
        raise click.UsageError(msg)
    if values["notebook"] is not None:
        for key in ("path", "format", "import_from", "conda_pypi_map", "scm"):
            if values[key]:
                msg = f"--notebook and {_INIT[key]} exclude each other"
                raise click.UsageError(msg)
    return options.invocation("init", values)


@click.command()
@click.option("--extended", is_flag=True, help="Measure sizes on disk too.")
@options.workspace
@options.as_json
@options.output
def info(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Tell about this computer, the workspace and its environments."""
    return options.invocation("info", values)


@click.command()
@click.option("--running", is_flag=True, help="Only those that have not ended.")
@click.option("-l", "--limit", type=click.IntRange(min=1), help="At most so many.")
@options.manifest
@options.as_json
@options.output
def operations(**values: Any) -> options.Invocation:  # noqa: ANN401
    """List what runs in the workspace, and what ran before.

    Whichever program or notebook began it.
    """
    return options.invocation("operations", values)


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@options.as_json
@options.output
def demo(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Show all of it, in a folder of its own and without a network.

    Makes a channel from this Python, a workspace with two environments, their lock,
    their prefixes and kernels, and runs a notebook in one of them.
    """
    return options.invocation("demo", values)


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--format",
    type=click.Choice(["conda-env", "pypi-txt"]),
    help="What it is: environment.yml or requirements.txt.  [default: what fits]",
)
@click.option("-e", "--environment", metavar="NAME", help="Into this environment.")
@click.option("-f", "--feature", metavar="NAME", help="Into this feature of it.")
@click.option(
    "-p",
    "--platform",
    "platforms",
    multiple=True,
    metavar="PLATFORM",
    help="Only for this platform (may be repeated).",
)
@options.workspace
@options.as_json
@options.output
def import_file(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Take what FILE asks for into an environment of the workspace.

    Nothing is solved or installed; the next command does that.
    """
    return options.invocation("import_file", values)
