"""Install environments as they are locked; lock first where that is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.errors import (
    LockNotFoundError,
    LockOutdatedError,
    NewerLockError,
    UnsupportedPlatformError,
)
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.installed import InstallRequest, InstallResult, quick_install
from pixi_jupyter.workspace.context import open_workspace
from pixi_jupyter.workspace.environments import ensure_prefix
from pixi_jupyter.workspace.hosts import platform_named
from pixi_jupyter.workspace.solution import Solution, provide_solution
from pixi_jupyter.workspace.subset import Subset, unknown_names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pixi_jupyter.events import Operation
    from pixi_jupyter.verbs.request import LockingRequest
    from pixi_jupyter.workspace.context import Workspace

__all__ = [
    "Current",
    "InstallRequest",
    "InstallResult",
    "current_solution",
    "install",
]


async def install(request: InstallRequest, operation: Operation) -> InstallResult:
    """Bring prefixes to what the lock says.

    Where nothing that it reads has changed since a prefix was installed, that is
    the answer; else every record is compared.

    Raises
    ------
    EnvironmentNotFoundError, UnsupportedPlatformError, PlatformNotDeclaredError
        Nothing was changed.
    LockNotFoundError, LockOutdatedError, SolveError, PackageNotLockedError
        Nothing was changed.
    InstallError
        The prefix is as it was, or will be finished by the next install.
    """
    if (ready := quick_install(request)) is not None:
        return ready
    names = request.environments or (() if request.all else ("default",))
    current = await current_solution(
        request, operation, environments=names, platform=request.platform
    )
    workspace = current.workspace
    if request.all:
        names = tuple(workspace.composition.environments)
    session = workspace.session()
    subset = Subset(
        only=request.only, skip=request.skip, skip_with_deps=request.skip_with_deps
    )
    done, skipped = [], []
    for name in names:
        try:
            done.append(
                await ensure_prefix(
                    workspace,
                    current.solution,
                    name,
                    operation,
                    session=session,
                    platform=request.platform,
                    subset=subset,
                )
            )
        except UnsupportedPlatformError as error:
            if not request.all:
                raise
            skipped.append(name)
            operation.warn(f"{error.message}; it is left out")
    cells = [(each.environment, each.platform.name) for each in done]
    for name in unknown_names(subset.skipped, current.solution, cells):
        operation.warn(f"{name} is not locked, nothing was left out for it")
    return InstallResult(
        installed=tuple(done), lock_written=current.written, skipped=tuple(skipped)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Current:
    """A workspace with a lock that fits it."""

    workspace: Workspace
    solution: Solution
    written: bool = False
    """Whether the lock file had to be written."""


async def current_solution(
    request: LockingRequest,
    operation: Operation,
    *,
    environments: Iterable[str] = (),
    platform: str | None = None,
) -> Current:
    """Give a lock that fits the manifest, solving and writing it where it must.

    Parameters
    ----------
    environments, platform
        Have to be in the manifest; looked at before anything is solved.

    Raises
    ------
    EnvironmentNotFoundError, PlatformNotDeclaredError
        Nothing was changed.
    LockNotFoundError, LockOutdatedError
        Where the request forbids to solve.
    SolveError, ChannelError
        The lock file is as it was.

    Notes
    -----
    The workspace is locked only while a lock is made, so that a reader never waits
    for another environment's install.
    """
    workspace = open_workspace(request.manifest, offline=request.offline)
    if request.mode != "update":
        workspace.check_has_lock()
    for name in environments:
        platform_named(workspace.composition.environment(name), platform)
    try:
        solution = await provide_solution(
            workspace,
            operation,
            session=workspace.session(),
            mode="frozen" if request.mode == "frozen" else "locked",
        )
        return Current(workspace=workspace, solution=solution)
    except (LockNotFoundError, LockOutdatedError, NewerLockError):
        if request.mode != "update":
            raise
    from pixi_jupyter.verbs.change import changing, planned  # 10 ms, seldom needed

    async with changing(request, operation) as workspace:
        for warning in workspace.manifest.warnings:
            operation.warn(warning)
        solution = await provide_solution(
            workspace, operation, session=workspace.session()
        )
        if solution.lock is solution.before:
            return Current(workspace=workspace, solution=solution)
        planned(workspace, workspace, solution).commit()
        return Current(workspace=workspace, solution=solution, written=True)
