"""Which platform of a lock is which platform of the manifest.

Rules: pixi 0.77.0 (read 2026-11). A plain subdir is known by its name. A platform
with virtual packages of its own is written as ``p1``, ``p2`` … and found again by
what it is made of, so that renaming it leaves the lock alone.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from pixi_jupyter.platforms import Platform, VirtualPackage, baseline

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pixi_jupyter.adapters.rattler import LockedRecords
    from pixi_jupyter.lock.models import Lock, LockedPlatform

Custom = tuple[tuple[str, str, str], ...]
_Value = TypeVar("_Value")


def match_platforms(
    lock: Lock, records: LockedRecords, declared: Sequence[Platform]
) -> tuple[Lock, LockedRecords]:
    """Give the platforms of a lock the names that the manifest has for them.

    Parameters
    ----------
    records
        Read from the same file.
    declared
        The workspace's platforms.
    """
    names = _matches(lock.platforms, declared)
    if not names:
        return lock, records
    renamed = {name: _renamed(rows, names) for name, rows in records.items()}
    return _with_names(lock, names), renamed


def _matches(
    locked: Iterable[LockedPlatform], declared: Sequence[Platform]
) -> dict[str, str]:
    known = {platform.name for platform in declared}
    taken = {platform.name for platform in locked}
    found: dict[str, str] = {}
    for platform in locked:
        if platform.name in known:
            continue
        mine = customised(platform.subdir, platform.virtual_packages)
        alike = [
            each.name
            for each in declared
            if each.subdir == platform.subdir
            and customised(each.subdir, each.virtual_packages) == mine
        ]
        if len(alike) == 1 and alike[0] not in taken:
            found[platform.name] = alike[0]
    return found


def customised(subdir: str, packages: Iterable[str | VirtualPackage]) -> Custom:
    """Give the virtual packages that are not the subdir's own, sorted.

    A build ``0`` is no build; what no parser knows is kept as its name.
    """
    own = Counter(map(_parts, baseline(subdir)))
    return tuple(sorted((Counter(map(_parts, packages)) - own).elements()))


def _parts(package: str | VirtualPackage) -> tuple[str, str, str]:
    try:
        parsed = VirtualPackage.parse(str(package))
    except ValueError:
        return str(package), "", ""
    return parsed.name, parsed.version, "" if parsed.build == "0" else parsed.build


def with_aliases(lock: Lock) -> Lock:
    """Give the platforms that are not plain subdirs the names of the file.

    They count in the order in which the lock has them, the workspace's.
    """
    rich = [each.name for each in lock.platforms if each.name != each.subdir]
    if all(re.fullmatch(r"p\d+", name) for name in rich):
        return lock
    return _with_names(lock, {name: f"p{i}" for i, name in enumerate(rich, 1)})


def _with_names(lock: Lock, names: Mapping[str, str]) -> Lock:
    return replace(
        lock,
        platforms=tuple(
            replace(each, name=names.get(each.name, each.name))
            for each in lock.platforms
        ),
        environments={
            name: replace(environment, packages=_renamed(environment.packages, names))
            for name, environment in lock.environments.items()
        },
    )


def _renamed(rows: Mapping[str, _Value], names: Mapping[str, str]) -> dict[str, _Value]:
    return {names.get(name, name): row for name, row in rows.items()}
