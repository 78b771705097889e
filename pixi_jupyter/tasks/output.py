"""What programs write: taken from their pipes, and given on in good pieces.

A pipe is read on a thread of its own, which may be made to wait: then the pipe runs
full, and the program waits too. So nothing piles up in memory.
"""

from __future__ import annotations

import codecs
import os
import select
import threading
import time
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from pixi_jupyter.events import Operation

PIECE_BYTES = 65536
"""A piece is no larger."""

PIECE_SECONDS = 0.05
"""Pieces come no more often, unless they are full."""

_POLL_SECONDS = 0.25
_LONGEST_LINE = 1 << 20
"""A line that is longer is given on in parts."""


class Sink(Protocol):
    """Takes what one stream of one program says."""

    def take(self, piece: bytes, *, is_last: bool) -> None:
        """Take a piece; the last one may be empty.

        Raises
        ------
        OSError
            If nobody reads on: the program shall find its pipe closed.
        """


class OutputLog:
    """The whole output of a run, in a file, as it came.

    Parameters
    ----------
    path
        Made with its folder at the first piece.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._file: IO[bytes] | None = None
        self.failure: str | None = None
        """Why it is not whole."""

    @property
    def is_there(self) -> bool:
        """Whether anything was written."""
        return self._file is not None

    def write(self, piece: bytes) -> None:
        """Append a piece; a full disk is no reason to end a task."""
        with self._lock:
            if self.failure is not None or not piece:
                return
            try:
                if self._file is None:
                    self.path.parent.mkdir(parents=True, exist_ok=True)
                    self._file = self.path.open("wb", buffering=0)
                while piece:
                    piece = piece[self._file.write(piece) :]
            except OSError as error:
                self.failure = error.strerror or str(error)

    def close(self) -> None:
        """Close the file."""
        with self._lock, suppress(OSError):
            if self._file is not None:
                self._file.close()


class EventSink:
    """Gives pieces on as events, decoded, and keeps them in a log."""

    def __init__(
        self, operation: Operation, *, node: int, stream: str, log: OutputLog | None
    ) -> None:
        self._operation, self._log = operation, log
        self._data = {"node": node, "stream": stream}
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def take(self, piece: bytes, *, is_last: bool) -> None:
        """Give it on."""
        if self._log is not None:
            self._log.write(piece)
        text = self._decoder.decode(piece, final=is_last)
        if text:
            self._operation.output(text, self._data)


class LineSink:
    """Writes whole lines, each behind a name, so that programs do not mix.

    Parameters
    ----------
    descriptor
        Where to.
    prefix
        What begins each line.
    lock
        Shared by all that write to the same place.
    """

    def __init__(self, descriptor: int, prefix: str, lock: threading.Lock) -> None:
        self._descriptor, self._prefix = descriptor, prefix.encode()
        self._lock, self._rest = lock, b""

    def take(self, piece: bytes, *, is_last: bool) -> None:
        """Write what is whole of it."""
        lines = (self._rest + piece).split(b"\n")
        self._rest = lines.pop()
        if self._rest and (is_last or len(self._rest) > _LONGEST_LINE):
            lines.append(self._rest)
            self._rest = b""
        text = b"".join(b"%s%s\n" % (self._prefix, line) for line in lines)
        with self._lock:
            while text:
                text = text[os.write(self._descriptor, text) :]


class Pump:
    """Reads a pipe to its end on a thread, and closes it."""

    def __init__(self, pipe: IO[bytes], sink: Sink) -> None:
        self._pipe, self._sink = pipe, sink
        self._is_over = threading.Event()
        self._last = 0.0
        self._is_hurried = False
        self._thread = threading.Thread(
            target=self._run, name="task-output", daemon=True
        )
        self._thread.start()

    def hurry(self) -> None:
        """Wait no more for pieces to grow; the program is about to be ended."""
        self._is_hurried = True

    def finish(self) -> None:
        """Read what is left; the program and its group have ended.

        Somebody who left the group may hold the pipe: nobody waits for that one.
        """
        self._is_over.set()
        self._thread.join()

    def _run(self) -> None:
        descriptor = self._pipe.fileno()
        try:
            while piece := self._piece(descriptor):
                self._sink.take(piece, is_last=False)
                self._last = time.monotonic()
            self._sink.take(b"", is_last=True)
        except OSError:  # nobody reads on
            pass
        finally:
            with suppress(OSError):
                self._pipe.close()

    def _piece(self, descriptor: int) -> bytes:
        """Give the next piece; nothing at the end."""
        if not self._is_readable(descriptor, None):
            return b""
        piece = os.read(descriptor, PIECE_BYTES)
        while piece and len(piece) < PIECE_BYTES and not self._is_hurried:
            left = self._last + PIECE_SECONDS - time.monotonic()
            if left <= 0 or not self._is_readable(descriptor, left):
                break
            more = os.read(descriptor, PIECE_BYTES - len(piece))
            if not more:
                break
            piece += more
        return piece

    def _is_readable(self, descriptor: int, seconds: float | None) -> bool:
        """Wait for something to read; without a limit also for the end."""
        if os.name == "nt":  # pipes cannot be waited for there
            return seconds is None
        while True:
            was_over = self._is_over.is_set()
            limit = 0.0 if was_over else _POLL_SECONDS
            wait = limit if seconds is None else min(limit, seconds)
            if _ready(descriptor, wait):
                return True
            if was_over or seconds is not None:
                return False


def _ready(descriptor: int, seconds: float) -> bool:
    if hasattr(select, "poll"):  # select knows no descriptor above 1023
        poll = select.poll()
        poll.register(descriptor, select.POLLIN | select.POLLHUP)
        return bool(poll.poll(seconds * 1000))
    return bool(select.select([descriptor], [], [], seconds)[0])
