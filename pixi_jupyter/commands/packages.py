"""What people are told of packages: the channel's name, and who needs them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SUBDIRS = frozenset(("linux", "osx", "win", "noarch", "emscripten", "wasi", "freebsd"))
_PARENTS = 2
"""How many of those that need a package are named."""


def why(packages: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Say for the packages of an environment who needs them.

    Parameters
    ----------
    packages
        Rows of a list. Where some are left out, only what is asked for by name is
        told, because the rest could not be counted.
    """
    names = {package["name"] for package in packages}
    needed_by: dict[str, list[str]] = {name: [] for name in names}
    is_whole = True
    for package in sorted(packages, key=lambda p: (not p["is_explicit"], p["name"])):
        for need in {_name(str(text)) for text in package["depends"]}:
            if need in names:
                needed_by[need].append(package["name"])
            elif package["kind"] == "conda" and not need.startswith("__"):
                is_whole = False
    found = {}
    for package in packages:
        words = ["explicit"] if package["is_explicit"] else []
        parents = needed_by[package["name"]] if is_whole else []
        words += parents[:_PARENTS]
        rest = len(parents) - _PARENTS
        found[package["name"]] = ", ".join(words) + (f" +{rest}" if rest > 0 else "")
    return found


def channel_name(location: str | None) -> str:
    """Give the short name of a channel from its URL or from that of a package.

    Never more than its path, so that no credentials are in it.
    """
    parts = [part for part in re.split(r"[/\\]", location or "") if part]
    if parts and parts[-1].endswith((".conda", ".tar.bz2")):
        parts.pop()
    if parts and parts[-1].split("-")[0] in _SUBDIRS:
        parts.pop()
    if "label" in parts[1:-1]:
        return "/".join(parts[parts.index("label") - 1 :])
    return parts[-1] if parts else ""


def _name(need: str) -> str:
    """Give the name in a match spec, also in one of the old, unspaced kind."""
    found = re.match(r"(?:\S*::)?([\w.-]+)", need.strip())
    return found[1].lower() if found else ""
