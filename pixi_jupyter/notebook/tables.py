"""Tables written as a pixi.toml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pixi_jupyter.manifest.edits import format_value
from pixi_jupyter.manifest.locate import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADERS = {
    "workspace",
    "activation",
    "target",
    "feature",
    "environments",
    "s3-options",
}
"""Tables whose tables get headers of their own; values elsewhere stay on a line."""
_NAMED = {"target", "feature", "environments", "s3-options"}
"""Tables whose keys are names, each with a table."""


def format_manifest(tables: Mapping[str, Any]) -> str:
    """Write a manifest; empty tables are left out, but for `dependencies`.

    Examples
    --------
    >>> print(format_manifest({"workspace": {"name": "tides"}, "tasks": {"a": "b"}}))
    [workspace]
    name = "tides"
    <BLANKLINE>
    [tasks]
    a = "b"
    <BLANKLINE>
    [dependencies]
    <BLANKLINE>
    """
    whole = dict(tables)
    whole.setdefault("dependencies", {})
    return "\n".join(_sections((), whole))


def _sections(keys: tuple[str, ...], table: Mapping[str, Any]) -> Iterator[str]:
    below = {
        key: value
        for key, value in table.items()
        if isinstance(value, Mapping) and _has_header(keys, key)
    }
    values = {key: value for key, value in table.items() if key not in below}
    inside = [
        each for key, value in below.items() for each in _sections((*keys, key), value)
    ]
    # a feature without anything in it has to be there all the same
    is_named = keys[:-1] == ("feature",) and not inside
    if keys and (values or is_named or keys == ("dependencies",)):
        lines = [f"{dotted((k,))} = {format_value(v)}" for k, v in values.items()]
        yield "\n".join((f"[{dotted(keys)}]", *lines, ""))
    yield from inside


def _has_header(keys: tuple[str, ...], key: str) -> bool:
    if not keys:
        return True
    if keys[-1] in _NAMED:
        return True
    # of a feature, a target or an environment: its tables
    if len(keys) > 1 and keys[-2] in ("feature", "target", "environments"):
        return True
    return key in _HEADERS and keys == ("workspace",)
