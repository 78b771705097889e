"""What the commands share: options, and how values become an `Invocation`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from pathlib import Path
from typing import Any, TypeVar

import click

from pixi_jupyter.commands.syntax.groups import Group, Lazy
from pixi_jupyter.commands.syntax.scripts import applied, script
from pixi_jupyter.commands.syntax.settings import (
    PINNING,
    SETTINGS,
    settings,
    settings_said,
)
from pixi_jupyter.values import dataclass

__all__ = [
    "PINNING",
    "Group",
    "Invocation",
    "Lazy",
    "as_json",
    "fitting",
    "invocation",
    "locking",
    "manifest",
    "output",
    "placed",
    "script",
    "settings",
    "solving",
    "table",
    "workspace",
]

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


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
    settings: Mapping[str, Any] = field(default_factory=dict)
    """What stands over the configuration, as `config.overridden` takes it."""


_OUTPUT = ("json", "quiet", "verbose", "no_progress", "color", "traceback")


def invocation(verb: str, values: dict[str, Any]) -> Invocation:
    """Make what a command was called with into an `Invocation`.

    An output option counts wherever it was written, also before the command.
    """
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
        if key not in _OUTPUT and key not in SETTINGS and value is not None
    }
    if (name := click.get_current_context().meta.get(_NAMED)) is not None:
        if "manifest" in arguments:
            msg = "--workspace and --manifest-path both say which workspace"
            raise click.UsageError(msg)
        arguments["manifest"] = _registered(name)
    arguments = applied(verb, arguments)
    if arguments.pop("as_is", False):
        arguments["frozen"] = True
        if "no_install" in values:
            arguments["no_install"] = True
    return Invocation(
        verb=verb,
        arguments=arguments,
        json=bool(output.get("json")),
        quiet=output.get("quiet", 0),
        verbose=output.get("verbose", 0),
        progress=not output.get("no_progress"),
        color=output.get("color") or "auto",
        traceback=bool(output.get("traceback")),
        settings=settings_said(values),
    )


def output(function: Decorated) -> Decorated:
    """Add the options about what is shown."""
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


def as_json(function: Decorated) -> Decorated:
    """Add ``--json``."""
    return click.option("--json", is_flag=True, help="Print JSON on stdout.")(function)


def workspace(function: Decorated) -> Decorated:
    """Add the options that say which workspace."""
    offline = click.option("--offline", is_flag=True, help="Do without the network.")
    return manifest(offline(settings(function)))


def manifest(function: Decorated) -> Decorated:
    """Add the options that say where the manifest is."""
    by_name = click.option(
        "-w",
        "--workspace",
        metavar="NAME",
        expose_value=False,
        callback=_remember_name,
        help="The workspace that was registered under this name.",
    )
    function = by_name(function)
    return click.option(
        "-m",
        "--manifest-path",
        "manifest",
        type=click.Path(path_type=Path),
        help="The manifest or its folder.  [default: here and above]",
    )(function)


_NAMED = "pixi_jupyter.workspace"


def _remember_name(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> None:
    del parameter
    if value is not None:
        context.meta[_NAMED] = value


def _registered(name: str) -> Path:
    from pixi_jupyter.workspace.registry import registered

    return registered(name)


def locking(function: Decorated) -> Decorated:
    """Add the options of `fitting`, and the one that leaves everything as it is."""
    as_is = click.option(
        "--as-is", is_flag=True, help="Neither lock nor install: --frozen, and more."
    )
    return as_is(fitting(function))


def fitting(function: Decorated) -> Decorated:
    """Add the options about a lock that does not fit; those of `workspace` too."""
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
    return workspace(function)


def table(function: Decorated) -> Decorated:
    """Add the options that say which table of the manifest is changed."""
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
        click.option("-n", "--dry-run", is_flag=True, help="Write nothing, tell all."),
        click.option("--no-install", is_flag=True, help="Lock, do not install."),
        click.option("--pypi", is_flag=True, help="Packages of PyPI."),
    ):
        function = option(function)
    return function


def placed(function: Decorated) -> Decorated:
    """Add the options that say whose table is changed."""
    whose = click.option(
        "-e", "--environment", metavar="NAME", help="Inside this environment."
    )
    return whose(
        click.option("-f", "--feature", metavar="NAME", help="In this feature.")(
            function
        )
    )


def solving(function: Decorated) -> Decorated:
    """Add the options of a change that is solved afterwards."""
    quick = click.option("--no-install", is_flag=True, help="Lock, do not install.")
    return quick(locking(function))
