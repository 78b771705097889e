"""What is to be removed from a workspace or a cache, and the removing of it.

First everything is renamed, each part under the lock that guards it, then it is
measured and deleted without any lock.
"""

from __future__ import annotations

import asyncio
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import RemoveError
from pixi_jupyter.install import removal
from pixi_jupyter.install.locks import prefix_lock
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pixi_jupyter.events import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """One thing that is gone, or would be."""

    path: Path
    kind: str
    """As `Target` has it, or operations."""
    size_bytes: int = 0
    """Of its files."""
    freed_bytes: int = 0
    """What the disk gained: files with a link elsewhere are still there."""

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "path": str(self.path),
            "kind": self.kind,
            "size_bytes": self.size_bytes,
            "freed_bytes": self.freed_bytes,
        }


@dataclass(frozen=True, slots=True)
class Target:
    """Something that is to go."""

    path: Path
    kind: str
    """environment, overlay, cache, build or leftover."""
    environment: str = ""
    """The environment whose lock guards it."""
    aside: Path | None = None
    """Where it is by now."""


def measured(found: Sequence[Target | Removed]) -> tuple[Removed, ...]:
    """Measure what goes when all of it goes; some may have been measured before."""
    targets = [each for each in found if isinstance(each, Target)]
    amounts = iter(removal.measure([each.aside or each.path for each in targets]))
    done = []
    for each in found:
        if isinstance(each, Removed):
            done.append(each)
            continue
        amount = next(amounts)
        done.append(
            Removed(
                path=each.path,
                kind=each.kind,
                size_bytes=amount.size_bytes,
                freed_bytes=amount.freed_bytes,
            )
        )
    return tuple(done)


@dataclass(slots=True)
class Cleaner:
    """Renames, then removes, and remembers what could not be done."""

    operation: Operation
    aside: list[Target] = field(default_factory=list)
    failed: list[tuple[Path, str]] = field(default_factory=list)

    async def set_aside(self, prefix: Path | None, targets: Sequence[Target]) -> None:
        """Rename things, under the lock of a prefix where there is one to lock.

        Raises
        ------
        PrefixBusyError, LinkError
        """
        if prefix is None or not removal.is_folder(prefix):
            self._rename(targets)
            return
        async with prefix_lock(prefix, self.operation, what=f"clean {prefix.name}"):
            self._rename(targets)

    def _rename(self, targets: Sequence[Target]) -> None:
        for target in targets:
            try:
                place = (
                    target.path
                    if target.kind == "leftover" or removal.is_link(target.path)
                    else removal.set_aside(target.path, name=target.environment)
                )
            except FileNotFoundError:
                continue
            except OSError as error:
                self.failed.append((target.path, error.strerror or str(error)))
            else:
                self.aside.append(replace(target, aside=place))

    async def remove(self, others: Sequence[Removed]) -> tuple[Removed, ...]:
        """Measure what was renamed, and remove it."""
        found = await asyncio.to_thread(measured, [*self.aside, *others])
        removed = []
        for number, each in enumerate(found):
            self.operation.say(
                "clean", str(each.path), done=number, total=len(found), unit="files"
            )
            place = self.aside[number].aside if number < len(self.aside) else None
            if place is None or await self._remove(place):
                removed.append(each)
        self.operation.finish("clean")
        if self.failed:
            raise RemoveError(
                [path for path, _ in self.failed],
                reason=self.failed[0][1],
                removed=len(removed),
            )
        return tuple(removed)

    async def _remove(self, path: Path) -> bool:
        try:
            await asyncio.to_thread(removal.remove_tree, path)
        except OSError as error:
            self.failed.append((path, error.strerror or str(error)))
            return False
        return True
