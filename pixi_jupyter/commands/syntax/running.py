"""Commands that start something in an environment."""

from __future__ import annotations

from typing import Any

import click

from pixi_jupyter.commands.syntax import options
from pixi_jupyter.commands.syntax.scripts import is_named

_OF_LISTS = ("manifest", "offline", "environment")
"""What is left of the options where no word was given: the tasks are listed."""


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False}
)
@click.argument(
    "command", nargs=-1, type=click.UNPROCESSED, metavar="[TASK|COMMAND]..."
)
@click.option("-e", "--environment", metavar="NAME", help="Environment.")
@click.option("-x", "--executable", is_flag=True, help="A program, never a task.")
@click.option("--skip-deps", is_flag=True, help="Only the task, not what it needs.")
@click.option("-n", "--dry-run", is_flag=True, help="Say what would run.")
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Run so many tasks at once that do not need each other.",
)
@click.option("--templated", is_flag=True, help="The command is a template.")
@click.option(
    "--allow-shell-arguments",
    is_flag=True,
    help="Let the arguments of a task be code for its shell.",
)
@click.option("--clean-env", is_flag=True, help="Only the environment's own variables.")
@click.option("--force-activate", is_flag=True, help="Run the activation scripts anew.")
@click.option("--no-install", is_flag=True, help="Take the prefix as it is.")
@options.script
@options.locking
@options.output
def run(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Run a task, or a command in an activated environment.

    Options come before the task; what follows its name is its own. Without a word
    the tasks are listed.
    """
    if values["command"] or is_named():
        return options.invocation("run", values)
    return options.invocation("tasks", {key: values[key] for key in _OF_LISTS})


@click.command()
@click.option("-e", "--environment", metavar="NAME", help="Environment.")
@click.option("--change-ps1", type=bool, help="Whether the prompt is changed.")
@click.option("--force-activate", is_flag=True, help="Run the activation scripts anew.")
@click.option("--no-completions", is_flag=True, help="Load no completions.")
@click.option("--no-install", is_flag=True, help="Take the prefix as it is.")
@options.locking
@options.output
def shell(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Start a shell in an activated environment; leave it with exit."""
    return options.invocation("shell", values)
