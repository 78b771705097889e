"""The commands that change, list and show tasks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from pixi_jupyter.commands.syntax import options

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

_MORE_NAMES = {"@": "alias", "l": "list"}
_MANY = "--depends-on"


class TaskGroup(options.Group):
    """A group whose commands have the short names that pixi gives them."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Find a command by one of its names."""
        return super().get_command(ctx, _MORE_NAMES.get(cmd_name, cmd_name))


class TaskCommand(click.Command):
    """A command whose words may be those of another program."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words; an option that is not ours is explained."""
        try:
            return super().parse_args(ctx, repeated(args))
        except click.NoSuchOption as error:
            example = f'{ctx.command_path} NAME "COMMAND {error.option_name}"'
            message = (
                f"No such option: {error.option_name}; put a command that has"
                f" options in quotes: {example}"
            )
            raise click.UsageError(message, ctx) from error


def repeated(args: list[str]) -> list[str]:
    """Give an option that takes several values once for each of them.

    Examples
    --------
    >>> repeated(["go", "--depends-on", "a", "b", "--cwd", "c"])
    ['go', '--depends-on', 'a', '--depends-on', 'b', '--cwd', 'c']
    """
    found: list[str] = []
    values: int | None = None
    for number, word in enumerate(args):
        if word == "--":
            return [*found, *args[number:]]
        if word.startswith("-"):
            values = 0 if word == _MANY else None
        elif values is not None:
            if values:
                found.append(_MANY)
            values += 1
        found.append(word)
    return found


def _invocation(verb: str, values: dict[str, Any]) -> options.Invocation:
    """Make an invocation; the manifest may be named before the command, as in pixi."""
    above = click.get_current_context().parent
    named = above.params.get("manifest") if above is not None else None
    if values.get("manifest") is None and named is not None:
        values["manifest"] = named
    return options.invocation(verb, values)


def _placed(function: Decorated) -> Decorated:
    """Add the options that say whose tasks are changed."""
    platform = click.option(
        "-p",
        "--platform",
        metavar="PLATFORM",
        help="Only for these platforms: linux-64, unix, win, 'cuda-*'.",
    )
    return platform(options.placed(options.manifest(function)))


@click.group("task", cls=TaskGroup)
@options.manifest
def task(**values: Any) -> None:  # noqa: ANN401  click's own values
    """Change and list the tasks of the workspace."""
    del values


@task.command("add", cls=TaskCommand)
@click.argument("name")
@click.argument("command", nargs=-1, required=True, metavar="COMMAND...")
@click.option(
    _MANY, "depends_on", multiple=True, metavar="TASK...", help="Run these before it."
)
@click.option(
    "--cwd",
    "folder",
    metavar="FOLDER",
    help="Where it runs.  [default: the workspace's folder]",
)
@click.option(
    "--env", multiple=True, metavar="KEY=VALUE", help="A variable (may be repeated)."
)
@click.option(
    "--arg",
    "args",
    multiple=True,
    metavar="NAME[=DEFAULT]",
    help="An argument, {{ NAME }} in the command (may be repeated).",
)
@click.option(
    "--default-environment",
    metavar="NAME",
    help="Where it runs if several environments have it.",
)
@click.option("--description", metavar="TEXT", help="What it does.")
@click.option("--clean-env", is_flag=True, help="Only the environment's own variables.")
@_placed
@options.as_json
@options.output
def task_add(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Add a task that runs a command.

    Several words are joined to one command; options of its own need quotes:
    task add lint "ruff check --fix" --depends-on build
    """
    return _invocation("task_add", values)


@task.command("remove")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@_placed
@options.as_json
@options.output
def task_remove(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Take tasks out of the manifest."""
    return _invocation("task_remove", values)


@task.command("alias")
@click.argument("name", metavar="ALIAS")
@click.argument("depends_on", nargs=-1, required=True, metavar="TASK...")
@click.option("--description", metavar="TEXT", help="What it does.")
@_placed
@options.as_json
@options.output
def task_alias(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Add a task that only runs others."""
    return _invocation("task_alias", values)


@task.command("list")
@click.option("-e", "--environment", metavar="NAME", help="Only of this environment.")
@click.option("-s", "--summary", is_flag=True, help="Only names, by environment.")
@click.option("--machine-readable", is_flag=True, hidden=True)
@options.manifest
@options.as_json
@options.output
def task_list(**values: Any) -> options.Invocation:  # noqa: ANN401
    """List the tasks, with what each does."""
    return _invocation("task_list", values)


@click.command("tasks")
@click.option("-e", "--environment", metavar="NAME", help="Only of this environment.")
@options.manifest
@options.as_json
@options.output
def tasks(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Show what can be run, where, and which arguments it needs."""
    return options.invocation("tasks", values)
