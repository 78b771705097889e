"""Gives a terminal to a task and takes it back, as a shell does.

A task runs in a group of its own, so that it can be ended as a whole. Only one group
of a session reads from the terminal and gets its Ctrl-C: that has to be the task's,
or an interactive program would be stopped at its first look at the keyboard.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typing_extensions import Self

    from pixi_jupyter.tasks.group import Group

_SETTLE_SECONDS = 0.1
"""A process that stops itself runs on for a moment."""


class Terminal:
    """The terminal that controls this process' session; POSIX.

    Parameters
    ----------
    descriptor
        Of the terminal; closed by `close`.
    is_whole
        Whether the task may have it from the start. In a pipeline (``run x | less``)
        somebody else may need it, so it is given when the task asks for it.
    """

    def __init__(self, descriptor: int, *, is_whole: bool) -> None:
        self._descriptor, self._is_whole = descriptor, is_whole
        self._mine = os.getpgrp()

    @classmethod
    def find(cls) -> Self | None:
        """Give the terminal; None where there is none."""
        if sys.platform == "win32":
            return None
        try:
            descriptor = os.open(os.ctermid(), os.O_RDWR | os.O_NOCTTY)
        except OSError:
            return None
        try:
            is_whole = os.isatty(0) and os.isatty(1)
        except OSError:
            is_whole = False
        return cls(descriptor, is_whole=is_whole)

    def close(self) -> None:
        """Let go of it."""
        with suppress(OSError):
            os.close(self._descriptor)

    @contextmanager
    def lent_to(self, group: Group) -> Iterator[None]:
        """Let a group have it while the body runs; called on one thread."""
        if self._is_whole:
            self._give(group)
        watch = threading.Thread(
            target=self._watch, args=(group,), name="task-stops", daemon=True
        )
        watch.start()
        try:
            yield
        finally:
            self._take(group.id)

    def _watch(self, group: Group) -> None:
        """Be stopped when the task is, and go on with it."""
        while (number := group.stopped_by()) is not None:
            asks = number in (signal.SIGTTIN, signal.SIGTTOU)
            if not (asks and self._owner() == self._mine):
                self._take(group.id)
                # all of our job, as the terminal would have done it
                os.killpg(self._mine, signal.SIGTSTP)
                time.sleep(_SETTLE_SECONDS)
            self._give(group)

    def _give(self, group: Group) -> None:
        if group.is_open and self._owner() == self._mine:
            self._set(group.id)
        # it may have been stopped at its first look at the terminal
        group.signal(signal.SIGCONT)

    def _take(self, group_id: int) -> None:
        if self._owner() == group_id:
            self._set(self._mine)

    def _owner(self) -> int | None:
        try:
            return os.tcgetpgrp(self._descriptor)
        except OSError:  # it was hung up
            return None

    def _set(self, group_id: int) -> None:
        """Name the group in front; whoever is not in front would be stopped by it."""
        blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
        try:
            with suppress(OSError):
                os.tcsetpgrp(self._descriptor, group_id)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
