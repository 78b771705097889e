"""Notices what anybody changes in a workspace that somebody looks at.

Files are looked at, not listened to: that works on every disk, and they are few.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from pixi_jupyter.server.marks import Marks, read_marks

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

_FORGOTTEN_SECONDS = 600.0


class Watch:
    """Watches workspaces for as long as they are asked about.

    Parameters
    ----------
    changed
        Is told the workspace's manifest, what changed, and in which environment.
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

    def look_after(self, manifest: Path) -> None:
        """Watch a workspace, from now on for a while."""
        self._asked[manifest] = time.monotonic()
        if self._task is None:
            self._task = asyncio.ensure_future(self._run())

    async def close(self) -> None:
        """Watch nothing any more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _run(self) -> None:
        while self._asked:
            for manifest, asked in list(self._asked.items()):
                if time.monotonic() - asked > _FORGOTTEN_SECONDS:
                    del self._asked[manifest]
                    self._seen.pop(manifest, None)
                    continue
                await self._look(manifest)
            await asyncio.sleep(self._every)
        self._task = None

    async def _look(self, manifest: Path) -> None:
        now = await asyncio.to_thread(read_marks, manifest)
        before = self._seen.get(manifest)
        self._seen[manifest] = now
        if before is None or before == now:
            return
        if before.manifest != now.manifest:
            await self._changed(manifest, "manifest", None)
        if before.lock != now.lock:
            await self._changed(manifest, "lock", None)
        for name in sorted({each[0] for each in {*before.prefixes} ^ {*now.prefixes}}):
            await self._changed(manifest, "prefix", name)
        if before.operations != now.operations:
            await self._changed(manifest, "operations", None)
