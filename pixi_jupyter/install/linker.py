"""The process's use of py-rattler's installer, which can be used up.

A running install cannot be cancelled, only left alone; one that failed goes on in
the background and spoils what comes after it (py-rattler 0.28.0, reference,
spine, A). So this module knows what is still running and whether something failed.
A process that lives on, such as an engine, asks `spent` and `is_lingering` after
each operation and ends if either is true.
"""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import LinkerSpentError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable

    from pixi_jupyter.events import Operation

_running: set[asyncio.Task[None]] = set()
"""Installs that were started, were left alone by their callers and did not end."""

_beside: set[asyncio.Task[None]] = set()
"""Those of them that only another install has to wait for."""

_speaker: ContextVar[Operation | None] = ContextVar("speaker", default=None)
"""Who says that something is waited for."""

_failures: list[str] = []


def spent() -> str | None:
    """Tell why this process must not install any more; None if it may."""
    for task in [each for each in _running if each.get_loop().is_closed()]:
        _judge(task)
    return _failures[0] if _failures else None


def is_lingering() -> bool:
    """Tell whether an install that was cancelled is still at work."""
    return bool(_running)


async def ready(operation: Operation) -> None:
    """Wait for what lingers in a place that an install would look into.

    Parameters
    ----------
    operation
        Says so, now and when the linker is asked to run.

    Raises
    ------
    LinkerSpentError
        If an install failed in this process.
    """
    _speaker.set(operation)
    await _wait_for(_running - _beside)
    if reason := spent():
        raise LinkerSpentError(reason)


async def _wait_for(tasks: Iterable[asyncio.Task[None]]) -> None:
    loop = asyncio.get_running_loop()
    mine = [task for task in tasks if task.get_loop() is loop]
    if not mine:
        return
    speaker = _speaker.get()
    if speaker:
        speaker.say("waiting", "for the end of the install that was cancelled")
    await asyncio.wait(mine)
    if speaker:
        speaker.finish("waiting")


async def run_abandonable(
    work: Coroutine[Any, Any, None],
    *,
    after: Callable[[], None],
    beside: bool = False,
) -> None:
    """Run an install into a place that nobody needs; a cancel ends the wait at once.

    Parameters
    ----------
    work
        The install.
    after
        Clears the place. Called in a thread when a cancelled or failed install
        came to its end, not after one that succeeded.
    beside
        Whether the place is none that the next install would look into: who finds
        nothing to install then need not wait for a download that nobody wants.
    """
    try:
        await _wait_for(set(_running))
    except BaseException:
        work.close()
        raise
    task = _start(work)
    if beside:
        _beside.add(task)
        task.add_done_callback(_beside.discard)
    try:
        await asyncio.shield(task)
    except BaseException:
        if task.done():
            await asyncio.to_thread(after)
        else:
            loop = asyncio.get_running_loop()
            task.add_done_callback(lambda _: loop.run_in_executor(None, after))
        raise


async def run_to_end(work: Coroutine[Any, Any, None]) -> bool:
    """Run an install into a prefix; a cancel waits for its end.

    Returns
    -------
    bool
        Whether it was cancelled: the caller finishes what belongs to the install,
        and then raises `asyncio.CancelledError`.
    """
    task = _start(_in_turn(work, set(_running)))
    cancelled = False
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:
            cancelled = True
    task.result()
    return cancelled


async def _in_turn(
    work: Coroutine[Any, Any, None], others: Iterable[asyncio.Task[None]]
) -> None:
    try:
        await _wait_for(others)
    except BaseException:
        work.close()
        raise
    if reason := spent():
        work.close()
        raise LinkerSpentError(reason)
    await work


def _start(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    if _failures:
        work.close()
        raise LinkerSpentError(_failures[0])
    task = asyncio.ensure_future(work)
    _running.add(task)
    task.add_done_callback(_judge)
    return task


def _judge(task: asyncio.Task[None]) -> None:
    _running.discard(task)
    if not task.done() or task.cancelled():
        _failures.append("an install was interrupted")
    elif error := task.exception():
        _failures.append(str(getattr(error, "message", error)))
