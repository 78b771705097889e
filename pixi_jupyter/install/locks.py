"""Locks between processes: who changes a prefix or a workspace, and who waits.

The prefix lock is pixi's own: an advisory lock on its state file (pixi 0.77.0,
``environment_lock``, read 2026-11). The kernel drops it with its holder, so a
dead holder never blocks. Beside it lies a note that says who holds it; the note
is a hint for people and decides nothing.

Order, always: workspace, prefix, package cache (py-rattler's own).
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
import time
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pixi_jupyter.errors import (
    LinkError,
    PrefixBusyError,
    WorkspaceBusyError,
    WriteError,
)
from pixi_jupyter.install.filelock import FileLock
from pixi_jupyter.install.state import HOLDER_FILE, STATE_FILE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pixi_jupyter.events import Operation

POLL_SECONDS = 0.1
TELL_SECONDS = 1.0

_kept: dict[Path, HeldLock] = {}
"""Locks that stay until the process ends, by lock file."""


@dataclass(slots=True)
class HeldLock:
    """A lock that this process holds."""

    path: Path
    """The lock file."""
    note: Path
    """Who holds it."""
    lock: FileLock
    unused: Path | None = None
    """A prefix that was made for this lock alone, and goes with it."""
    is_kept: bool = field(default=False, init=False)

    def sign(self, what: str) -> None:
        """Write the note."""
        note = {
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "since": time.time(),
            "what": what,
        }
        # the note is a courtesy: a full disk shows soon enough
        with suppress(OSError):
            self.note.write_text(json.dumps(note), encoding="utf-8")

    def keep(self) -> None:
        """Hold on until the process ends, whatever the context manager does.

        For a change that failed: py-rattler may still be at work on the prefix.
        """
        self.is_kept = True
        _kept[self.path] = self

    def release(self) -> None:
        """Let the next one in; nothing happens to a lock that is kept."""
        if self.is_kept:
            return
        with suppress(OSError):
            self.note.unlink()
        if self.unused:
            _remove_unused(self.unused, self.path)
        self.lock.release()


def _sweep(meta: Path) -> None:
    """Remove files that killed processes had begun to write in conda-meta."""
    with suppress(OSError):
        for entry in list(os.scandir(meta)):
            *_, pid, suffix = ("", *entry.name.rsplit(".", 2))
            if suffix == "tmp" and pid.isdigit() and not is_alive(int(pid)):
                Path(entry.path).unlink(missing_ok=True)


def _absent(prefix: Path) -> Path | None:
    return None if prefix.exists() else prefix


def _remove_unused(prefix: Path, lock: Path) -> None:
    """Remove a prefix that never held anything, so that it does not look like one."""
    with suppress(OSError):
        inside = [*prefix.iterdir(), *lock.parent.iterdir()]
        if inside == [lock.parent, lock] and not lock.stat().st_size:
            lock.unlink()
            lock.parent.rmdir()
            prefix.rmdir()


@asynccontextmanager
async def prefix_lock(
    prefix: Path,
    operation: Operation,
    *,
    what: str,
    timeout_seconds: float | None = None,
) -> AsyncIterator[HeldLock]:
    """Be the only one, among us and pixi, that changes `prefix`.

    Parameters
    ----------
    prefix
        Absolute path; made, with ``conda-meta``, if it is not there.
    operation
        Says each second who is waited for.
    what
        What is going to be done, for those who wait.
    timeout_seconds
        How long to wait; None for as long as it takes.

    Raises
    ------
    PrefixBusyError
        If another holds it for longer than `timeout_seconds`, or this process
        keeps it after a failed change.
    LinkError
        If the lock file cannot be made.

    Notes
    -----
    Waiting can be cancelled; nothing is left behind then. A prefix that was made
    for the lock is removed again if nothing came into it.
    """
    path = prefix / "conda-meta" / STATE_FILE
    unused = _absent(prefix)
    if path in _kept:
        raise PrefixBusyError(
            prefix, holder=f"pid {os.getpid()}, after a change that failed", seconds=0
        )
    try:
        held = await _acquire(
            path, path.with_name(HOLDER_FILE), operation, timeout_seconds
        )
    except _TimeIsUpError as error:
        raise PrefixBusyError(
            prefix, holder=error.holder, seconds=error.seconds
        ) from None
    except OSError as error:
        raise LinkError(prefix, reason=str(error)) from error
    held.unused = unused
    held.sign(what)
    _sweep(path.parent)
    try:
        yield held
    finally:
        held.release()


@asynccontextmanager
async def workspace_lock(
    root: Path,
    operation: Operation,
    *,
    what: str,
    timeout_seconds: float | None = None,
) -> AsyncIterator[HeldLock]:
    """Be the only one that reads and writes manifest and lock of a workspace.

    Parameters
    ----------
    root
        The workspace's folder.
    operation, what, timeout_seconds
        As for `prefix_lock`; like that one it excludes its own process, too, so
        who holds it must not ask for it again.

    Raises
    ------
    WorkspaceBusyError
        If another holds it for longer than `timeout_seconds`.
    WriteError
        If the lock file cannot be made.
    """
    path = root / ".pixi" / "workspace.lock"
    try:
        held = await _acquire(
            path, path.with_suffix(".holder"), operation, timeout_seconds
        )
    except _TimeIsUpError as error:
        raise WorkspaceBusyError(
            root, holder=error.holder, seconds=error.seconds
        ) from None
    except OSError as error:
        raise WriteError(root / ".pixi", reason=str(error)) from error
    held.sign(what)
    try:
        yield held
    finally:
        held.release()


class _TimeIsUpError(Exception):
    """The lock was not free in time."""

    def __init__(self, holder: str, *, seconds: float) -> None:
        super().__init__(holder)
        self.holder, self.seconds = holder, seconds


async def _acquire(
    path: Path, note: Path, operation: Operation, timeout_seconds: float | None
) -> HeldLock:
    lock = FileLock(path)
    started = time.monotonic()
    told = float("-inf")
    while not _try(lock):
        waited = time.monotonic() - started
        if timeout_seconds is not None and waited >= timeout_seconds:
            raise _TimeIsUpError(holder_of(note), seconds=waited)
        if waited - told >= TELL_SECONDS:
            told = waited
            operation.say("waiting", f"{holder_of(note)}, {waited:.0f} s")
        await asyncio.sleep(POLL_SECONDS)
    if told >= 0:
        operation.finish("waiting")
    return HeldLock(path, note, lock)


def _try(lock: FileLock) -> bool:
    lock.path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return lock.acquire()
    except FileNotFoundError:
        return False  # somebody removes the folder at this moment


def holder_of(note: Path) -> str:
    """Describe who holds a lock, as far as its note can be believed.

    Parameters
    ----------
    note
        May be missing, garbage, or left by a process that is gone.
    """
    try:
        told = json.loads(note.read_bytes())
        pid, host = int(told["pid"]), str(told["host"])
        what, since = str(told["what"]), float(told["since"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return "another process, perhaps pixi"
    here = host == socket.gethostname()
    if here and not is_alive(pid):
        return "another process, perhaps pixi"
    place = "" if here else f" on {host}"
    return f"{what}, pid {pid}{place}{_clock(since)}"


def _clock(since: float) -> str:
    """Give the time of day; no time that has gone by, for clocks may be set."""
    try:
        return time.strftime(", since %H:%M:%S", time.localtime(since))
    except (OverflowError, ValueError, OSError):  # no time at all
        return ""


def is_alive(pid: int) -> bool:
    """Tell whether a process of this machine exists; True where unknown."""
    if sys.platform == "win32":
        return True  # os.kill would end it there
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True
