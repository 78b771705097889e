"""A program in a terminal of its own, and somebody who types."""

from __future__ import annotations

import os
import pty
import select
import signal
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


class TypedInto:
    """A program that believes that a person sits in front of it."""

    def __init__(self, words: Sequence[str], cwd: Path, **environ: str) -> None:
        variables: Mapping[str, str] = {**os.environ, **environ}
        self.pid, self._terminal = pty.fork()
        if self.pid == 0:
            os.chdir(cwd)
            os.execvpe(words[0], list(words), variables)  # noqa: S606
        self._rest = b""
        self.shown = b""

    def expect(self, text: str, *, seconds: float = 15.0) -> None:
        """Wait until a text is shown, behind all that was waited for before."""
        wanted, end = text.encode(), time.monotonic() + seconds
        while wanted not in self._rest:
            left = end - time.monotonic()
            ready = select.select([self._terminal], [], [], max(0.0, left))[0]
            piece = self._read() if ready else b""
            assert piece, f"waited for {text!r}, shown was {self.shown.decode()!r}"
            self._rest += piece
            self.shown += piece
        self._rest = self._rest.partition(wanted)[2]

    def type(self, text: str) -> None:
        os.write(self._terminal, text.encode())

    def _read(self) -> bytes:
        try:
            return os.read(self._terminal, 1 << 20)
        except OSError:  # nobody holds it any more
            return b""

    def end(self) -> int:
        """Read to its end; give the exit code, negative for a signal."""
        while piece := self._read():
            self.shown += piece
        _, status = os.waitpid(self.pid, 0)
        os.close(self._terminal)
        return os.waitstatus_to_exitcode(status)

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
