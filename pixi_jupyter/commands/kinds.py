"""What the words of each command name, for those who complete them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind: TypeAlias = Literal[
    "",
    "channel",
    "channel_package",
    "dependency",
    "environment",
    "feature",
    "folder",
    "kernel",
    "locked_package",
    "manifest",
    "platform",
    "program",
    "subdir",
]
"""What a word names; empty where nobody but the writer can know."""

OPTIONS: Mapping[str, Kind] = {
    "channels": "channel",
    "environment": "environment",
    "environments": "environment",
    "exclude": "dependency",
    "feature": "feature",
    "manifest": "manifest",
    "platform": "platform",
    "platforms": "platform",
}
"""By the name of the option's parameter."""

ARGUMENTS: Mapping[tuple[str, str], Kind] = {
    ("add", "specs"): "channel_package",
    ("build", "folder"): "folder",
    ("demo", "folder"): "folder",
    ("init", "path"): "folder",
    ("list", "regex"): "locked_package",
    ("reinstall", "packages"): "locked_package",
    ("remove", "names"): "dependency",
    ("run", "command"): "program",
    ("search", "package"): "channel_package",
    ("update", "packages"): "locked_package",
    ("upgrade", "packages"): "dependency",
    ("tree", "regex"): "locked_package",
}
"""By the command and the name of the argument."""

ANY_PLATFORM = frozenset(("init", "search"))
"""Verbs that take platforms that no manifest names."""
