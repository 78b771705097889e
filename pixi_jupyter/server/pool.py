"""Engines for a server: some that work, one that reads, and one that is warm."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from pixi_jupyter.inkernel.client import ARGUMENTS, CallLostError, Client
from pixi_jupyter.inkernel.failures import failure

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    OnEvent = Callable[[dict[str, Any]], None]


class Pool:
    """Engines that verbs run in.

    An engine does one operation at a time, and what was asked of it while it was at
    work would wait, so that each operation has one of its own. Questions go to an
    engine that never installs anything.

    Parameters
    ----------
    most
        How many operations run at once.
    host, arguments
        What starts an engine.
    """

    def __init__(
        self,
        most: int,
        host: str = sys.executable,
        arguments: Sequence[str] = ARGUMENTS,
    ) -> None:
        self._host, self._arguments = host, arguments
        self._slots = asyncio.Semaphore(most)
        self._reader = self._client()
        self._warm: list[Client] = []
        """One at most: an engine that has ended its work waits for the next."""
        self._working: set[Client] = set()
        self._asked: dict[str, asyncio.Task[Any]] = {}

    def _client(self) -> Client:
        return Client(self._host, self._arguments, dict(os.environ))

    async def ask(self, verb: str, request: dict[str, Any], *, key: str = "") -> Any:  # noqa: ANN401  JSON
        """Ask something that changes nothing.

        Parameters
        ----------
        key
            Questions with one key that are asked at the same time get one answer;
            empty for a question of its own.

        Raises
        ------
        CallError
        """
        params = {"verb": verb, "request": request}
        if not key:
            return await self._reader.acall("verb", params)
        task = self._asked.get(key)
        if task is None:
            task = asyncio.ensure_future(self._reader.acall("verb", params))
            self._asked[key] = task
            task.add_done_callback(lambda _: self._asked.pop(key, None))
        # whoever goes away must not take the answer from the others
        return await asyncio.shield(task)

    @asynccontextmanager
    async def engine(self) -> AsyncIterator[Client]:
        """Lend an engine for one operation; waits while all are at work."""
        async with self._slots:
            client = self._warm.pop() if self._warm else self._client()
            self._working.add(client)
            try:
                yield client
            finally:
                self._working.discard(client)
                if self._warm:
                    client.close()
                else:
                    self._warm.append(client)

    def close(self) -> None:
        """End all engines; what one was changing is mended by the next."""
        for client in self._working:
            client.kill()
        for client in (self._reader, *self._warm):
            client.close()


class Call:
    """One verb at work in an engine; unlike a task, it is cancelled and waited for."""

    def __init__(self, client: Client, verb: str, request: dict[str, Any]) -> None:
        self._client = client
        self._params = {"verb": verb, "request": request}
        self._number: int | None = None
        self._cancelled = False

    def cancel(self) -> None:
        """Ask the engine to stop; the answer then says in what state it stopped."""
        self._cancelled = True
        if self._number is not None:
            self._client.cancel(self._number)

    async def result(self, on_event: OnEvent) -> Any:  # noqa: ANN401  JSON
        """Wait for the answer.

        Raises
        ------
        CallError
            `CallCancelledError` where it was cancelled, `CallLostError` where the
            engine ended.
        """
        try:
            return await self._once(on_event)
        except CallLostError as error:
            if not error.left or self._cancelled:
                raise
        return await self._once(on_event)

    async def _once(self, on_event: OnEvent) -> Any:  # noqa: ANN401  JSON
        loop = asyncio.get_running_loop()
        inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

        def deliver(message: dict[str, Any]) -> None:
            loop.call_soon_threadsafe(inbox.put_nowait, message)

        self._number = self._client.start("verb", self._params, deliver)
        if self._cancelled:
            self._client.cancel(self._number)
        while True:
            message = await inbox.get()
            if "result" in message:
                return message["result"]
            if "error" in message:
                raise failure(message["error"], cancelled=self._cancelled)
            on_event(message["params"]["event"])
