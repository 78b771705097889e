"""Raise what the manifest asks for to what the channels have now."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import UsageError
from pixi_jupyter.manifest.document import ManifestDocument
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.change import (
    Changed,
    apply_change,
    changing,
    environments_with,
    summary,
)
from pixi_jupyter.verbs.request import LockingRequest
from pixi_jupyter.verbs.upgrade_choice import Choice, choose, kind_of
from pixi_jupyter.workspace.pinning import pin_solved, pin_solved_pypi
from pixi_jupyter.workspace.pypi_draft import settled
from pixi_jupyter.workspace.relaxed import platforms_with, relaxed_dependencies
from pixi_jupyter.workspace.solution import Solution, provide_solution

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pixi_jupyter.events import Operation
    from pixi_jupyter.workspace.context import Workspace
    from pixi_jupyter.workspace.loosen import Table
    from pixi_jupyter.workspace.relaxed import Kind, Relaxed


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
    kind: Kind = "conda"


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
        choice = choose(workspace, document, request, operation)
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
    choice: Choice,
    request: UpgradeRequest,
    operation: Operation,
) -> tuple[list[UpgradedDependency], Changed]:
    started, session = time.monotonic(), workspace.session()
    named = {name.lower() for name in request.packages}
    for entry in choice.entries:
        entry.write(document, "*", named)
    loosened = workspace.edited(document.text)
    relaxed = _relaxed(loosened, choice)
    solution = await provide_solution(
        loosened, operation, session=session, relaxed=relaxed
    )
    upgraded, text = _pinned(workspace, loosened, solution, choice, named)
    pinned = workspace.edited(text)
    solution = await settled(
        pinned, solution, operation, session=session, relaxed=relaxed
    )
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


def _relaxed(workspace: Workspace, choice: Choice) -> list[Relaxed]:
    names: dict[tuple[Table, Kind], list[str]] = {}
    for entry in choice.entries:
        names.setdefault((entry.table, kind_of(entry)), []).append(entry.key)
    return [
        relaxed_dependencies(
            workspace,
            each,
            kind=kind,
            environments=_environments(workspace, table),
            selectors=table.selectors,
        )
        for (table, kind), each in names.items()
    ]


def _environments(workspace: Workspace, table: Table) -> tuple[str, ...]:
    return environments_with(workspace, table.feature, table.environment)


def _affected(workspace: Workspace, choice: Choice) -> tuple[str, ...]:
    """List the environments that anything was raised for, in the manifest's order."""
    tables = {entry.table for entry in choice.entries}
    touched = {name for table in tables for name in _environments(workspace, table)}
    return tuple(name for name in workspace.composition.environments if name in touched)


def _pinned(
    workspace: Workspace,
    loosened: Workspace,
    solution: Solution,
    choice: Choice,
    named: Iterable[str],
) -> tuple[list[UpgradedDependency], str]:
    """Write the versions that were solved into the manifest as it was.

    What was not solved, because no environment has it, keeps its version.
    """
    document = ManifestDocument(workspace.text, workspace.manifest.path)
    upgraded = []
    for entry in choice.entries:
        table = entry.table
        pin = pin_solved if kind_of(entry) == "conda" else pin_solved_pypi
        spec = pin(
            loosened,
            solution,
            entry.name,
            environments=_environments(loosened, table),
            platforms=platforms_with(loosened, table.selectors),
        )
        if spec is None:
            whose = " from PyPI" if kind_of(entry) == "pypi" else ""
            where = f"{entry.name} of {table.title}"
            choice.notes.append(f"{where} stays, no environment has it{whose}")
        elif not entry.admits(spec) or entry.dropped(named):
            entry.write(document, spec, named)
            upgraded.append(
                UpgradedDependency(
                    name=entry.name,
                    before=entry.version,
                    after=spec,
                    table=table,
                    kind=kind_of(entry),
                )
            )
    return upgraded, document.text
