"""Target selectors: which platforms a `target` table is for.

Rules: pixi 0.77.0, target selectors (read 2026-11). A selector has no rank; where
several match, the one further down in the file wins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from pixi_jupyter.platforms import SUBDIRS, is_unix

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
                return bool(_pattern(self.text).fullmatch(platform.name))
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


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in text.split("*")))
