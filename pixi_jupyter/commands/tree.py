"""The command tree: pixi's verbs with pixi's flags, as one call for any face.

`parse` turns words into an `Invocation`; nothing here runs a verb or imports one.
Flags and their meaning: pixi 0.77.0, command line reference (read 2026-11).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import click

from pixi_jupyter._version import PIXI_VERSION, __version__
from pixi_jupyter.errors import nearest

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """A verb with the arguments of its request, and how to show the outcome."""

    verb: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    json: bool = False
    quiet: int = 0
    verbose: int = 0
    progress: bool = True
    color: str = "auto"
    traceback: bool = False


_OUTPUT = ("json", "quiet", "verbose", "no_progress", "color", "traceback")


def parse(words: Sequence[str], *, command: str = "pixi-jupyter") -> Invocation | None:
    """Read the words of a command.

    Parameters
    ----------
    words
        Without the program's own name.
    command
        The name that usage and help show.

    Returns
    -------
    Invocation or None
        None where help or the version was asked for, and shown.

    Raises
    ------
    click.ClickException
        If the words do not fit; `format_message` says why.
    """
    found = main.main(args=list(words), prog_name=command, standalone_mode=False)
    return found if isinstance(found, Invocation) else None


def _invocation(verb: str, values: dict[str, Any]) -> Invocation:
    context: click.Context | None = click.get_current_context()
    output: dict[str, Any] = {}
    while context is not None:  # an option counts wherever it was written
        for key in _OUTPUT:
            value = context.params.get(key)
            if key in ("quiet", "verbose"):
                output[key] = output.get(key, 0) + (value or 0)
            elif value and not output.get(key):
                output[key] = value
        context = context.parent
    arguments = {
        key: value
        for key, value in values.items()
        if key not in _OUTPUT and value is not None
    }
    return Invocation(
        verb=verb,
        arguments=arguments,
        json=bool(output.get("json")),
        quiet=output.get("quiet", 0),
        verbose=output.get("verbose", 0),
        progress=not output.get("no_progress"),
        color=output.get("color") or "auto",
        traceback=bool(output.get("traceback")),
    )


def _output(function: Command) -> Command:
    for option in (
        click.option(
            "--color",
            type=click.Choice(["auto", "always", "never"]),
            help="Whether to colour the output.",
        ),
        click.option("--no-progress", is_flag=True, help="Show no progress."),
        click.option("-q", "--quiet", count=True, help="Say less; -qq only errors."),
        click.option("-v", "--verbose", count=True, help="Say more."),
        click.option("--traceback", is_flag=True, hidden=True),
    ):
        function = option(function)
    return function


def _json(function: Command) -> Command:
    return click.option("--json", is_flag=True, help="Print JSON on stdout.")(function)


def _workspace(function: Command) -> Command:
    for option in (
        click.option("--offline", is_flag=True, help="Do without the network."),
        click.option(
            "-m",
            "--manifest-path",
            "manifest",
            type=click.Path(path_type=Path),
            help="The manifest or its folder.  [default: here and above]",
        ),
    ):
        function = option(function)
    return function


def _locking(function: Command) -> Command:
    for option in (
        click.option(
            "--frozen",
            is_flag=True,
            envvar="PIXI_FROZEN",
            help="Take the lock as it is, do not look at the manifest.",
        ),
        click.option(
            "--locked",
            is_flag=True,
            envvar="PIXI_LOCKED",
            help="Refuse a lock that does not fit the manifest.",
        ),
    ):
        function = option(function)
    return _workspace(function)


def _table(function: Command) -> Command:
    for option in (
        click.option(
            "-p",
            "--platform",
            "platforms",
            multiple=True,
            metavar="PLATFORM",
            help="Only for this platform (may be repeated).",
        ),
        click.option(
            "-e", "--environment", metavar="NAME", help="Inside this environment."
        ),
        click.option("-f", "--feature", metavar="NAME", help="In this feature."),
        click.option("--no-install", is_flag=True, help="Lock, do not install."),
        click.option("--pypi", is_flag=True, help="PyPI packages (not yet)."),
    ):
        function = option(function)
    return function


class _Group(click.Group):
    """A group that answers an unknown command with the nearest one."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            close = nearest(args[0], self.list_commands(ctx))
            # click says so itself from version 8.5 on
            if close and "Did you mean" not in error.format_message():
                message = f"No command named {args[0]}; did you mean {close}?"
                raise click.UsageError(message, ctx) from error
            raise

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands in the order in which people meet them."""
        del ctx
        return list(self.commands)


_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 88}


@click.group(
    cls=_Group,
    context_settings=_CONTEXT,
    epilog="Each command explains itself with --help.",
)
@click.version_option(
    __version__,
    "-V",
    "--version",
    prog_name="pixi-jupyter",
    message=f"%(prog)s %(version)s (pixi {PIXI_VERSION})",
)
@_output
def main(**values: Any) -> None:  # noqa: ANN401  click's own values
    """Environments for notebooks that can be trusted.

    Reads and writes pixi workspaces (pixi.toml, pyproject.toml, pixi.lock), installs
    their environments, and makes each of them a Jupyter kernel.
    """
    del values


@main.command()
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option(
    "-c", "--channel", "channels", multiple=True, help="Channel (may be repeated)."
)
@click.option(
    "-p", "--platform", "platforms", multiple=True, help="Platform (may be repeated)."
)
@click.option(
    "--format",
    type=click.Choice(["pixi", "pyproject"]),
    help="Which manifest to write.  [default: pyproject where there is one, else pixi]",
)
@_json
@_output
def init(**values: Any) -> Invocation:  # noqa: ANN401
    """Make a new workspace."""
    return _invocation("init", values)


@main.command()
@click.argument("specs", nargs=-1, required=True, metavar="SPEC...")
@_table
@_locking
@_json
@_output
def add(**values: Any) -> Invocation:  # noqa: ANN401
    """Add packages to the workspace.

    SPEC is a name or a match spec: numpy, 'numpy >=2', conda-forge::numpy. A name
    alone is pinned to what was solved.
    """
    return _invocation("add", values)


@main.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@_table
@_locking
@_json
@_output
def remove(**values: Any) -> Invocation:  # noqa: ANN401
    """Remove packages from the workspace."""
    return _invocation("remove", values)


@main.command()
@click.option("--check", is_flag=True, help="Exit 1 where the lock did not fit.")
@click.option("-n", "--dry-run", is_flag=True, help="Write nothing.")
@_workspace
@_json
@_output
def lock(**values: Any) -> Invocation:  # noqa: ANN401
    """Solve all environments for all platforms into pixi.lock."""
    return _invocation("lock", values)


@main.command()
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
@_locking
@_json
@_output
def install(**values: Any) -> Invocation:  # noqa: ANN401
    """Install environments as they are locked."""
    return _invocation("install", values)


@main.command("list")
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
@_locking
@_json
@_output
def list_packages(**values: Any) -> Invocation:  # noqa: ANN401
    """List the packages that are locked for an environment."""
    return _invocation("list", values)


@main.command()
@click.option("--extended", is_flag=True, help="Measure sizes on disk too.")
@_workspace
@_json
@_output
def info(**values: Any) -> Invocation:  # noqa: ANN401
    """Tell about this computer, the workspace and its environments."""
    return _invocation("info", values)


@main.command()
@click.argument("package")
@click.option(
    "-c", "--channel", "channels", multiple=True, help="Channel (may be repeated)."
)
@click.option("-p", "--platform", metavar="SUBDIR", help="Another platform's packages.")
@click.option("-l", "--limit", type=int, help="Versions of a package to show; -1: all.")
@click.option("-n", "--limit-packages", type=int, help="Packages to show; -1: all.")
@_workspace
@_json
@_output
def search(**values: Any) -> Invocation:  # noqa: ANN401
    """Look for a package in the channels; PACKAGE may be a glob."""
    return _invocation("search", values)


@main.command(
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False}
)
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
@click.option("-e", "--environment", metavar="NAME", help="Environment.")
@click.option("-x", "--executable", is_flag=True, help="A program, never a task.")
@click.option("--clean-env", is_flag=True, help="Only the environment's own variables.")
@_locking
@_output
def run(**values: Any) -> Invocation:  # noqa: ANN401
    """Run a command in an activated environment."""
    return _invocation("run", values)


@main.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@_json
@_output
def demo(**values: Any) -> Invocation:  # noqa: ANN401
    """Show all of it, in a folder of its own and without a network.

    Makes a channel from this Python, a workspace with two environments, their lock,
    their prefixes and kernels, and runs a notebook in one of them.
    """
    return _invocation("demo", values)


@main.group(cls=_Group)
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
@_workspace
@_json
@_output
def kernel_install(**values: Any) -> Invocation:  # noqa: ANN401
    """Write a kernelspec for each environment, installed yet or not."""
    return _invocation("kernel_install", values)


@kernel.command("list")
@_json
@_output
def kernel_list(**values: Any) -> Invocation:  # noqa: ANN401
    """List the kernels that are registered for any workspace."""
    return _invocation("kernel_list", values)


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
@_workspace
@_json
@_output
def kernel_remove(**values: Any) -> Invocation:  # noqa: ANN401
    """Take kernelspecs away; environments stay."""
    return _invocation("kernel_remove", values)


@main.group(cls=_Group)
def channel() -> None:
    """Make conda channels."""


@channel.command("build")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--all", is_flag=True, help="All installed distributions.")
@_json
@_output
def channel_build(**values: Any) -> Invocation:  # noqa: ANN401
    """Make a channel from this Python and what is installed beside it.

    Without NAME it holds python and all that ipykernel and ipywidgets need.
    """
    return _invocation("channel_build", values)
