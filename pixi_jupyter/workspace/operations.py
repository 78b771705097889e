"""What is going on in a workspace, for everybody to see: a file for each operation.

``.pixi/operations/ID.json`` says what an operation is and how far, ``ID.log`` beside
it holds its events, one JSON object a line. Who runs the operation keeps the log
locked; the system drops that lock with its holder, so an operation that was killed
is told from one that is silent, on any machine that shares the folder.

Times are for people. Nothing is decided by them, and durations come from the
machine's monotonic clock: a clock that jumps does no harm.
"""

from __future__ import annotations

import json
import os
import socket
import time
from contextlib import suppress
from dataclasses import asdict, field, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pixi_jupyter.install.filelock import FileLock
from pixi_jupyter.install.locks import is_alive
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

KEPT = 50
"""How many operations that ended are remembered."""

NO_WORD = "It ended without a word"
"""The error of an operation whose process was killed."""

OperationState: TypeAlias = Literal[
    "running", "waiting", "succeeded", "failed", "cancelled"
]

_FORMAT = 1


def now_text() -> str:
    """Give the time of day, ISO 8601 in UTC."""
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds")


def boot_id() -> str:
    """Name this run of the machine; empty where it has no name."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except (OSError, ValueError):
        return ""


def process_start(pid: int) -> str:
    """Tell when a process began, in a form that no later one of that id shares.

    Returns
    -------
    str
        Clock ticks since the machine's start; empty where that cannot be known.
    """
    try:
        status = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return ""
    # the name, in brackets, may hold anything; what is meant is field 22
    fields = status.rpartition(")")[2].split()
    return fields[19] if len(fields) > 19 else ""  # noqa: PLR2004  counted from field 3


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationRecord:
    """One operation, as its file tells of it."""

    id: str
    verb: str
    """As `commands.registry` has it."""
    what: str
    """The verb and what it works on, for a person to read."""
    state: OperationState = "running"
    phase: str = ""
    """The phase it is in, or was in when it ended."""
    label: str = ""
    """What the phase works on."""
    done: int | None = None
    total: int | None = None
    unit: str = ""
    error: str | None = None
    """Why it failed, or how it was cancelled."""
    started: str = field(default_factory=now_text)
    """ISO 8601, UTC."""
    phase_started: str = ""
    ended: str | None = None
    seconds: float | None = None
    """How long it took; None until it ends."""
    pid: int = field(default_factory=os.getpid)
    host: str = field(default_factory=socket.gethostname)
    process_start: str = field(default_factory=lambda: process_start(os.getpid()))
    boot: str = field(default_factory=boot_id)
    clock: float = field(default_factory=time.monotonic)
    """The monotonic clock of that machine when it started."""

    @property
    def is_over(self) -> bool:
        """Whether it came to an end."""
        return self.state not in ("running", "waiting")

    @property
    def age_seconds(self) -> float | None:
        """How long it takes or took; None where this machine cannot tell."""
        if self.is_over:
            return self.seconds
        if not self.boot or self.boot != boot_id():
            return None
        return max(0.0, time.monotonic() - self.clock)

    def over(self, state: OperationState, error: str | None) -> OperationRecord:
        """Give it as it is after its end, in the process that ran it."""
        taken = max(0.0, time.monotonic() - self.clock)
        return replace(
            self, state=state, error=error, ended=now_text(), seconds=round(taken, 3)
        )

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {"format": _FORMAT, **asdict(self)}


def operations_folder(root: Path) -> Path:
    """Where the operations of a workspace are."""
    return root / ".pixi" / "operations"


def record_path(root: Path, operation_id: str) -> Path:
    """Where the record of an operation is."""
    return operations_folder(root) / f"{operation_id}.json"


def log_path(root: Path, operation_id: str) -> Path:
    """Where the events of an operation are."""
    return operations_folder(root) / f"{operation_id}.log"


def write_record(root: Path, record: OperationRecord) -> None:
    """Write a record, in one piece.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    path = record_path(root, record.id)
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        temporary.write_text(json.dumps(record.to_json()), encoding="utf-8")
        temporary.replace(path)
    except OSError:
        with suppress(OSError):
            temporary.unlink()
        raise


def read_operations(root: Path) -> tuple[OperationRecord, ...]:
    """Read what is going on and what went on in a workspace, the newest first.

    An operation whose process is gone is given as failed. Writes nothing, and never
    fails: a file that cannot be read is left out.
    """
    found = [_judged(root, each) for each in _read_all(root)]
    return tuple(sorted(found, key=_age, reverse=True))


def sweep_operations(
    root: Path, *, keep: int = KEPT, dry_run: bool = False
) -> list[Path]:
    """Forget old operations; mark those whose process is gone.

    Parameters
    ----------
    root
        The workspace's folder.
    keep
        How many that ended stay; those that run always do.
    dry_run
        Remove and mark nothing.

    Returns
    -------
    list of Path
        What was removed, or would be.
    """
    ended: list[OperationRecord] = []
    kept: set[str] = set()
    for record in _read_all(root):
        judged = _judged(root, record)
        if judged.error == NO_WORD and not record.is_over and not dry_run:
            with suppress(OSError):
                write_record(root, judged)
        if judged.is_over:
            ended.append(judged)
        else:
            kept.add(judged.id)
    ended.sort(key=_age, reverse=True)
    kept.update(each.id for each in ended[:keep])
    unwanted = [path for path in _files(root) if _id_of(path) not in kept]
    # an operation that begins has a log before it has a record
    begun = {each for each in map(_id_of, unwanted) if _is_held(log_path(root, each))}
    removed = [path for path in unwanted if _id_of(path) not in begun]
    return [path for path in removed if dry_run or _remove(path)]


def _age(record: OperationRecord) -> tuple[str, str]:
    return record.started, record.id


def _files(root: Path) -> list[Path]:
    try:
        return sorted(operations_folder(root).iterdir())
    except OSError:
        return []


def _id_of(path: Path) -> str:
    """Give the operation that a file belongs to, a record half written included."""
    return path.name.removeprefix(".").partition(".")[0]


def _remove(path: Path) -> bool:
    try:
        path.unlink()
    except OSError:
        return False
    return True


def _read_all(root: Path) -> Iterator[OperationRecord]:
    for path in _files(root):
        if path.suffix == ".json" and (record := _read(path)) is not None:
            yield record


def _read(path: Path) -> OperationRecord | None:
    """Read one record; None where there is none that can be understood."""
    try:
        data = json.loads(path.read_bytes())
        if data.pop("format") != _FORMAT:
            return None
        record = OperationRecord(**data)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    texts = (record.id, record.state, record.started, record.host, record.boot)
    numbers = (record.pid, record.clock)
    fits = all(isinstance(each, str) for each in texts) and all(
        isinstance(each, int | float) for each in numbers
    )
    return record if fits and record.id == path.stem else None


def _judged(root: Path, record: OperationRecord) -> OperationRecord:
    """Give a record as it really stands: whether who wrote it is still there."""
    if record.is_over:
        return record
    log = log_path(root, record.id)
    lock = FileLock(log)
    try:
        if log.exists() and not lock.acquire():
            return record
        gone = lock.is_held or _is_gone(record)
        # it may have ended since it was read; its last word comes before its lock
        latest = _read(record_path(root, record.id)) or record
    except OSError:  # a place where nothing can be locked
        gone, latest = _is_gone(record), record
    finally:
        lock.release()
    if latest.is_over or not gone:
        return latest
    return replace(latest, state="failed", error=NO_WORD)


def _is_gone(record: OperationRecord) -> bool:
    """Whether the process is certainly not there any more."""
    if record.host != socket.gethostname():
        return False
    pid = int(record.pid)
    return not is_alive(pid) or process_start(pid) != record.process_start


def _is_held(log: Path) -> bool:
    if not log.exists():
        return False
    lock = FileLock(log)
    try:
        return not lock.acquire()
    except OSError:
        return False
    finally:
        lock.release()
