"""Target selectors: which platforms a `target` table is for.

Rules: pixi 0.77.0, target selectors (read 2026-11). A selector has no rank; where
several match, the one further down in the file wins.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal

from pixi_jupyter.platforms import SUBDIRS, is_unix
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from pixi_jupyter.platforms import Platform

FAMILIES = {
    "linux": "linux-",
    "osx": "osx-",
    "macos": "osx-",
    "win": "win-",
    "unix": "",
}
"""Family names and how the subdirs of the family begin."""

_LONGEST = 64


@dataclass(frozen=True, slots=True)
class Selector:
    """A selector that was read."""

    kind: Literal["family", "subdir", "wildcard", "name"]
    text: str

    def matches(self, platform: Platform) -> bool:
        """Tell whether tables under this selector hold for `platform`."""
        match self.kind:
            case "family" if self.text == "unix":
                return is_unix(platform.subdir)
            case "family":
                return platform.subdir.startswith(FAMILIES[self.text])
            case "subdir":
                return platform.subdir == self.text
            case "wildcard":
                return _is_like(platform.name, self.text)
            case "name":
                return platform.name == self.text


@cache
def parse_selector(text: str) -> Selector:
    """Read a selector.

    Raises
    ------
    ValueError
        If the text can select nothing; says why.
    """
    if "(" in text:
        msg = "conditions in parentheses belong to [package] only"
        raise ValueError(msg)
    if text in FAMILIES:
        return Selector("family", text)
    if text in SUBDIRS:
        return Selector("subdir", text)
    if set("*?[") & set(text):
        if set("?[]") & set(text):
            msg = "`*` is the only wildcard there is"
            raise ValueError(msg)
        if len(text.encode()) > _LONGEST:
            msg = f"a wildcard has at most {_LONGEST} characters"
            raise ValueError(msg)
        return Selector("wildcard", text)
    return Selector("name", text)


def _is_like(name: str, wildcard: str) -> bool:
    # part by part, for a regular expression of many stars tries all ways there are
    first, *others, last = wildcard.split("*")
    if len(name) < len(first) + len(last) or not name.startswith(first):
        return False
    at, end = len(first), len(name) - len(last)
    for part in others:
        found = name.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return name.endswith(last)
