"""How large environments are, measured while nobody waits for it."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

from pixi_jupyter.server.marks import mark

if TYPE_CHECKING:
    from collections.abc import Callable


class Sizes:
    """Sizes of prefixes, one measured after the other.

    Parameters
    ----------
    measured
        Is told manifest and environment whenever a size is known.
    """

    def __init__(self, measured: Callable[[Path, str], None]) -> None:
        self._measured = measured
        self._known: dict[str, tuple[object, int | None]] = {}
        self._pending: dict[str, asyncio.Task[None]] = {}
        self._turn = asyncio.Lock()

    async def of(self, manifest: Path, environment: str, prefix: str) -> int | None:
        """Give the size of a prefix in bytes; None while it is not known."""
        state = await asyncio.to_thread(mark, Path(prefix, "conda-meta"))
        known = self._known.get(prefix)
        if known is not None and known[0] == state:
            return known[1]
        if prefix not in self._pending:
            task = asyncio.ensure_future(self._measure(manifest, environment, prefix))
            self._pending[prefix] = task
            task.add_done_callback(lambda _: self._pending.pop(prefix, None))
        return known[1] if known else None

    async def close(self) -> None:
        """Measure nothing any more."""
        tasks = list(self._pending.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _measure(self, manifest: Path, environment: str, prefix: str) -> None:
        async with self._turn:
            state = await asyncio.to_thread(mark, Path(prefix, "conda-meta"))
            size = await asyncio.to_thread(size_of, prefix)
            self._known[prefix] = state, size
        self._measured(manifest, environment)


def size_of(folder: str) -> int | None:
    """Add up the files of a folder, each once; None where it has none."""
    seen: set[int] = set()
    total = 0
    pending = [folder]
    while pending:
        try:
            with os.scandir(pending.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        pending.append(entry.path)
                        continue
                    status = entry.stat(follow_symlinks=False)
                    if status.st_nlink == 1 or status.st_ino not in seen:
                        seen.add(status.st_ino)
                        total += status.st_size
        except OSError:
            continue
    return total or None
