"""What could stand at the cursor of a command: read off the command tree.

Nothing here looks at a disk. `expect` says what kind of word is due and gives what
the tree itself knows (verbs, flags, choices); whoever asks brings the names of that
kind and lets `Spot.fitting` choose.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import field
from typing import TYPE_CHECKING

import click

from pixi_jupyter.commands.kinds import ANY_PLATFORM, ARGUMENTS, FUNCTIONS, OPTIONS
from pixi_jupyter.commands.tree import main
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pixi_jupyter.commands.kinds import Kind

MANY = 300
"""A longer list helps nobody."""

_START = re.compile(r"(?:^|[\s=])(?:%{1,2}pixi|pixi-jupyter)(?=\s)")
_FIRST = re.compile(r"^\s*\S+(?=\s)")
_WORD = re.compile(r"""(?:[^\s"']|"[^"]*(?:"|$)|'[^']*(?:'|$))+""")
_SPEC_END = re.compile(r"[<>=!~\[\s*]")


@dataclass(frozen=True, slots=True)
class Match:
    """One word that could stand there."""

    text: str
    meta: str = ""
    """What it is, in few words."""

    def to_json(self) -> dict[str, str]:
        """Give the JSON form."""
        return {"text": self.text, "meta": self.meta}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """What is expected at the cursor."""

    start: int
    """Where the word begins that would be replaced, up to the cursor."""
    partial: str = ""
    """What is written of it."""
    kind: Kind = ""
    """Whose names are wanted."""
    matches: tuple[Match, ...] = ()
    """What the tree itself knows."""
    values: Mapping[str, str] = field(default_factory=dict)
    """Options that were given, by the name of their parameter."""
    words: tuple[str, ...] = ()
    """Arguments that were given."""

    def fitting(self, names: Iterable[Match]) -> tuple[Match, ...]:
        """Choose from names of `kind` those that could be meant, and that are few."""
        partial = self.partial.lower()
        found = [
            match
            for match in names
            if match.text.lower().startswith(partial)
            # one value may be meant for several arguments
            and (match.text not in self.words or self.kind == "task_argument")
        ]
        return () if len(found) > MANY and not partial else tuple(found[:MANY])


def among(names: Sequence[str], partial: str) -> Sequence[str]:
    """Give those of many sorted names that begin with `partial`."""
    first = bisect_left(names, partial)
    return names[first : bisect_left(names, partial + "\uffff", lo=first)]


def expect(line: str, cursor: int) -> Spot:
    """Find out what is expected at the cursor of a line.

    Parameters
    ----------
    line
        With the word that begins a command, such as ``%pixi``.
    cursor
        Characters before the cursor; what stands behind it does not matter.
    """
    line = line[: max(0, cursor)]
    begun = _START.search(line) or _FIRST.search(line)
    if begun is None:
        return Spot(start=len(line))
    *words, (start, partial) = [
        *((each.start(), each.group()) for each in _WORD.finditer(line, begun.end())),
        *([(len(line), "")] if line[-1].isspace() and not _is_open(line) else []),
    ]
    if partial[:1] in {"'", '"'}:
        start, partial = start + 1, partial[1:]
    reader = _Reader()
    for _, word in words:
        reader.read(word.strip("\"'"))
    return reader.spot(start, partial)


def _is_open(line: str) -> bool:
    """Tell whether the end of a line is inside of quotes."""
    last = [each.group() for each in _WORD.finditer(line)][-1:]
    return bool(last) and line.endswith(last[0]) and last[0][-1:].isspace()


class _Reader:
    """Follows the words through the tree."""

    def __init__(self) -> None:
        self._command: click.Command = main
        self._values: dict[str, str] = {}
        self._words: list[str] = []
        self._flags: set[str] = set()
        self._awaited: click.Option | None = None
        self._literal = False
        """Whether all that follows are arguments."""
        self._lost = False
        """Whether the words fit no command."""

    def read(self, word: str) -> None:
        """Take a word that is complete."""
        if self._awaited is not None:
            self._values[self._awaited.name or ""] = word
            self._awaited = None
        elif word == "--" and not self._literal:
            self._literal = True
        elif word.startswith("-") and len(word) > 1 and not self._literal:
            self._option(word)
        elif isinstance(self._command, click.Group):
            found = self._command.commands.get(word)
            self._lost = self._lost or found is None
            self._command = found or self._command
        else:
            self._words.append(word)
            # what follows is read by the command that is run
            self._literal = self._literal or self._command.name == "run"

    def _option(self, word: str) -> None:
        if word.startswith("--"):
            name, sign, value = word.partition("=")
            option = self._find(name)
            self._note(option, value if sign else None)
            return
        for position, letter in enumerate(word[1:], start=2):
            option = self._find(f"-{letter}")
            if option is not None and _takes_value(option):
                self._note(option, word[position:] or None)
                return
            self._note(option, None)

    def _find(self, name: str) -> click.Option | None:
        for option in _options(self._command):
            if name in option.opts:
                return option
        return None

    def _note(self, option: click.Option | None, value: str | None) -> None:
        if option is None:
            return
        self._flags.add(option.name or "")
        if not _takes_value(option):
            return
        if value is None:
            self._awaited = option
        else:
            self._values[option.name or ""] = value

    def spot(self, start: int, partial: str) -> Spot:
        """Say what the next word may be, of which some is written."""
        if self._lost:
            return Spot(start=start)
        if self._awaited is None and partial.startswith("-") and not self._literal:
            name, sign, value = partial.partition("=")
            option = self._find(name) if sign else None
            if option is not None and _takes_value(option):
                return self._value(option, start + len(name) + 1, value)
            option = self._find(partial[:2])
            if len(partial) > 2 and option is not None and _takes_value(option):  # noqa: PLR2004  -eNAME
                return self._value(option, start + 2, partial[2:])
            return self._spot(start, partial, matches=self._flag_matches())
        if self._awaited is not None:
            return self._value(self._awaited, start, partial)
        return self._argument(start, partial)

    def _value(self, option: click.Option, start: int, partial: str) -> Spot:
        if isinstance(option.type, click.Choice):
            choices = tuple(Match(str(choice)) for choice in option.type.choices)
            return self._spot(start, partial, matches=choices)
        kind = OPTIONS.get(option.name or "", "")
        if kind == "platform" and self._command.name in ANY_PLATFORM:
            kind = "subdir"
        return self._spot(start, partial, kind)

    def _argument(self, start: int, partial: str) -> Spot:
        if isinstance(self._command, click.Group):
            verbs = tuple(
                Match(name, command.get_short_help_str(60))
                for name, command in self._command.commands.items()
                if not command.hidden
            )
            return self._spot(start, partial, matches=verbs)
        kind = self._kind()
        if kind == "channel_package":
            before, sign, name = partial.rpartition("::")
            start, partial = start + len(before + sign), name.lower()
            if _SPEC_END.search(partial):
                return Spot(start=start)
        if kind == "runnable" and "executable" in self._flags:
            kind = "program"
        if kind == "runnable" and self._words:
            kind = "task_argument"
        if self._literal and kind == "program" and self._words:
            return Spot(start=start)
        flags = () if partial or self._literal else self._flag_matches()
        return self._spot(start, partial, kind, flags)

    def _kind(self) -> Kind:
        """Say what the next argument names."""
        function = getattr(self._command.callback, "__name__", "")
        taken = len(self._words)
        for argument in self._command.params:
            if not isinstance(argument, click.Argument):
                continue
            if argument.nargs == -1 or taken < argument.nargs:
                key = (self._command.name or "", argument.name or "")
                is_first = argument.nargs == -1 or not self._words
                function = function if is_first else ""
                return FUNCTIONS.get(function, ARGUMENTS.get(key, ""))
            taken -= argument.nargs
        return ""

    def _flag_matches(self) -> tuple[Match, ...]:
        options = [
            option
            for option in _options(self._command)
            if not option.hidden
            and (option.multiple or option.count or option.name not in self._flags)
        ]
        flags = [Match(max(each.opts, key=len), each.help or "") for each in options]
        return (*flags, Match("--help", "Show how it is used."))

    def _spot(
        self,
        start: int,
        partial: str,
        kind: Kind = "",
        matches: tuple[Match, ...] = (),
    ) -> Spot:
        return Spot(
            start=start,
            partial=partial,
            kind=kind,
            matches=tuple(each for each in matches if each.text.startswith(partial)),
            values=self._values,
            words=tuple(self._words),
        )


def _options(command: click.Command) -> list[click.Option]:
    return [each for each in command.params if isinstance(each, click.Option)]


def _takes_value(option: click.Option) -> bool:
    return not (option.is_flag or option.count)
