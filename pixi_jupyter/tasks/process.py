"""One command of a task, with all that it starts, from its start to its end."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, Any, TypeAlias

from pixi_jupyter.errors import CommandStartError
from pixi_jupyter.tasks.output import Pump
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pixi_jupyter.tasks.group import Group
    from pixi_jupyter.tasks.output import Sink
    from pixi_jupyter.tasks.terminal import Terminal
    from pixi_jupyter.tasks.windows_job import Job

Members: TypeAlias = "Group | Job"

GRACE_SECONDS = 5.0
"""How long a task may take to end after it was asked to."""

_SHELL_BASE = 128
"""A shell says this and a signal's number of a program that the signal ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """How to start a command."""

    command: tuple[str, ...]
    """The program's path and its words."""
    cwd: Path
    environ: Mapping[str, str]


class TaskProcess:
    """A command that runs, in a group of its own.

    Parameters
    ----------
    launch
        What to start.
    sinks
        What takes stdout and stderr; None where both are this process' own, and
        stdin too.
    terminal
        Is lent to the command; None where there is none to lend.

    Raises
    ------
    CommandStartError
        If it cannot be started.

    Notes
    -----
    Made and used on one event loop; the waiting is done on threads, so that every
    event loop will do.
    """

    def __init__(
        self,
        launch: Launch,
        *,
        sinks: tuple[Sink, Sink] | None = None,
        terminal: Terminal | None = None,
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._over: asyncio.Future[int] = self._loop.create_future()
        self._terminal = terminal
        streams: dict[str, Any] = {}
        if sinks is not None:
            pipe = subprocess.PIPE
            streams = {"stdin": subprocess.DEVNULL, "stdout": pipe, "stderr": pipe}
        self._members: Members | None = None
        try:
            self._members = _members()
            self._process = self._members.spawn(
                launch.command,
                cwd=launch.cwd,
                environ=launch.environ,
                streams=streams,
            )
        except (OSError, ValueError) as error:
            if self._members is not None:
                self._members.close()
            reason = getattr(error, "strerror", None) or str(error)
            raise CommandStartError(launch.command[0], reason=reason) from error
        pipes = (self._process.stdout, self._process.stderr)
        self._pumps = [
            Pump(pipe, sink)
            for pipe, sink in zip(pipes, sinks or (), strict=False)
            if pipe is not None
        ]
        threading.Thread(target=self._wait, name="task-end", daemon=True).start()

    def _wait(self) -> None:
        assert self._members is not None  # noqa: S101  it was started
        lent = (
            self._terminal.lent_to(self._members)  # type: ignore[arg-type]  # no terminal on Windows
            if self._terminal is not None
            else nullcontext()
        )
        with lent:
            code = self._process.wait()
        self._members.close()
        for pump in self._pumps:
            pump.finish()
        if code < 0:
            code = _SHELL_BASE - code
        with suppress(RuntimeError):  # nobody waits, the loop is closed
            self._loop.call_soon_threadsafe(self._end_with, code)

    def _end_with(self, code: int) -> None:
        if not self._over.done():
            self._over.set_result(code)

    async def finished(self) -> int:
        """Wait for its end.

        Returns
        -------
        int
            The exit code, as a shell gives it.

        Notes
        -----
        A cancel ends the waiting, not the command; see `end`.
        """
        return await asyncio.shield(self._over)

    async def end(self, number: int = signal.SIGTERM) -> int:
        """End the command with all that it started: ask first, then do it.

        Parameters
        ----------
        number
            The signal that asks.

        Returns
        -------
        int
            The exit code.
        """
        for pump in self._pumps:
            pump.hurry()
        asked = [number, signal.SIGTERM] if number == signal.SIGINT else [number]
        for each in asked:
            self._send(each)
            if each != signal.SIGINT and sys.platform != "win32":
                self._send(signal.SIGCONT)  # one that is stopped hears nothing
            done, _ = await asyncio.wait([self._over], timeout=GRACE_SECONDS)
            if done:
                return self._over.result()
        self._send(getattr(signal, "SIGKILL", signal.SIGTERM))
        return await asyncio.shield(self._over)

    def _send(self, number: int) -> None:
        if self._members is not None:
            self._members.signal(number)


def _members() -> Members:
    if os.name == "nt":
        from pixi_jupyter.tasks.windows_job import Job

        return Job()
    from pixi_jupyter.tasks.group import Group

    return Group()
