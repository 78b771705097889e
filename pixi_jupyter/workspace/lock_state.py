"""The lock file as it is, and what it does not agree with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.errors import NewerLockError
from pixi_jupyter.lock.file import Lock, decode_lock, read_lock_bytes
from pixi_jupyter.lock.platforms import match_platforms
from pixi_jupyter.solve.conda import solver_virtual_packages
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from pixi_jupyter.adapters.rattler import LockedRecords
    from pixi_jupyter.events import Operation
    from pixi_jupyter.lock.disagreement import Disagreement
    from pixi_jupyter.workspace.context import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class LockState:
    """The lock file as it is, and what it does not agree with."""

    lock: Lock | None
    records: LockedRecords
    """Conda records by environment and platform name."""
    reasons: tuple[Disagreement, ...]
    bytes_read: bytes | None = None
    unread: str = ""
    """Why there is no lock although there is a file."""

    @property
    def is_current(self) -> bool:
        """Whether the lock says all that the manifest asks."""
        return self.lock is not None and not self.reasons


def read_state(workspace: Workspace, operation: Operation) -> LockState:
    """Read the lock file and compare it with the manifest; no network.

    Raises
    ------
    LockParseError
        If the file is not a lock file.
    NewerLockError
        If a newer pixi wrote it.
    """
    operation.say("read", workspace.shown(workspace.lock_path))
    lock, records, data = read_lock(workspace)
    found = () if lock is None else _disagreements(workspace, lock, records)
    operation.finish("read")
    return LockState(lock=lock, records=records, reasons=found, bytes_read=data)


def _disagreements(
    workspace: Workspace, lock: Lock, records: LockedRecords
) -> tuple[Disagreement, ...]:
    # 15 ms that a first lock does without
    from pixi_jupyter.lock.satisfy import disagreements
    from pixi_jupyter.workspace.pypi_rules import pypi_rules

    return disagreements(
        lock,
        records,
        workspace.composition,
        urls=workspace.channel_url,
        pypi=pypi_rules(),
        virtual_packages=lambda each: solver_virtual_packages(each, workspace.environ),
        manifest_text=workspace.text,
    )


def read_state_or_none(workspace: Workspace, operation: Operation) -> LockState:
    """Read the lock as `read_state` does; one of a newer format is as good as none.

    Raises
    ------
    LockParseError
    """
    try:
        return read_state(workspace, operation)
    except NewerLockError as error:
        operation.warn(f"{error.message}; it is made anew")
        data = read_lock_bytes(workspace.lock_path)
        return LockState(
            lock=None, records={}, reasons=(), bytes_read=data, unread=error.message
        )


def read_lock(workspace: Workspace) -> tuple[Lock | None, LockedRecords, bytes | None]:
    """Read the lock file: what it says, its conda records, and its bytes.

    Raises
    ------
    LockParseError, NewerLockError
    """
    from pixi_jupyter.adapters.rattler import read_lock_records

    path = workspace.lock_path
    if not path.exists():
        return None, {}, None
    data = read_lock_bytes(path)
    while True:
        lock, records = decode_lock(data, path), read_lock_records(path)
        # three readings are one only if nobody wrote in between
        was, data = data, read_lock_bytes(path)
        if data == was:
            break
    lock, records = match_platforms(lock, records, workspace.composition.platforms)
    return lock, records, data
