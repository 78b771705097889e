"""From a path of keys to a line and column, and from there to an error."""

from __future__ import annotations

import json
import re
from dataclasses import field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from pixi_jupyter.errors import ManifestParseError
from pixi_jupyter.manifest.layout import LayoutError, read_layout
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pixi_jupyter.adapters.toml import TomlError
    from pixi_jupyter.manifest.layout import Keys, Layout

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_WIDEST = 160
"""Characters of a line, and of a path of keys, that are shown."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a text, counted from 1."""

    line: int
    column: int
    source_line: str = ""
    """The text of that line."""


def place_of(text: str, offset: int) -> Place:
    """Give line and column of an offset."""
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    line = text[start : len(text) if end < 0 else end].rstrip("\r")
    return Place(text.count("\n", 0, start) + 1, offset - start + 1, line)


def locate(
    text: str, keys: Keys, *, at: Literal["key", "value"] = "key"
) -> Place | None:
    r"""Find where a path of keys is written.

    Parameters
    ----------
    text
        A whole TOML document.
    keys
        From the top of the document; numbers count the elements of arrays.
    at
        What to point at: the key or its value.

    Returns
    -------
    Place or None
        Of the longest part of the path that is written; None where none is.

    Examples
    --------
    >>> locate("[tasks]\nbuild = 'make'\n", ("tasks", "build"), at="value")
    Place(line=2, column=9, source_line="build = 'make'")
    """
    layout = _layout(text)
    if layout is None:
        return None
    for size in range(len(keys), 0, -1):
        if entry := layout.find(keys[:size]):
            exact = size == len(keys)
            wanted = entry.value if exact and at == "value" else entry.start
            return place_of(text, wanted)
        if inside := layout.below(keys[:size]):
            return place_of(text, inside[0].start)
    return None


@lru_cache(maxsize=4)
def _layout(text: str) -> Layout | None:
    try:
        return read_layout(text)
    except LayoutError:
        return None


def dotted(keys: Sequence[str | int]) -> str:
    """Write a path of keys as TOML does.

    Examples
    --------
    >>> dotted(("target", "cuda-*", "platforms", 0))
    'target."cuda-*".platforms[0]'
    """
    text = ""
    for key in keys:
        if isinstance(key, int):
            text += f"[{key}]"
            continue
        name = key if _BARE.fullmatch(key) else json.dumps(key, ensure_ascii=False)
        text += f".{name}" if text else name
    return text


class _Keep:
    """Catches an error of a manifest and puts it on a list."""

    __slots__ = ("_faults",)

    def __init__(self, faults: list[ManifestParseError]) -> None:
        self._faults = faults

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: object, traceback: object) -> bool:
        if isinstance(error, ManifestParseError):
            self._faults.append(error)
            return True
        return False


def _order(error: ManifestParseError) -> tuple[bool, int, int]:
    # what is missing is often there, spelled wrongly: that is shown first
    is_missing = error.reason.endswith("is missing")
    return is_missing, error.line or 0, error.column or 0


def _with_others(
    error: ManifestParseError, others: Sequence[ManifestParseError]
) -> ManifestParseError:
    return ManifestParseError(
        error.path,
        reason=error.reason,
        line=error.line,
        column=error.column,
        key=error.key,
        source_line=error.source_line,
        hint=error.hint,
        others=others,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The text that a manifest is read from; makes errors that point into it."""

    text: str
    path: Path
    """As it is shown to the user."""
    prefix: tuple[str, ...] = ()
    """Where pixi's tables begin: ``tool.pixi`` in pyproject.toml."""
    margin: int = 0
    """Characters in front of each line in the file, which are not in the text: those
    of a script's block, where what is `[project]` elsewhere stands at the top."""
    faults: list[ManifestParseError] = field(
        default_factory=list, compare=False, repr=False
    )
    """What was found wrong so far, while the rest is still being read."""

    @property
    def keep(self) -> _Keep:
        """Keep an error of the block for later, so that what follows is read too.

        The block is left at its first error, so that what is read one by one
        belongs into blocks of its own.
        """
        return _Keep(self.faults)

    def at_top(self) -> Source:
        """Give the same text, seen from its top; what is wrong in it is one list."""
        return replace(self, prefix=())

    def raise_faults(self) -> None:
        """Raise what was kept, as one error.

        Raises
        ------
        ManifestParseError
            The first in the file, and all others with it.
        """
        found = {
            (each.line, each.column, each.key, each.reason): each
            for each in self.faults
        }
        rows = sorted(found.values(), key=_order)
        if rows:
            raise _with_others(rows[0], rows[1:])

    def place(self, keys: Keys, *, at: Literal["key", "value"] = "key") -> Place | None:
        """Find where a path below the prefix is written."""
        return locate(self.text, self._written(keys), at=at)

    def _written(self, keys: Keys) -> Keys:
        keys = (*self.prefix, *keys)
        return keys[1:] if self.margin and keys[:1] == ("project",) else keys

    def _line(self, line: str) -> str:
        return f"#{' ' * (self.margin - 1)}{line}" if self.margin else line

    def error(
        self,
        keys: Keys,
        reason: str,
        *,
        hint: str = "",
        at: Literal["key", "value"] = "value",
    ) -> ManifestParseError:
        """Make the error that says what is wrong with a key or its value."""
        place = self.place(keys, at=at)
        return ManifestParseError(
            self.path,
            reason=reason,
            line=place.line if place else None,
            column=place.column + self.margin if place else None,
            source_line=_excerpt(self._line(place.source_line), place.column)
            if place
            else "",
            key=_start(dotted(self._written(keys))),
            hint=hint,
        )

    def syntax_error(self, error: TomlError) -> ManifestParseError:
        """Make the error for a text that is not TOML.

        Our own reading knows what a person forgets; where it finds nothing,
        tomlkit's words are shown.
        """
        hint = ""
        try:
            read_layout(self.text)
            reason, line, column = error.reason, error.line, error.column
        except LayoutError as found:
            reason, hint = found.reason, found.hint
            place = place_of(self.text, found.position)
            line, column = place.line, place.column
        lines = self.text.split("\n")
        excerpt = ""
        if line is not None and 0 < line <= len(lines):
            excerpt = _excerpt(self._line(lines[line - 1]), column)
        return ManifestParseError(
            self.path,
            reason=reason,
            line=line,
            column=column and column + self.margin,
            source_line=excerpt,
            hint=_start(hint),
        )


def _start(text: str) -> str:
    return text if len(text) <= _WIDEST else f"{text[:_WIDEST]} …"


def _excerpt(line: str, column: int | None) -> str:
    """Give what can be shown of a line; nothing where the place is far out."""
    return "" if column and column > _WIDEST else _start(line)
