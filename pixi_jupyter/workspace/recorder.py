"""Writes down what an operation does, on a thread of its own.

Events come from any thread, some of which hold up the linker, so hearing one only
takes a note of it. The disk is the business of a thread.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from pixi_jupyter.workspace.operations import (
    OperationRecord,
    OperationState,
    log_path,
    now_text,
    operations_folder,
    sweep_operations,
    write_record,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import TextIO

    from typing_extensions import Self

    from pixi_jupyter.events import Event
    from pixi_jupyter.install.filelock import FileLock

logger = logging.getLogger(__name__)

INTERVAL_SECONDS = 0.2
"""A record is written no more often."""

_LOG_SECONDS = 1.0
"""How often the log hears of a phase that goes on."""

_END_SECONDS = 2.0
"""A disk that takes longer for the last word goes without it."""


def output_path(root: Path, operation_id: str) -> Path:
    """Where all that the programs of an operation said is; it goes with its record."""
    return operations_folder(root) / f"{operation_id}.txt"


class Recorder:
    """Keeps the files of one operation.

    Parameters
    ----------
    operation_id, verb, what
        See `OperationRecord`.
    find_root
        Gives the workspace's folder; where it fails nothing is written.
    began
        The monotonic clock when the operation began.
    """

    def __init__(
        self,
        operation_id: str,
        *,
        verb: str,
        what: str,
        find_root: Callable[[], Path],
        began: float,
    ) -> None:
        self._id, self._find_root = operation_id, find_root
        self._record = OperationRecord(
            id=operation_id, verb=verb, what=what, clock=began
        )
        self._lines: list[str] = []
        self._logged: dict[tuple[str, str], float] = {}
        self._lock = threading.Lock()
        self._news = threading.Event()
        self._ending = threading.Event()
        self._thread = threading.Thread(
            target=self._run, name="operation-record", daemon=True
        )
        self._thread.start()

    def hear(self, event: Event) -> None:
        """Take a note of an event; never waits and never fails."""
        if event.level == "output":  # has a file of its own
            return
        with self._lock:
            if self._ending.is_set():
                return
            self._record = _after(self._record, event)
            if self._is_for_log(event):
                self._lines.append(json.dumps(event.to_wire()))
        self._news.set()

    def end(self, state: OperationState, error: str | None = None) -> None:
        """Write the last word, and wait for it, but not for long."""
        with self._lock:
            self._record = self._record.over(state, error)
            self._ending.set()
        self._news.set()
        self._thread.join(_END_SECONDS)

    def _is_for_log(self, event: Event) -> bool:
        """Whether a line is due: a phase that goes on has one each second."""
        if event.level != "progress":
            return True
        key, now = (event.operation, event.phase), time.monotonic()
        last = self._logged.get(key)
        if event.state != "running":
            self._logged.pop(key, None)
        elif last is not None and now - last < _LOG_SECONDS:
            return False
        else:
            self._logged[key] = now
        return True

    def _run(self) -> None:
        """Write until the end; a disk that cannot be written is nobody's trouble."""
        try:
            root = self._find_root()
            with _Files(root, self._id) as files:
                swept = False
                while True:
                    over = self._ending.is_set()
                    self._news.clear()
                    with self._lock:
                        record, lines = self._record, self._lines
                        self._lines = []
                    files.write(record, lines)
                    if over:
                        return
                    if not swept:
                        swept = True
                        sweep_operations(root)
                    self._ending.wait(INTERVAL_SECONDS)
                    self._news.wait()
        except Exception:  # no verb fails for the file that tells of it
            logger.debug("operation %s is not recorded", self._id, exc_info=True)


def _after(record: OperationRecord, event: Event) -> OperationRecord:
    """Give a record as it is after an event."""
    if event.level != "progress" or not event.phase:
        return record
    waits = event.phase == "waiting"
    if event.state != "running" and waits:
        # what it waited for has come
        return replace(record, state="running")
    return replace(
        record,
        state="waiting" if waits else "running",
        phase=event.phase,
        label=event.label,
        done=event.done,
        total=event.total,
        unit=event.unit,
        phase_started=(
            record.phase_started if event.phase == record.phase else now_text()
        ),
    )


class _Files:
    """The open files of one operation, the log being locked."""

    def __init__(self, root: Path, operation_id: str) -> None:
        self._root, self._id = root, operation_id
        self._lock: FileLock | None = None
        self._log: TextIO | None = None

    def __enter__(self) -> Self:
        from pixi_jupyter.errors import PixiJupyterError
        from pixi_jupyter.install.filelock import FileLock
        from pixi_jupyter.install.marker import write_pixi_files

        path = log_path(self._root, self._id)
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(PixiJupyterError):
            write_pixi_files(self._root / ".pixi")
        lock = FileLock(path)
        if lock.acquire():
            self._lock = lock
        self._log = path.open("a", encoding="utf-8")
        return self

    def __exit__(self, *_: object) -> None:
        if self._log is not None:
            with suppress(OSError):
                self._log.close()
        if self._lock is not None:
            self._lock.release()

    def write(self, record: OperationRecord, lines: list[str]) -> None:
        """Write the lines and the record; a full disk may have room later."""
        assert self._log is not None  # noqa: S101  it is entered
        try:
            if lines:
                self._log.write("".join(f"{line}\n" for line in lines))
                self._log.flush()
            write_record(self._root, record)
        except OSError as error:
            logger.debug("operation %s could not be written: %s", self._id, error)
