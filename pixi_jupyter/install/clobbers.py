"""Files that two packages bring under one name.

py-rattler lets one of them have the name, keeps the other's file below
``__clobbers__/PACKAGE``, and gives it the name when the first package goes.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from pixi_jupyter.install.prefix import META, remove_empty

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from pixi_jupyter.events import Operation

CLOBBERS = "__clobbers__"
"""In the prefix."""

_SHOWN = 5


def tell_clobbers(
    prefix: Path, linked: Collection[str], operation: Operation
) -> list[str]:
    """Say which files have two owners, and whose is there.

    Parameters
    ----------
    prefix
        After a change.
    linked
        Names of the packages that were linked; others were told of before.
    operation
        Hears it.

    Returns
    -------
    list of str
        The paths, relative to the prefix.

    Notes
    -----
    Looks at one folder where there is nothing to tell. Folders that are no
    longer needed for this are removed.
    """
    place = prefix / CLOBBERS
    if not place.is_dir():
        return []
    remove_empty(prefix, _folders(prefix, place))
    if not place.is_dir():
        return []
    lost = {path: loser for loser, path in _lost(prefix)}
    told: dict[tuple[str, str], list[str]] = {}
    for winner, path in _owners(prefix, lost):
        if winner in linked or lost[path] in linked:
            told.setdefault((winner, lost[path]), []).append(path)
    for (winner, loser), paths in sorted(told.items()):
        more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
        operation.warn(
            f"{', '.join(paths[:_SHOWN])}{more}: both {winner} and {loser} bring this;"
            f" that of {winner} is there"
        )
    return sorted(path for paths in told.values() for path in paths)


def _folders(prefix: Path, place: Path) -> list[str]:
    return [
        os.path.relpath(where, prefix).replace(os.sep, "/")
        for where, _, _ in os.walk(place)
    ]


def _records(prefix: Path) -> Iterator[tuple[str, list[dict[str, str]]]]:
    for path in sorted((prefix / META).glob("*.json")):
        try:
            data = json.loads(path.read_bytes())
            yield str(data["name"]), list(data["paths_data"]["paths"])
        except (OSError, ValueError, KeyError, TypeError):
            continue


def _lost(prefix: Path) -> Iterator[tuple[str, str]]:
    for name, paths in _records(prefix):
        for each in paths:
            if original := each.get("original_path"):
                yield name, original


def _owners(prefix: Path, wanted: Collection[str]) -> Iterator[tuple[str, str]]:
    for name, paths in _records(prefix):
        for each in paths:
            if each.get("_path") in wanted:
                yield name, str(each["_path"])
