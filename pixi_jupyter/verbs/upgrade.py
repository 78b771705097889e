"""Raise what the manifest asks for to what the channels have now."""

from __future__ import annotations

import time
from dataclasses import field
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import DependencyNotFoundError, UsageError, nearest
from pixi_jupyter.manifest.document import ManifestDocument
from pixi_jupyter.manifest.pyproject import normalised
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.change import (
    Changed,
    apply_change,
    changing,
    environments_with,
    summary,
)
from pixi_jupyter.verbs.request import LockingRequest
from pixi_jupyter.workspace.loosen import (
    Entry,
    Table,
    entries_of,
    pypi_names,
    tables_of,
)
from pixi_jupyter.workspace.pinning import pin_solved
from pixi_jupyter.workspace.relaxed import platforms_with, relaxed_dependencies
from pixi_jupyter.workspace.solution import Solution, provide_solution

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pixi_jupyter.events import Operation
    from pixi_jupyter.workspace.context import Workspace
    from pixi_jupyter.workspace.relaxed import Relaxed


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeRequest(LockingRequest):
    """What is to be raised; nothing named: all dependencies of all features."""

    packages: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    """Names that stay; not together with `packages`."""
    feature: str | None = None
    environment: str | None = None
    """Only the tables inside this environment."""
    dry_run: bool = False
    """Write and install nothing."""
    no_install: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradedDependency:
    """One dependency that the manifest now asks for in another way."""

    name: str
    before: str
    after: str
    table: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeResult:
    """What `upgrade` did."""

    upgraded: tuple[UpgradedDependency, ...]
    changed: Changed
    notes: tuple[str, ...] = ()
    """Sentences about what was left as it is."""
    dry_run: bool = False

    def to_json(self) -> dict[str, Any]:
        """Give pixi's JSON form of the difference of the locks."""
        diff = self.changed.diff
        return diff.to_json() if diff else {"version": 1, "environment": {}}


@dataclass(slots=True)
class _Choice:
    """What is raised, and why the rest is not."""

    entries: list[Entry] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


async def upgrade(request: UpgradeRequest, operation: Operation) -> UpgradeResult:
    """Loosen versions, solve, and write what was found as new versions.

    Raises
    ------
    DependencyNotFoundError, FeatureNotFoundError, EnvironmentNotFoundError
        Nothing was solved.
    SolveError, ChannelError
        Nothing was written.
    InstallError
        Manifest and lock are written; the next install finishes.

    Notes
    -----
    Cancelled, it puts manifest, lock and prefix back as they were. All features are
    solved at once, where pixi takes one after the other.
    """
    _check(request)
    async with changing(request, operation) as workspace:
        document = ManifestDocument(workspace.text, workspace.manifest.path)
        choice = _choose(workspace, document, request, operation)
        upgraded: list[UpgradedDependency] = []
        changed = summary(workspace, None)
        if request.frozen or request.locked:
            flag = "--frozen" if request.frozen else "--locked"
            choice.notes.append(f"with {flag} nothing is upgraded")
        elif choice.entries:
            upgraded, changed = await _carry_out(
                workspace, document, choice, request, operation
            )
        return UpgradeResult(
            upgraded=tuple(upgraded),
            changed=changed,
            notes=tuple(choice.notes),
            dry_run=request.dry_run,
        )


async def _carry_out(
    workspace: Workspace,
    document: ManifestDocument,
    choice: _Choice,
    request: UpgradeRequest,
    operation: Operation,
) -> tuple[list[UpgradedDependency], Changed]:
    started, session = time.monotonic(), workspace.session()
    named = {name.lower() for name in request.packages}
    for entry in choice.entries:
        _write(document, entry, "*", named)
    loosened = workspace.edited(document.text)
    solution = await provide_solution(
        loosened, operation, session=session, relaxed=_relaxed(loosened, choice)
    )
    upgraded, text = _pinned(workspace, loosened, solution, choice, named)
    pinned = workspace.edited(text)
    if request.dry_run:
        return upgraded, summary(pinned, solution, started=started)
    changed = await apply_change(
        workspace,
        pinned,
        solution,
        operation,
        session=session,
        install=() if request.no_install else _affected(pinned, choice),
        started=started,
    )
    return upgraded, changed


def _check(request: UpgradeRequest) -> None:
    for one, other in (("packages", "exclude"), ("feature", "environment")):
        if getattr(request, one) and getattr(request, other):
            first = "names of packages" if one == "packages" else f"--{one}"
            msg = f"upgrade takes {first} or --{other}, not both"
            raise UsageError(msg)


def _choose(
    workspace: Workspace,
    document: ManifestDocument,
    request: UpgradeRequest,
    operation: Operation,
) -> _Choice:
    """Choose what is raised.

    Raises
    ------
    DependencyNotFoundError, FeatureNotFoundError, EnvironmentNotFoundError
    """
    tables = list(tables_of(workspace, request.feature, request.environment))
    entries = list(entries_of(document, tables))
    pypi = pypi_names(workspace.manifest, tables)
    known = {entry.name.lower() for entry in entries}
    for name in request.packages:
        if name.lower() not in known and normalised(name) not in pypi:
            raise DependencyNotFoundError(
                name,
                available=sorted(known | pypi),
                manifest=workspace.manifest.path.name,
                verb="upgrade",
            )
    for name in request.exclude:
        if name.lower() not in known and normalised(name) not in pypi:
            close = nearest(name, known | pypi)
            hint = f", did you mean {close}?" if close else ""
            operation.warn(f"--exclude {name} names no dependency{hint}")
    choice = _Choice()
    if not tables:
        whose = f"environment {request.environment} has no tables of its own"
        choice.notes.append(f"{whose}, -f NAME is for those of a feature")
    for entry in entries:
        _consider(entry, request, choice)
    asked = {normalised(name) for name in request.packages}
    left = pypi - {normalised(name) for name in request.exclude}
    if left := left & asked if asked else left:
        names = ", ".join(sorted(left))
        choice.notes.append(f"PyPI packages stay as they are, for now: {names}")
    return choice


def _consider(entry: Entry, request: UpgradeRequest, choice: _Choice) -> None:
    """Take an entry, or say why not."""
    name = entry.name.lower()
    named = {each.lower() for each in request.packages}
    if name in {each.lower() for each in request.exclude}:
        return
    if named and name not in named:
        return
    if entry.is_inherited:
        where = "[workspace.dependencies]"
        choice.notes.append(f"{name} stays as it is, its version is in {where}")
    elif entry.is_source:
        if named:
            choice.notes.append(f"{name} stays as it is, it is no version")
    else:
        choice.entries.append(entry)


def _write(
    document: ManifestDocument, entry: Entry, version: str, named: Iterable[str]
) -> None:
    document.change_dependency(
        entry.name,
        version,
        without=entry.dropped(named),
        feature=entry.table.feature,
        environment=entry.table.environment,
        platform=entry.table.platform,
    )


def _relaxed(workspace: Workspace, choice: _Choice) -> list[Relaxed]:
    names: dict[Table, list[str]] = {}
    for entry in choice.entries:
        names.setdefault(entry.table, []).append(entry.name)
    return [
        relaxed_dependencies(
            workspace,
            each,
            environments=_environments(workspace, table),
            selectors=table.selectors,
        )
        for table, each in names.items()
    ]


def _environments(workspace: Workspace, table: Table) -> tuple[str, ...]:
    return environments_with(workspace, table.feature, table.environment)


def _affected(workspace: Workspace, choice: _Choice) -> tuple[str, ...]:
    """List the environments that anything was raised for, in the manifest's order."""
    tables = {entry.table for entry in choice.entries}
    touched = {name for table in tables for name in _environments(workspace, table)}
    return tuple(name for name in workspace.composition.environments if name in touched)


def _pinned(
    workspace: Workspace,
    loosened: Workspace,
    solution: Solution,
    choice: _Choice,
    named: Iterable[str],
) -> tuple[list[UpgradedDependency], str]:
    """Write the versions that were solved into the manifest as it was.

    What was not solved, because no environment has it, keeps its version.
    """
    document = ManifestDocument(workspace.text, workspace.manifest.path)
    upgraded = []
    for entry in choice.entries:
        table = entry.table
        spec = pin_solved(
            loosened,
            solution,
            entry.name,
            environments=_environments(loosened, table),
            platforms=platforms_with(loosened, table.selectors),
        )
        if spec is None:
            where = f"{entry.name} of {table.title}"
            choice.notes.append(f"{where} stays, no environment has it")
        elif spec != entry.version or entry.dropped(named):
            _write(document, entry, spec, named)
            upgraded.append(
                UpgradedDependency(
                    name=entry.name, before=entry.version, after=spec, table=table
                )
            )
    return upgraded, document.text
