"""Where everything stands in the text of a TOML document.

The parsers give values without positions; these are needed to show an error and to
edit in place.
"""

from __future__ import annotations

from dataclasses import field
from typing import Literal, TypeAlias

from pixi_jupyter.values import dataclass

Keys: TypeAlias = tuple[str | int, ...]
"""Path from the top of the document; numbers count the elements of arrays."""

DEEPEST = 100
"""Levels of tables and arrays; nobody writes ten of them."""

Kind: TypeAlias = Literal["header", "pair", "member", "item"]
"""``[table]``, ``key = value`` on a line, in an inline table; element of an array."""


class LayoutError(ValueError):
    """The text is not TOML; says what a person would have meant."""

    def __init__(self, position: int, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.position, self.reason, self.hint = position, reason, hint


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing in the text, with its extent as offsets."""

    kind: Kind
    keys: Keys
    """Its full path."""
    written: int
    """How many keys at the end of the path are written here (dotted keys)."""
    start: int
    """First character of key, ``[`` or element."""
    key_end: int
    value: int
    """First character of the value; of a header, its start."""
    end: int
    """Behind the last character."""

    @property
    def parent(self) -> Keys:
        """The table or array that the written keys start from."""
        return self.keys[: len(self.keys) - self.written]


@dataclass(slots=True)
class Layout:
    """All entries of a text, in its order."""

    text: str
    entries: list[Entry] = field(default_factory=list)

    def find(self, keys: Keys) -> Entry | None:
        """Find the entry of exactly that path; values before headers."""
        found = [entry for entry in self.entries if entry.keys == keys]
        found.sort(key=lambda entry: entry.kind == "header")
        return found[0] if found else None

    def below(self, keys: Keys) -> list[Entry]:
        """List what is written at or below a path."""
        size = len(keys)
        return [entry for entry in self.entries if entry.keys[:size] == keys]

    def line_start(self, position: int) -> int:
        """Give the offset where the line of `position` begins."""
        return self.text.rfind("\n", 0, position) + 1

    def line_end(self, position: int) -> int:
        """Give the offset behind the line of `position`, its newline included."""
        found = self.text.find("\n", position)
        return len(self.text) if found < 0 else found + 1


def read_layout(text: str) -> Layout:
    """Find the place of every key and value.

    Raises
    ------
    LayoutError
        If the text is plainly not TOML.
    """
    from pixi_jupyter.manifest.scanner import Scanner

    return Scanner(text).scan()
