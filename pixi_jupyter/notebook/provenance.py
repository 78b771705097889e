"""Whether a notebook's outputs came from the environment that it has now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.notebook.stamps import Stamp, mark_of, read_stamps
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_NAMED = 3
"""So many packages are named in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A package that two environments do not have alike."""

    name: str
    theirs: str | None
    """Version of the environment that made an output; None: it had none."""
    here: str | None

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {"name": self.name, "theirs": self.theirs, "here": self.here}


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Another environment, and what it made."""

    stamp: Stamp
    cells: tuple[int, ...]
    """Places in the notebook's list of cells."""
    differences: tuple[Difference, ...] | None
    """None where nobody knows what was in it."""

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        found = self.differences
        return {
            "environment": self.stamp.mark,
            "name": self.stamp.name,
            "platform": self.stamp.platform,
            "cells": list(self.cells),
            "differences": None if found is None else [x.to_json() for x in found],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where the outputs of a notebook came from."""

    current: Stamp
    outputs: int
    """Cells that have outputs."""
    unknown: int
    """Of them, cells that do not say where they ran."""
    others: tuple[Other, ...] = ()

    @property
    def elsewhere(self) -> int:
        """How many outputs came from another environment."""
        return sum(len(each.cells) for each in self.others)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What a person is told; nothing where all is as it should be."""
        if not self.others:
            return ()
        word = "output" if self.outputs == 1 else "outputs"
        first = f"{self.elsewhere} of {self.outputs} {word} came from"
        several = "other environments" if len(self.others) > 1 else ""
        found = [f"{first} {several or 'another environment'}"]
        found += [_sentence(each, self.current) for each in self.others]
        return tuple(found)

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "environment": self.current.mark,
            "name": self.current.name,
            "platform": self.current.platform,
            "outputs": self.outputs,
            "unknown": self.unknown,
            "elsewhere": self.elsewhere,
            "others": [each.to_json() for each in self.others],
            "sentences": list(self.sentences),
        }


def differences(notebook: Mapping[str, Any], current: Stamp) -> Provenance:
    """Tell which outputs came from another environment, and what differs.

    Parameters
    ----------
    notebook
        Its JSON.
    current
        The environment that it has now.

    Notes
    -----
    The same packages on another platform are the same environment, as a lock has it:
    builds are compared on one platform only.
    """
    stamps = read_stamps(notebook)
    outputs = unknown = 0
    cells: dict[str, list[int]] = {}
    for place, cell in enumerate(notebook.get("cells") or ()):
        if cell.get("cell_type") != "code" or not cell.get("outputs"):
            continue
        outputs += 1
        mark = mark_of(cell)
        if mark is None:
            unknown += 1
        elif mark != current.mark:
            cells.setdefault(mark, []).append(place)
    others = []
    for mark, places in cells.items():
        stamp = stamps.get(mark) or Stamp(mark=mark)
        found = between(stamp, current)
        if found != ():
            others.append(Other(stamp=stamp, cells=tuple(places), differences=found))
    return Provenance(
        current=current, outputs=outputs, unknown=unknown, others=tuple(others)
    )


def between(theirs: Stamp, here: Stamp) -> tuple[Difference, ...] | None:
    """List what differs between two environments; None where one is not known."""
    if theirs.packages is None or here.packages is None:
        return None
    alike = theirs.platform == here.platform
    old, new = (_by_name(each.packages or (), builds=alike) for each in (theirs, here))
    # what another operating system has or lacks is no difference of the lock
    names = old.keys() | new.keys() if alike else old.keys() & new.keys()
    return tuple(
        Difference(name=name, theirs=old.get(name), here=new.get(name))
        for name in sorted(names, key=lambda name: (_kind(old, new, name), name))
        if old.get(name) != new.get(name)
    )


def _kind(old: Mapping[str, str], new: Mapping[str, str], name: str) -> int:
    """Put versions before builds, and both before what only one of them has."""
    if name not in old or name not in new:
        return 2
    return int(old[name].split(" ")[0] == new[name].split(" ")[0])


def _by_name(packages: Sequence[str], *, builds: bool) -> dict[str, str]:
    found = {}
    for each in packages:
        name, _, rest = each.partition(" ")
        found[name] = rest if builds else rest.partition(" ")[0]
    return found


def _sentence(other: Other, current: Stamp) -> str:
    name = current.name or "this one"
    if other.differences is None:
        return "What was in it is not known"
    told = other.differences[:_NAMED]
    theirs = [f"{x.name} {_shown(x.theirs, x.here)}" for x in told]
    here = [_shown(x.here, x.theirs) for x in told]
    more = len(other.differences) - len(told)
    rest = f"; {more} more differ{'s' if more == 1 else ''}" if more else ""
    return f"Theirs had {_listed(theirs)}, {name} has {_listed(here)}{rest}"


def _shown(value: str | None, beside: str | None) -> str:
    """Give a version; its build only where the versions are alike."""
    if value is None:
        return "none"
    version = value.partition(" ")[0]
    same = beside is not None and beside.partition(" ")[0] == version
    return value if same else version


def _listed(words: Sequence[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
