"""Solve all environments for all platforms into the lock file."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import ChannelError, OfflineError
from pixi_jupyter.lock.diff import LockDiff, diff_locks
from pixi_jupyter.lock.disagreement import describe
from pixi_jupyter.lock.models import NEWEST_VERSION
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.change import changing, explicit_names, planned
from pixi_jupyter.verbs.request import WorkspaceRequest
from pixi_jupyter.workspace.solution import (
    LockState,
    Solution,
    provide_solution,
    read_state_or_none,
    solve_again,
)

if TYPE_CHECKING:
    from pixi_jupyter.events import Operation
    from pixi_jupyter.workspace.context import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class LockRequest(WorkspaceRequest):
    """How to lock."""

    check: bool = False
    """Fail where the lock does not fit the manifest."""
    dry_run: bool = False
    """Write nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LockResult:
    """What `lock` did."""

    path: str
    diff: LockDiff
    reasons: tuple[str, ...] = ()
    """Why the lock did not fit."""
    is_current: bool
    """Whether the lock fitted the manifest before."""
    written: bool
    environments: int = 0
    platforms: int = 0
    packages: int = 0
    seconds: float = 0.0
    check: bool = False
    dry_run: bool = False
    unsolved: str = ""
    """Why nothing was solved although the lock does not fit."""

    @property
    def exit_code(self) -> int:
        """1 where a check found a disagreement."""
        return int(self.check and not self.is_current)

    def to_json(self) -> dict[str, Any]:
        """Give pixi's JSON form of the difference."""
        return self.diff.to_json()


async def lock(request: LockRequest, operation: Operation) -> LockResult:
    """Bring the lock file up to date with the manifest.

    Raises
    ------
    SolveError, ChannelError
        The lock file is as it was.
    """
    async with changing(request, operation) as opened:
        # the lock of a script goes beside it only by this
        workspace = replace(opened, locks_beside=True)
        state = read_state_or_none(workspace, operation)
        if state.is_current and (request.check or not _is_old(state)):
            return _current(request, workspace, state)
        reasons = _reasons(workspace, state)
        if request.check:
            operation.tell(_out_of_date(workspace, reasons))
            if request.offline:
                return _unsolved(request, workspace, state, reasons, "--offline")
        try:
            solution = await _solve(workspace, operation, state)
        except (ChannelError, OfflineError) as error:
            if not request.check:
                raise
            return _unsolved(request, workspace, state, reasons, error.message)
        return _write(request, workspace, state, reasons, solution)


def _is_old(state: LockState) -> bool:
    """Whether the file has an older format, which `lock` alone brings up to date."""
    return state.lock is not None and state.lock.version < NEWEST_VERSION


async def _solve(
    workspace: Workspace, operation: Operation, state: LockState
) -> Solution:
    session = workspace.session()
    if state.is_current:
        return await solve_again(workspace, operation, session=session)
    return await provide_solution(workspace, operation, session=session, state=state)


def _reasons(workspace: Workspace, state: LockState) -> tuple[str, ...]:
    if state.lock is None:
        return (
            state.unread or f"{workspace.shown(workspace.lock_path)} does not exist",
        )
    return tuple(describe(state.reasons))


def _out_of_date(workspace: Workspace, reasons: tuple[str, ...]) -> str:
    path = workspace.shown(workspace.lock_path)
    count = "1 reason" if len(reasons) == 1 else f"{len(reasons)} reasons"
    body = textwrap.indent("\n".join(reasons), "  ")
    return f"{path} is out of date, {count}\n\n{body}\n"


def _write(
    request: LockRequest,
    workspace: Workspace,
    state: LockState,
    reasons: tuple[str, ...],
    solution: Solution,
) -> LockResult:
    written = False
    if not request.dry_run:
        planned(workspace, workspace, solution).commit()
        old = solution.bytes_read or solution.bytes_before
        written = old != solution.text.encode()
    return LockResult(
        path=workspace.shown(workspace.lock_path),
        diff=diff_locks(state.lock, solution.lock, explicit_names(workspace)),
        reasons=reasons,
        is_current=False,
        written=written,
        environments=len(solution.lock.environments),
        platforms=len(solution.lock.platforms),
        packages=_count(solution),
        seconds=solution.seconds,
        check=request.check,
        dry_run=request.dry_run,
    )


def _count(solution: Solution) -> int:
    return len(
        {
            package.location
            for environment in solution.lock.environments.values()
            for row in environment.packages.values()
            for package in row
        }
    )


def _current(
    request: LockRequest, workspace: Workspace, state: LockState
) -> LockResult:
    assert state.lock is not None  # noqa: S101  is_current says so
    return LockResult(
        path=workspace.shown(workspace.lock_path),
        diff=diff_locks(state.lock, state.lock, None),
        is_current=True,
        written=False,
        environments=len(state.lock.environments),
        platforms=len(state.lock.platforms),
        check=request.check,
        dry_run=request.dry_run,
    )


def _unsolved(
    request: LockRequest,
    workspace: Workspace,
    state: LockState,
    reasons: tuple[str, ...],
    why: str,
) -> LockResult:
    lock = state.lock
    nothing = diff_locks(lock, lock, None) if lock else diff_locks(None, _empty(), None)
    return LockResult(
        path=workspace.shown(workspace.lock_path),
        diff=nothing,
        reasons=reasons,
        is_current=False,
        written=False,
        check=request.check,
        dry_run=request.dry_run,
        unsolved=why,
    )


def _empty() -> Any:  # noqa: ANN401  a Lock with nothing in it
    from pixi_jupyter.lock.file import Lock

    return Lock(version=7, platforms=(), environments={})
