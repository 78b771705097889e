"""What the commands share: options, and how values become an `Invocation`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import field
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

import click

from pixi_jupyter.errors import nearest
from pixi_jupyter.values import dataclass

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
    return manifest(offline(function))


def manifest(function: Decorated) -> Decorated:
    """Add the option that says where the manifest is."""
    return click.option(
        "-m",
        "--manifest-path",
        "manifest",
        type=click.Path(path_type=Path),
        help="The manifest or its folder.  [default: here and above]",
    )(function)


def locking(function: Decorated) -> Decorated:
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
        click.option("--no-install", is_flag=True, help="Lock, do not install."),
        click.option("--pypi", is_flag=True, help="PyPI packages (not yet)."),
    ):
        function = option(function)
    return function


class Lazy(MutableMapping[str, click.Command]):
    """The commands of a group, each imported when it is asked for.

    Parameters
    ----------
    where
        ``module:name`` by the command's word, the module below this package.
    """

    def __init__(self, where: Mapping[str, str]) -> None:
        self._where = dict(where)
        self._found: dict[str, click.Command] = {}

    def __getitem__(self, word: str) -> click.Command:
        if word not in self._found:
            module, _, name = self._where[word].partition(":")
            found = import_module(f"{__package__}.{module}")
            self._found[word] = getattr(found, name)
        return self._found[word]

    def __setitem__(self, word: str, command: click.Command) -> None:
        self._where.setdefault(word, "")
        self._found[word] = command

    def __delitem__(self, word: str) -> None:
        del self._where[word]
        self._found.pop(word, None)

    def __contains__(self, word: object) -> bool:
        return word in self._where

    def __iter__(self) -> Iterator[str]:
        return iter(self._where)

    def __len__(self) -> int:
        return len(self._where)


class Group(click.Group):
    """A group that answers an unknown command with the nearest one."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command of the first word, or say which one was meant."""
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
