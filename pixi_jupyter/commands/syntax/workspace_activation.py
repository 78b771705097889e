"""The commands `workspace activation …`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from pixi_jupyter.commands.syntax import options

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def _whose(function: Decorated) -> Decorated:
    """Add the options that say whose activation, and where the manifest is."""
    target = click.option(
        "-t",
        "--target",
        metavar="SELECTOR",
        help="Only for these platforms: linux-64, unix, win, 'cuda-*'.",
    )
    return options.placed(target(options.manifest(function)))


@click.group(cls=options.Group)
def activation() -> None:
    """Say what is done when an environment is activated."""


@activation.command("list")
@_whose
@options.as_json
@options.output
def activation_list(**values: Any) -> options.Invocation:  # noqa: ANN401
    """List scripts and variables."""
    return options.invocation("workspace_activation_list", values)


@activation.group("env", cls=options.Group)
def env() -> None:
    """Change the variables that are set."""


@env.command("list")
@_whose
@options.as_json
@options.output
def env_list(**values: Any) -> options.Invocation:  # noqa: ANN401
    """List the variables."""
    values["shows"] = "env"
    return options.invocation("workspace_activation_list", values)


@env.command("set")
@click.argument("assignments", nargs=-1, required=True, metavar="NAME=VALUE...")
@_whose
@options.as_json
@options.output
def env_set(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Set variables."""
    return options.invocation("workspace_activation_env_set", values)


@env.command("remove")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@_whose
@options.as_json
@options.output
def env_remove(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Take variables out."""
    return options.invocation("workspace_activation_env_remove", values)


@activation.group("script", cls=options.Group)
def script() -> None:
    """Change the scripts that are run."""


@script.command("list")
@_whose
@options.as_json
@options.output
def script_list(**values: Any) -> options.Invocation:  # noqa: ANN401
    """List the scripts."""
    values["shows"] = "scripts"
    return options.invocation("workspace_activation_list", values)


@script.command("add")
@click.argument("names", nargs=-1, required=True, metavar="SCRIPT...")
@_whose
@options.as_json
@options.output
def script_add(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Add scripts behind those that are there."""
    return options.invocation("workspace_activation_script_add", values)


@script.command("prepend")
@click.argument("names", nargs=-1, required=True, metavar="SCRIPT...")
@_whose
@options.as_json
@options.output
def script_prepend(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Add scripts before all others, or move them there."""
    values["prepend"] = True
    return options.invocation("workspace_activation_script_add", values)


@script.command("remove")
@click.argument("names", nargs=-1, required=True, metavar="SCRIPT...")
@_whose
@options.as_json
@options.output
def script_remove(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Take scripts out."""
    return options.invocation("workspace_activation_script_remove", values)
