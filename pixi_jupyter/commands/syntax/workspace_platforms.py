"""The commands `workspace platform …`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from pixi_jupyter.commands.syntax import options

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def _promises(function: Decorated) -> Decorated:
    """Add the options about virtual packages that have a key of their own."""
    for name, what in (
        ("windows", "Windows"),
        ("macos", "macOS"),
        ("linux", "the Linux kernel"),
        ("glibc", "glibc"),
        ("archspec", "a microarchitecture"),
        ("cuda-arch", "a CUDA compute capability"),
        ("cuda", "CUDA"),
    ):
        metavar = "NAME" if name == "archspec" else "VERSION"
        text = f"It has {what} at least."
        function = click.option(f"--{name}", metavar=metavar, help=text)(function)
    return function


@click.group(cls=options.Group)
def platform() -> None:
    """Say which platforms the workspace is for."""


@platform.command("add")
@click.argument("names", nargs=-1, metavar="[PLATFORM]...")
@click.option("--auto-detect", is_flag=True, help="This computer, as it is.")
@_promises
@options.script
@options.placed
@options.solving
@options.as_json
@options.output
def platform_add(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Add platforms, then lock and install.

    PLATFORM is linux-64, osx-arm64 and so on, or NAME=linux-64 for one that promises
    more: 'gpu=linux-64 --cuda 12', or __NAME=VERSION for other virtual packages.
    """
    return options.invocation("workspace_platform_add", values)


@platform.command("edit")
@click.argument("name")
@click.argument("virtual_packages", nargs=-1, metavar="[__NAME=VERSION]...")
@click.option("--subdir", metavar="PLATFORM", help="The platform of conda it is.")
@_promises
@click.option(
    "--remove-virtual-package",
    "removed",
    multiple=True,
    metavar="NAME",
    help="Promise this no more (may be repeated).",
)
@click.option(
    "--clear-virtual-packages", "clear", is_flag=True, help="Drop all promises first."
)
@options.script
@options.solving
@options.as_json
@options.output
def platform_edit(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Change what a platform promises, then lock and install."""
    return options.invocation("workspace_platform_edit", values)


@platform.command("list")
@options.script
@options.manifest
@options.as_json
@options.output
def platform_list(**values: Any) -> options.Invocation:  # noqa: ANN401
    """List the platforms, and what this computer is."""
    return options.invocation("workspace_platform_list", values)


@platform.command("move")
@click.argument("name")
@click.option("--before", metavar="NAME", help="Directly before this one.")
@click.option("--after", metavar="NAME", help="Directly behind this one.")
@click.option("--to-top", is_flag=True, help="Before all others.")
@click.option("--to-bottom", is_flag=True, help="Behind all others.")
@options.script
@options.solving
@options.as_json
@options.output
def platform_move(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Give a platform another place.

    The first that fits a computer is used.
    """
    return options.invocation("workspace_platform_move", values)


@platform.command("remove")
@click.argument("names", nargs=-1, required=True, metavar="PLATFORM...")
@options.script
@options.placed
@options.solving
@options.as_json
@options.output
def platform_remove(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Remove platforms, then lock and install."""
    return options.invocation("workspace_platform_remove", values)
