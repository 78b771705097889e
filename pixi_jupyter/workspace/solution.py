"""From what a manifest asks to what is locked: check, solve, put together.

Rules: pixi 0.77.0, lock satisfiability and minimal change (read 2026-11).
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Literal, TypeAlias

from pixi_jupyter.errors import (
    LockNotFoundError,
    LockOutdatedError,
    NewerLockError,
    UnsatisfiableError,
)
from pixi_jupyter.lock.disagreement import describe
from pixi_jupyter.lock.file import Lock, format_lock, read_lock_bytes, validate_lock
from pixi_jupyter.lock.models import NEWEST_VERSION
from pixi_jupyter.solve.conda import solve_all
from pixi_jupyter.values import dataclass
from pixi_jupyter.workspace.assembly import assemble
from pixi_jupyter.workspace.lock_state import (
    LockState,
    read_lock,
    read_state,
    read_state_or_none,
)
from pixi_jupyter.workspace.relaxed import Relaxed, relaxes, relaxes_pypi
from pixi_jupyter.workspace.requests import explained, plan_work
from pixi_jupyter.workspace.wheels import locked_wheels, solve_wheels

if TYPE_CHECKING:
    from collections.abc import Collection

    from pixi_jupyter.adapters.rattler import LockedRecords, RepoDataRecord, Session
    from pixi_jupyter.events import Operation
    from pixi_jupyter.solve.pypi_record import PypiRecord
    from pixi_jupyter.workspace.context import Workspace

__all__ = [
    "LockMode",
    "LockState",
    "Solution",
    "provide_solution",
    "read_state",
    "read_state_or_none",
    "solve_again",
]

LockMode: TypeAlias = Literal["update", "locked", "frozen"]
"""What may be done about a lock that does not fit: solve, refuse, or not look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """A lock that fits the manifest, on disk or about to be."""

    lock: Lock
    records: LockedRecords
    before: Lock | None = None
    """The lock it takes the place of."""
    solved: tuple[tuple[str, str], ...] = ()
    """(environment, platform) of everything that was solved anew."""
    seconds: float = 0.0
    bytes_read: bytes | None = None
    """The file it was read from; None where it was solved."""
    bytes_before: bytes | None = None
    """What the file held before it was solved; None where there was none."""
    formatted: str | None = None
    """The text that was validated; None where it was not solved."""
    is_checked: bool = True
    """Whether it fits the manifest; a frozen one is not looked at."""

    @property
    def text(self) -> str:
        """The lock file's text."""
        return self.formatted or format_lock(self.lock)

    def row(self, environment: str, platform: str) -> list[RepoDataRecord]:
        """Give the conda records of one environment on one platform."""
        return self.records.get(environment, {}).get(platform, [])

    def wheels(self, environment: str, platform: str) -> tuple[PypiRecord, ...]:
        """Give the PyPI packages of one environment on one platform."""
        return tuple(locked_wheels(self.lock, environment, platform))


async def provide_solution(
    workspace: Workspace,
    operation: Operation,
    *,
    session: Session,
    mode: LockMode = "update",
    relaxed: Collection[Relaxed] = (),
    state: LockState | None = None,
) -> Solution:
    """Give a solution that fits the manifest, solving only what does not fit.

    Nothing is written.

    Parameters
    ----------
    workspace
        Possibly one whose manifest was edited in memory.
    session
        Where repodata comes from.
    mode
        Whether a lock that does not fit may be solved again.
    relaxed
        Packages whose locked version is not preferred; where one is locked is solved
        although it fits.
    state
        The lock as it was read already.

    Raises
    ------
    LockNotFoundError, LockOutdatedError
        Where `mode` forbids to solve.
    SolveError
        If there is no solution.
    """
    if mode == "frozen":
        return _frozen(workspace)
    if state is None:
        read = read_state if mode == "locked" else read_state_or_none
        state = read(workspace, operation)
    known = workspace.composition.environments
    if (
        state.lock is not None
        and not state.reasons
        and not relaxes(relaxed, state.records, environments=known)
        and not relaxes_pypi(relaxed, state.lock, environments=known)
    ):
        _tell_of_age(workspace, state.lock, operation)
        return Solution(
            lock=state.lock,
            records=state.records,
            before=state.lock,
            bytes_read=state.bytes_read,
        )
    if mode == "locked":
        if state.lock is None:
            raise LockNotFoundError(workspace.lock_path)
        raise LockOutdatedError(
            workspace.shown(workspace.lock_path), reasons=describe(state.reasons)
        )
    return await _solve(workspace, operation, session, state, tuple(relaxed))


def _tell_of_age(workspace: Workspace, lock: Lock, operation: Operation) -> None:
    if lock.version < NEWEST_VERSION:
        name = workspace.shown(workspace.lock_path)
        operation.warn(
            f"{name} has the old format {lock.version};"
            f" the command lock brings it to {NEWEST_VERSION}"
        )


async def solve_again(
    workspace: Workspace, operation: Operation, *, session: Session
) -> Solution:
    """Solve everything, the locked records being preferred.

    Raises
    ------
    SolveError
        If there is no solution.
    """
    try:
        lock, records, data = read_lock(workspace)
    except NewerLockError:
        lock, records, data = None, {}, read_lock_bytes(workspace.lock_path)
    state = LockState(lock=lock, records=records, reasons=(), bytes_read=data)
    return await _solve(workspace, operation, session, state, (), everything=True)


def _frozen(workspace: Workspace) -> Solution:
    lock, records, data = read_lock(workspace)
    if lock is None:
        raise LockNotFoundError(workspace.lock_path)
    return Solution(
        lock=lock, records=records, before=lock, bytes_read=data, is_checked=False
    )


async def _solve(
    workspace: Workspace,
    operation: Operation,
    session: Session,
    state: LockState,
    relaxed: tuple[Relaxed, ...],
    *,
    everything: bool = False,
) -> Solution:
    started = time.monotonic()
    work = plan_work(workspace, state, relaxed, everything=everything)
    operation.say("solve", total=len(work.requests), unit="environments")
    try:
        results = await solve_all(
            work.requests,
            session,
            operation,
            concurrency=workspace.settings.concurrent_solves,
        )
    except UnsatisfiableError as error:
        raise explained(workspace, work, error) from error
    cells = work.all_cells(results)
    parts = await solve_wheels(workspace, cells, state, relaxed, operation)
    rows = {
        (environment, cell.platform.name): row
        for cell, found in zip(cells, parts, strict=True)
        for environment, row in found.items()
    }
    operation.finish("solve")
    lock, records = assemble(workspace, state, rows)
    text = format_lock(lock)
    validate_lock(text, workspace.lock_path)
    return Solution(
        lock=lock,
        records=records,
        before=state.lock,
        solved=tuple(rows),
        formatted=text,
        seconds=time.monotonic() - started,
        bytes_before=state.bytes_read,
    )
