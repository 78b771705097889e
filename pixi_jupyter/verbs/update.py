"""Take newer versions into the lock, as far as the manifest allows them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import (
    LockNotFoundError,
    NewerLockError,
    PackageNotLockedError,
    PlatformNotDeclaredError,
)
from pixi_jupyter.lock.file import Lock
from pixi_jupyter.manifest.pyproject import normalised
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.change import Changed, apply_change, changing, summary
from pixi_jupyter.verbs.request import WorkspaceRequest
from pixi_jupyter.workspace.relaxed import Relaxed
from pixi_jupyter.workspace.solution import provide_solution

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from pixi_jupyter.events import Operation
    from pixi_jupyter.workspace.context import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateRequest(WorkspaceRequest):
    """What may move; nothing named: everything."""

    packages: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    """Names of platforms, or subdirs."""
    dry_run: bool = False
    """Write nothing."""
    no_install: bool = False
    """As in pixi, where a PyPI solve may install; here none does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateResult:
    """What `update` did."""

    path: str
    """The lock as a person in the workspace writes it."""
    packages: tuple[str, ...]
    changed: Changed
    written: bool
    dry_run: bool = False
    held: tuple[tuple[str, str], ...] = ()
    """(environment, another of its solve group), where only the first was to move."""

    def to_json(self) -> dict[str, Any]:
        """Give pixi's JSON form of the difference."""
        diff = self.changed.diff
        return diff.to_json() if diff else {}


async def update(request: UpdateRequest, operation: Operation) -> UpdateResult:
    """Solve again without a preference for what is locked; install nothing.

    Raises
    ------
    EnvironmentNotFoundError, PlatformNotDeclaredError, PackageNotLockedError
        Nothing was solved.
    SolveError, ChannelError
        The lock file is as it was.
    """
    async with changing(request, operation) as workspace:
        started = time.monotonic()
        session = workspace.session()
        platforms = _platforms(workspace, request)
        for name in request.environments:
            workspace.composition.environment(name)
        if request.packages:
            await _check_packages(workspace, operation, request, platforms)
        relaxed = Relaxed(
            names=_chosen(
                each
                for name in request.packages
                for each in (name.lower(), normalised(name))
            ),
            environments=_chosen(request.environments),
            platforms=_chosen(platforms),
        )
        solution = await provide_solution(
            workspace, operation, session=session, relaxed=[relaxed]
        )
        before = _bytes(workspace)
        if request.dry_run:
            changed = summary(workspace, solution, started=started)
        else:
            changed = await apply_change(
                workspace, workspace, solution, operation, started=started
            )
        return UpdateResult(
            path=workspace.shown(workspace.lock_path),
            packages=request.packages,
            changed=changed,
            written=_bytes(workspace) != before,
            dry_run=request.dry_run,
            held=tuple(_held(workspace, request)),
        )


def _platforms(workspace: Workspace, request: UpdateRequest) -> list[str]:
    """Give the names of the platforms that were asked for by name or subdir."""
    found = []
    for text in request.platforms:
        names = [
            platform.name
            for platform in workspace.composition.platforms
            if text in (platform.name, platform.subdir)
        ]
        if not names:
            declared = [each.name for each in workspace.composition.platforms]
            raise PlatformNotDeclaredError(text, declared=declared)
        found += [text] if text in names else names
    return found


async def _check_packages(
    workspace: Workspace,
    operation: Operation,
    request: UpdateRequest,
    platforms: Collection[str],
) -> None:
    """Refuse names that are locked in none of the places that may move."""
    session = workspace.session()
    try:
        solution = await provide_solution(
            workspace, operation, session=session, mode="frozen"
        )
    except (LockNotFoundError, NewerLockError):
        lock = Lock()
    else:
        lock = solution.lock
    rows = [
        row
        for name, environment in lock.environments.items()
        if name in (request.environments or lock.environments)
        for platform, row in environment.packages.items()
        if platform in (platforms or environment.packages)
    ]
    conda = {each.name for row in rows for each in row if each.kind != "pypi"}
    pypi = {each.name for row in rows for each in row if each.kind == "pypi"}
    for package in request.packages:
        if package.lower() in conda:
            continue
        if normalised(package) in map(normalised, pypi):
            continue
        raise PackageNotLockedError(
            package,
            environments=request.environments,
            available=conda | pypi,
            verb="update",
        )


def _held(workspace: Workspace, request: UpdateRequest) -> Iterator[tuple[str, str]]:
    """List the environments that hold versions of others because they stay."""
    for name in request.environments:
        for mate in workspace.composition.group_of(name).environments:
            if mate not in request.environments:
                yield name, mate


def _chosen(names: Iterable[str]) -> frozenset[str] | None:
    return frozenset(names) or None


def _bytes(workspace: Workspace) -> bytes | None:
    path = workspace.lock_path
    return path.read_bytes() if path.exists() else None
