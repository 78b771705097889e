"""Notices what anybody changes in a workspace that somebody looks at.

Files are looked at, not listened to: that works on every disk, and they are few.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from pixi_jupyter.server.marks import Marks, read_marks

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

logger = logging.getLogger(__name__)

_RECENT_SECONDS = 600.0
"""Who asked nothing for longer may still have a panel open, but hears of it later."""
_SELDOM = 10
"""How many looks are left out then."""
_FORGOTTEN_SECONDS = 24 * 3600.0


class Watch:
    """Watches workspaces for as long as they are asked about.

    Parameters
    ----------
    changed
        Is told the workspace's manifest, what changed, and where: the name of the
        environment or the id of the operation.
    every
        Seconds between two looks.
    """

    def __init__(
        self,
        changed: Callable[[Path, str, str | None], Awaitable[None]],
        every: float = 0.5,
    ) -> None:
        self._changed, self._every = changed, every
        self._asked: dict[Path, float] = {}
        self._seen: dict[Path, Marks] = {}
        self._task: asyncio.Task[None] | None = None

    async def look_after(self, manifest: Path) -> None:
        """Watch a workspace, from now on for a while.

        Whatever changes after this returned is told.
        """
        self._asked[manifest] = time.monotonic()
        if manifest not in self._seen:
            now = await asyncio.to_thread(read_marks, manifest)
            self._seen.setdefault(manifest, now)
        if self._task is None or self._task.done():
            self._task = asyncio.ensure_future(self._run())

    async def close(self) -> None:
        """Watch nothing any more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _run(self) -> None:
        looks = 0
        while self._asked:
            await asyncio.sleep(self._every)
            looks += 1
            for manifest, asked in list(self._asked.items()):
                age = time.monotonic() - asked
                if age > _FORGOTTEN_SECONDS:
                    del self._asked[manifest]
                    self._seen.pop(manifest, None)
                elif age < _RECENT_SECONDS or looks % _SELDOM == 0:
                    await self._look(manifest)

    async def _look(self, manifest: Path) -> None:
        now = await asyncio.to_thread(read_marks, manifest)
        before = self._seen[manifest]
        self._seen[manifest] = now
        for what, name in _differences(before, now):
            try:
                await self._changed(manifest, what, name)
            except Exception:  # one change that cannot be told must not hide the next
                logger.warning("%s of %s was not told", what, manifest, exc_info=True)


def _differences(before: Marks, now: Marks) -> list[tuple[str, str | None]]:
    found: list[tuple[str, str | None]] = []
    if before.manifest != now.manifest:
        found.append(("manifest", None))
    if before.lock != now.lock:
        found.append(("lock", None))
    names = sorted({each[0] for each in {*before.prefixes} ^ {*now.prefixes}})
    found += [("prefix", name) for name in names]
    ids = sorted({each[0] for each in {*before.operations} ^ {*now.operations}})
    found += [("operations", each.removesuffix(".json")) for each in ids]
    return found
