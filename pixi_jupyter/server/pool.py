"""Engines for a server: some that work, one that reads, and one that is warm."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from pixi_jupyter.inkernel.client import ARGUMENTS, CallLostError, Client
from pixi_jupyter.inkernel.failures import failure

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    OnEvent = Callable[[dict[str, Any]], None]

MOST_TASKS = 20
"""How many tasks of users run at once: some never end, and nothing waits for them."""
GRACE_SECONDS = 30.0
"""How long an engine that was asked to stop may put things in order."""
_END_SECONDS = 3.0
"""The same for one whose server ends."""


class Pool:
    """Engines that verbs run in.

    An engine does one operation at a time, and what was asked of it while it was at
    work would wait, so that each operation has one of its own. Questions go to an
    engine that never installs anything.

    Parameters
    ----------
    most
        How many operations run at once, the tasks of users aside.
    host, arguments
        What starts an engine.
    grace_seconds
        How long a cancelled one may take before it is ended.
    """

    def __init__(
        self,
        most: int,
        host: str = sys.executable,
        arguments: Sequence[str] = ARGUMENTS,
        *,
        grace_seconds: float = GRACE_SECONDS,
    ) -> None:
        self._host, self._arguments = host, arguments
        self._slots = asyncio.Semaphore(most)
        self._task_slots = asyncio.Semaphore(MOST_TASKS)
        self.grace_seconds = grace_seconds
        self._reader = self._client()
        self._warm: list[Client] = []
        """One at most: an engine that has ended its work waits for the next."""
        self._working: set[Client] = set()
        self._asked: dict[str, asyncio.Task[Any]] = {}

    def _client(self) -> Client:
        return Client(self._host, self._arguments, dict(os.environ))

    @property
    def pids(self) -> list[int]:
        """Process ids of the engines there are."""
        clients = (self._reader, *self._warm, *self._working)
        return [each.pid for each in clients if each.pid is not None]

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
        if not key:
            return await self._question(verb, request)
        task = self._asked.get(key)
        if task is None:
            task = asyncio.ensure_future(self._question(verb, request))
            self._asked[key] = task
            task.add_done_callback(lambda done: self._answered(key, done))
        # whoever goes away must not take the answer from the others
        return await asyncio.shield(task)

    async def _question(self, verb: str, request: dict[str, Any]) -> Any:  # noqa: ANN401  JSON
        try:
            return await Call(self._reader, verb, request).result(_drop)
        except CallLostError:
            # somebody ended it; to ask once more does no harm
            return await Call(self._reader, verb, request).result(_drop)

    def _answered(self, key: str, task: asyncio.Task[Any]) -> None:
        self._asked.pop(key, None)
        if not task.cancelled():
            task.exception()  # seen, also if all who asked are gone

    @asynccontextmanager
    async def engine(self, *, runs_task: bool = False) -> AsyncIterator[Client]:
        """Lend an engine for one operation; waits while all are at work."""
        async with self._task_slots if runs_task else self._slots:
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

    async def kill(self) -> None:
        """End the engines that work; what one was changing is mended by the next."""
        working = [asyncio.to_thread(each.kill) for each in self._working]
        await asyncio.gather(*working)

    async def close(self) -> None:
        """End all engines, and wait until they are gone."""
        for task in list(self._asked.values()):
            task.cancel()
        clients = [self._reader, *self._warm, *self._working]
        pids = [each.pid for each in clients if each.pid is not None]
        await asyncio.gather(*(asyncio.to_thread(each.close) for each in clients))
        deadline = asyncio.get_running_loop().time() + _END_SECONDS
        while any(each.pid in pids for each in clients):
            if asyncio.get_running_loop().time() > deadline:
                await asyncio.gather(
                    *(asyncio.to_thread(each.kill) for each in clients)
                )
                return
            await asyncio.sleep(0.02)


class Call:
    """One verb at work in an engine; unlike a task, it is cancelled and waited for.

    Parameters
    ----------
    grace_seconds
        How long it may go on when it was asked to stop; then its engine is ended.
    """

    def __init__(
        self,
        client: Client,
        verb: str,
        request: dict[str, Any],
        *,
        grace_seconds: float = GRACE_SECONDS,
    ) -> None:
        self._client, self._grace_seconds = client, grace_seconds
        self._params = {"verb": verb, "request": request}
        self._number: int | None = None
        self._cancelled = self._over = False

    def cancel(self) -> None:
        """Ask the engine to stop; the answer then says in what state it stopped."""
        if self._cancelled or self._over:
            return
        self._cancelled = True
        loop = asyncio.get_running_loop()
        loop.call_later(self._grace_seconds, self._insist)
        if self._number is not None:
            self._client.cancel(self._number)

    def _insist(self) -> None:
        if not self._over:
            # it takes a second where the engine hears nothing
            loop = asyncio.get_running_loop()
            loop.run_in_executor(None, self._client.kill)

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
        finally:
            self._over = True

    async def _once(self, on_event: OnEvent) -> Any:  # noqa: ANN401  JSON
        loop = asyncio.get_running_loop()
        inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

        def deliver(message: dict[str, Any]) -> None:
            # a closed loop waits for nothing any more
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(inbox.put_nowait, message)

        # a thread: an engine may have to be started, and a pipe may be full
        self._number = number = await asyncio.to_thread(
            self._client.start, "verb", self._params, deliver
        )
        if self._cancelled:
            self._client.cancel(number)
        is_answered = False
        try:
            while True:
                message = await inbox.get()
                is_answered = "result" in message or "error" in message
                if "result" in message:
                    return message["result"]
                if "error" in message:
                    raise failure(message["error"], cancelled=self._cancelled)
                on_event(message["params"]["event"])
        finally:
            if not is_answered:
                self._client.cancel(number)


def _drop(event: dict[str, Any]) -> None:
    del event
