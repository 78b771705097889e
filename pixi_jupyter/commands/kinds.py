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
    "notebook",
    "own_task",
    "platform",
    "program",
    "runnable",
    "script",
    "setting",
    "subdir",
    "task",
    "task_argument",
]
"""What a word names; empty where nobody but the writer can know."""

OPTIONS: Mapping[str, Kind] = {
    "after": "platform",
    "before": "platform",
    "channels": "channel",
    "default_environment": "environment",
    "depends_on": "task",
    "environment": "environment",
    "environments": "environment",
    "exclude": "dependency",
    "feature": "feature",
    "features": "feature",
    "manifest": "manifest",
    "only": "locked_package",
    "platform": "platform",
    "platforms": "platform",
    "script": "script",
    "skip": "locked_package",
    "skip_with_deps": "locked_package",
}
"""By the name of the option's parameter."""

ARGUMENTS: Mapping[tuple[str, str], Kind] = {
    ("add", "specs"): "channel_package",
    ("alias", "depends_on"): "task",
    ("append", "key"): "setting",
    ("build", "folder"): "folder",
    ("demo", "folder"): "folder",
    ("init", "path"): "folder",
    ("list", "key"): "setting",
    ("list", "regex"): "locked_package",
    ("prepend", "key"): "setting",
    ("reinstall", "packages"): "locked_package",
    ("remove", "names"): "dependency",
    ("run", "command"): "runnable",
    ("search", "package"): "channel_package",
    ("set", "key"): "setting",
    ("unset", "key"): "setting",
    ("update", "packages"): "locked_package",
    ("upgrade", "packages"): "dependency",
    ("tree", "regex"): "locked_package",
    ("scan", "files"): "notebook",
    ("trust", "files"): "notebook",
    ("untrust", "files"): "notebook",
    ("verify", "files"): "notebook",
}
"""By the command and the name of the argument."""

FUNCTIONS: Mapping[str, Kind] = {
    "channel_add": "channel",
    "channel_remove": "channel",
    "environment_add": "",
    "environment_remove": "environment",
    "env_remove": "",
    "feature_remove": "feature",
    "kernel_remove": "kernel",
    "platform_add": "subdir",
    "platform_edit": "platform",
    "platform_move": "platform",
    "platform_remove": "platform",
    "script_add": "",
    "script_prepend": "",
    "script_remove": "",
    "task_add": "",
    "task_remove": "own_task",
    "conda_explicit_spec": "folder",
}
"""By the function of the command, where several have its word."""

ANY_PLATFORM = frozenset(("init", "search"))
"""Verbs that take platforms that no manifest names."""
