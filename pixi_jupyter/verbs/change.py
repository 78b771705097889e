"""What the verbs that change lock or manifest have in common."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from pixi_jupyter.errors import PlatformNotDeclaredError, UnsupportedPlatformError
from pixi_jupyter.install.locks import workspace_lock
from pixi_jupyter.lock.diff import LockDiff, diff_locks
from pixi_jupyter.manifest.discovery import find_manifest
from pixi_jupyter.manifest.script_place import home_of
from pixi_jupyter.platforms import SUBDIRS
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.request import name_of, words_of
from pixi_jupyter.workspace.context import open_workspace
from pixi_jupyter.workspace.solution import Solution, provide_solution
from pixi_jupyter.workspace.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from pixi_jupyter.adapters.rattler import Session
    from pixi_jupyter.events import Operation
    from pixi_jupyter.manifest.document import ManifestDocument
    from pixi_jupyter.verbs.request import WorkspaceRequest
    from pixi_jupyter.workspace.context import Workspace
    from pixi_jupyter.workspace.environments import Installed


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What a change did to lock and prefixes."""

    manifest: str
    """The manifest as a person in the workspace writes it."""
    diff: LockDiff | None
    """None where the lock was not looked at."""
    solved: tuple[tuple[str, str], ...] = ()
    """(environment, platform) of all that was solved."""
    solve_seconds: float = 0.0
    installed: tuple[Installed, ...] = ()
    seconds: float = 0.0
    dry_run: bool = False
    """Whether it is only what would be done."""

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "dry_run": self.dry_run,
            "lock": self.diff.to_json() if self.diff else None,
            "changes": self.diff.rows() if self.diff else [],
            "installed": [each.to_json() for each in self.installed],
            "seconds": round(self.seconds, 3),
        }


@asynccontextmanager
async def changing(
    request: WorkspaceRequest, operation: Operation
) -> AsyncIterator[Workspace]:
    """Hold the workspace lock from reading the manifest to the last rename."""
    from pathlib import Path

    if getattr(request, "dry_run", False):  # it changes nothing, so it need not wait
        yield open_workspace(request.manifest, offline=request.offline)
        return
    root = home_of(find_manifest(Path.cwd(), request.manifest))
    name = name_of(request)
    async with workspace_lock(root, operation, what=words_of(name, request)):
        yield open_workspace(request.manifest, offline=request.offline)


async def apply_change(
    before: Workspace,
    after: Workspace,
    solution: Solution | None,
    operation: Operation,
    *,
    session: Session | None = None,
    install: Iterable[str] = (),
    started: float | None = None,
    dry_run: bool = False,
) -> Changed:
    """Write manifest and lock together, then install.

    Parameters
    ----------
    before, after
        The workspace as it was read, and with its manifest edited.
    solution
        For `after`; None leaves the lock alone.
    install
        Environments to bring up to date.
    dry_run
        Only say what would change.

    Raises
    ------
    ChangedMeanwhileError, WriteError
        Nothing was changed.
    InstallError
        Manifest and lock are right, the prefix is not yet.
    """
    for warning in after.manifest.warnings:
        if warning not in before.manifest.warnings:
            operation.warn(warning)
    if dry_run:
        return replace(summary(after, solution, started=started), dry_run=True)
    undo = planned(before, after, solution).commit()
    installed: list[Installed] = []
    if solution is not None and session is not None:
        try:
            installed = await _install(after, solution, operation, session, install)
        except asyncio.CancelledError:
            undo.restore()
            await _put_back(before, operation, install)
            raise
    return summary(after, solution, installed=installed, started=started)


def planned(
    before: Workspace, after: Workspace, solution: Solution | None
) -> Transaction:
    """Plan manifest and lock, in the place of those that were read.

    What somebody else writes meanwhile is never written over, and no lock is
    written for a manifest that is not there any more.
    """
    transaction = Transaction()
    transaction.write(after.manifest.path, after.text, was=before.text)
    if solution is not None and solution.bytes_read is None:
        transaction.replace(after.lock_path, solution.text, was=solution.bytes_before)
    return transaction


def summary(
    workspace: Workspace,
    solution: Solution | None,
    *,
    installed: Iterable[Installed] = (),
    started: float | None = None,
) -> Changed:
    """Say what a solution changes; nothing is written."""
    found = Changed(manifest=workspace.shown(workspace.manifest.path), diff=None)
    if solution is not None:
        names = explicit_names(workspace)
        found = replace(
            found,
            diff=diff_locks(solution.before, solution.lock, names),
            solved=solution.solved,
            solve_seconds=solution.seconds,
            installed=tuple(installed),
        )
    seconds = 0.0 if started is None else time.monotonic() - started
    return replace(found, seconds=seconds)


async def _install(
    workspace: Workspace,
    solution: Solution,
    operation: Operation,
    session: Session,
    names: Iterable[str],
) -> list[Installed]:
    """Install what the change touched and what is in use: default, or one named.

    An environment that was never installed stays so, unless it is the only one
    or `default`.
    """
    from pixi_jupyter.workspace.environments import ensure_prefix

    found = []
    names = tuple(names)
    for name in names:
        wanted = len(names) == 1 or name == "default"
        if not wanted and not workspace.prefix(name).exists():
            continue
        try:
            found.append(
                await ensure_prefix(
                    workspace, solution, name, operation, session=session
                )
            )
        except UnsupportedPlatformError as error:
            operation.warn(f"{error.message}; it is locked, not installed")
    return found


async def _put_back(
    before: Workspace, operation: Operation, names: Iterable[str]
) -> None:
    """Bring prefixes back to the lock that was there before."""
    if not before.lock_path.exists():
        return
    from pixi_jupyter.workspace.environments import ensure_prefix

    session = before.session()
    solution = await provide_solution(before, operation, session=session, mode="frozen")
    for name in names:
        if (before.prefix(name) / "conda-meta").is_dir():
            await ensure_prefix(before, solution, name, operation, session=session)


def declare_platforms(
    workspace: Workspace, document: ManifestDocument, names: Iterable[str]
) -> None:
    """Add subdirs that the workspace does not have yet to its platforms.

    Raises
    ------
    PlatformNotDeclaredError
        If a name is neither declared nor a subdir.
    """
    declared = {platform.name for platform in workspace.manifest.platforms}
    for name in names:
        if name in declared:
            continue
        if name not in SUBDIRS:
            raise PlatformNotDeclaredError(name, declared=sorted(declared))
        declare_implied(workspace, document, "platforms")
        document.add_platform(name)


def declare_implied(
    workspace: Workspace,
    document: ManifestDocument,
    key: Literal["channels", "platforms"],
) -> None:
    """Write down what holds for a script that does not say it, before it is changed."""
    keys = (*document.section, key)
    if workspace.manifest.kind != "script" or document.get(*keys) is not None:
        return
    names = [each.name for each in getattr(workspace.manifest, key)]
    document.set(keys, names)


def environments_with(
    workspace: Workspace, feature: str | None, environment: str | None
) -> tuple[str, ...]:
    """List the environments that a change of one table touches."""
    if environment is not None:
        return (environment,)
    wanted = feature or "default"
    return tuple(
        name
        for name, each in workspace.composition.environments.items()
        if wanted in each.features
    )


def explicit_names(workspace: Workspace) -> dict[str, set[str]]:
    """List, for each environment, the packages that its manifest names."""
    return {
        name: {
            requirement.name
            for platform in environment.platforms
            for requirement in environment.requirements(platform)
        }
        | {
            wheel
            for platform in environment.platforms
            for wheel in environment.pypi_requirements(platform)
        }
        for name, environment in workspace.composition.environments.items()
    }
