"""Groups of commands: each is imported when it is called, and answers mistakes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module

import click

from pixi_jupyter.errors import nearest


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


_ALIASES = {"a": "add", "ls": "list", "mv": "move", "rm": "remove"} | {
    "project": "workspace"
}
"""Names that pixi knows too, where a group has the command."""


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

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Find a command by its name, or by the short one that pixi knows too."""
        found = super().get_command(ctx, cmd_name)
        other = _ALIASES.get(cmd_name)
        return super().get_command(ctx, other) if found is None and other else found

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands in the order in which people meet them."""
        del ctx
        return list(self.commands)
