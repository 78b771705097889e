"""From what a manifest asks to what is locked: check, solve, put together.

Rules: pixi 0.77.0, lock satisfiability and minimal change (read 2026-11).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from pixi_jupyter.errors import (
    LockNotFoundError,
    LockOutdatedError,
    NewerLockError,
    NotSupportedYetError,
    UnsatisfiableError,
)
from pixi_jupyter.lock.file import (
    Lock,
    LockedEnvironment,
    LockedPackage,
    LockedPlatform,
    conda_package,
    format_lock,
    read_lock,
    validate_lock,
)
from pixi_jupyter.lock.platforms import match_platforms
from pixi_jupyter.lock.satisfy import Disagreement, describe, disagreements
from pixi_jupyter.solve.conda import (
    SolveRequest,
    reachable,
    solve_all,
    solver_virtual_packages,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pixi_jupyter.adapters.rattler import LockedRecords, RepoDataRecord, Session
    from pixi_jupyter.events import Operation
    from pixi_jupyter.manifest.compose import Environment, SolveGroup
    from pixi_jupyter.platforms import Platform
    from pixi_jupyter.workspace.context import Workspace

LockMode: TypeAlias = Literal["update", "locked", "frozen"]
"""What may be done about a lock that does not fit: solve, refuse, or not look."""

_STRATEGIES = {"lowest": "lowest-version", "lowest-direct": "lowest-version-direct"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LockState:
    """The lock file as it is, and what it does not agree with."""

    lock: Lock | None
    records: LockedRecords
    """Conda records by environment and platform name."""
    reasons: tuple[Disagreement, ...]
    bytes_read: bytes | None = None

    @property
    def is_current(self) -> bool:
        """Whether the lock says all that the manifest asks."""
        return self.lock is not None and not self.reasons


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
    is_checked: bool = True
    """Whether it fits the manifest; a frozen one is not looked at."""

    @property
    def text(self) -> str:
        """The lock file's text."""
        return format_lock(self.lock)

    def row(self, environment: str, platform: str) -> list[RepoDataRecord]:
        """Give the conda records of one environment on one platform."""
        return self.records.get(environment, {}).get(platform, [])


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
    lock, records, data = _read(workspace)
    found = disagreements(
        lock,
        records,
        workspace.composition,
        urls=workspace.channel_url,
        virtual_packages=lambda each: solver_virtual_packages(each, workspace.environ),
        manifest_text=workspace.text,
    )
    operation.finish("read")
    return LockState(lock=lock, records=records, reasons=found, bytes_read=data)


def _read(workspace: Workspace) -> tuple[Lock | None, LockedRecords, bytes | None]:
    from pixi_jupyter.adapters.rattler import read_lock_records

    path = workspace.lock_path
    if not path.exists():
        return None, {}, None
    data = path.read_bytes()
    lock, records = match_platforms(
        read_lock(path), read_lock_records(path), workspace.composition.platforms
    )
    return lock, records, data


async def provide_solution(
    workspace: Workspace,
    operation: Operation,
    *,
    session: Session,
    mode: LockMode = "update",
    relaxed: Iterable[str] = (),
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
        Packages whose locked version is not preferred.

    Raises
    ------
    LockNotFoundError, LockOutdatedError
        Where `mode` forbids to solve.
    SolveError
        If there is no solution.
    """
    if mode == "frozen":
        return _frozen(workspace)
    try:
        state = read_state(workspace, operation)
    except NewerLockError as error:
        if mode == "locked":
            raise
        operation.warn(f"{error.message}; it is made anew")
        state = LockState(lock=None, records={}, reasons=())
    if state.lock is not None and not state.reasons:
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
    return await _solve(workspace, operation, session, state, frozenset(relaxed))


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
        lock, records, _ = _read(workspace)
    except NewerLockError:
        lock, records = None, {}
    state = LockState(lock=lock, records=records, reasons=())
    return await _solve(
        workspace, operation, session, state, frozenset(), everything=True
    )


def _frozen(workspace: Workspace) -> Solution:
    lock, records, data = _read(workspace)
    if lock is None:
        raise LockNotFoundError(workspace.lock_path)
    return Solution(
        lock=lock, records=records, before=lock, bytes_read=data, is_checked=False
    )


@dataclass(slots=True)
class _Work:
    """What is to be solved: group and platform, with the hints for each."""

    requests: list[SolveRequest] = field(default_factory=list)
    cells: list[tuple[SolveGroup, Platform]] = field(default_factory=list)


async def _solve(
    workspace: Workspace,
    operation: Operation,
    session: Session,
    state: LockState,
    relaxed: frozenset[str],
    *,
    everything: bool = False,
) -> Solution:
    started = time.monotonic()
    work = _plan(workspace, state, relaxed, everything=everything)
    operation.say("solve", total=len(work.requests), unit="environments")
    try:
        results = await solve_all(
            work.requests,
            session,
            operation,
            concurrency=workspace.settings.concurrent_solves,
        )
    except UnsatisfiableError as error:
        raise _explained(workspace, work, error) from error
    operation.finish("solve")
    rows = {
        (environment, platform.name): part
        for (group, platform), found in zip(work.cells, results, strict=True)
        for environment, part in _parts(workspace, group, platform, found)
    }
    lock, records = _assemble(workspace, state, rows)
    validate_lock(format_lock(lock), workspace.lock_path)
    return Solution(
        lock=lock,
        records=records,
        before=state.lock,
        solved=tuple(rows),
        seconds=time.monotonic() - started,
    )


def _plan(
    workspace: Workspace,
    state: LockState,
    relaxed: frozenset[str],
    *,
    everything: bool,
) -> _Work:
    work = _Work()
    for group in workspace.composition.solve_groups.values():
        reasons = [r for r in state.reasons if r.environment in group.environments]
        keeps_hints = all(reason.keeps_hints for reason in reasons)
        for platform in group.platforms:
            affected = [
                reason
                for reason in reasons
                if reason.solve and reason.platform in (None, platform.name)
            ]
            if not (affected or everything or state.lock is None):
                continue
            hints = _hints(state, group, platform, relaxed) if keeps_hints else ()
            work.cells.append((group, platform))
            work.requests.append(_request(workspace, group, platform, hints))
    return work


def _hints(
    state: LockState, group: SolveGroup, platform: Platform, relaxed: frozenset[str]
) -> tuple[RepoDataRecord, ...]:
    """Collect the locked records of a group; on a clash the highest version."""
    found: dict[str, RepoDataRecord] = {}
    for environment in group.environments:
        for record in state.records.get(environment, {}).get(platform.name, ()):
            name = record.name.normalized
            known = found.get(name)
            if name not in relaxed and (not known or known.version < record.version):
                found[name] = record
    return tuple(found.values())


def _request(
    workspace: Workspace,
    group: SolveGroup,
    platform: Platform,
    hints: tuple[RepoDataRecord, ...],
) -> SolveRequest:
    from pixi_jupyter.manifest.cutoff import parse_cutoff

    where = workspace.shown(workspace.manifest.path)
    requirements = group.requirements(platform)
    for requirement in requirements:
        if requirement.spec.source is not None:
            what = f"building {requirement.name} from source"
            raise NotSupportedYetError(what, where=f"[{requirement.table}] of {where}")
        if requirement.spec.unsupported:
            keys = ", ".join(requirement.spec.unsupported)
            what = f"{keys} of the dependency {requirement.name}"
            raise NotSupportedYetError(what, where=f"[{requirement.table}] of {where}")
    if pypi := group.pypi_requirements(platform):
        msg = f"solving PyPI dependencies ({', '.join(sorted(pypi))})"
        raise NotSupportedYetError(
            msg,
            where=where,
            hint="ask for them as conda packages where a channel has them",
        )
    newer = workspace.manifest.exclude_newer
    return SolveRequest(
        environment=_title(group),
        platform=platform,
        channels=tuple(workspace.channel_url(name) for name in group.channels),
        specs=tuple(requirement.match_spec for requirement in requirements),
        constraints=tuple(each.match_spec for each in group.constraints(platform)),
        locked=hints,
        channel_priority=group.channel_priority,
        strategy=group.solve_strategy,
        exclude_newer=parse_cutoff(newer) if newer else None,
        virtual_packages=solver_virtual_packages(platform, workspace.environ),
    )


def _title(group: SolveGroup) -> str:
    return "+".join(group.environments)


def _explained(
    workspace: Workspace, work: _Work, error: UnsatisfiableError
) -> Exception:
    from pixi_jupyter.solve.explain import explain

    for group, platform in work.cells:
        if _title(group) == error.environment and platform.name == error.platform:
            return explain(
                error,
                requirements=group.requirements(platform),
                manifest_text=workspace.text,
                manifest=workspace.manifest.path.name,
                virtual_packages=solver_virtual_packages(platform, workspace.environ),
                constraints=group.constraints(platform),
            )
    return error


def _parts(
    workspace: Workspace,
    group: SolveGroup,
    platform: Platform,
    found: list[RepoDataRecord],
) -> Iterable[tuple[str, list[RepoDataRecord]]]:
    for name in group.environments:
        environment = workspace.composition.environment(name)
        if platform not in environment.platforms:
            continue
        if len(group.environments) == 1:
            yield name, found
        else:
            wanted = [each.name for each in environment.requirements(platform)]
            yield name, reachable(found, wanted)


def _assemble(
    workspace: Workspace,
    state: LockState,
    rows: Mapping[tuple[str, str], list[RepoDataRecord]],
) -> tuple[Lock, LockedRecords]:
    environments: dict[str, LockedEnvironment] = {}
    records: LockedRecords = {}
    for name, environment in workspace.composition.environments.items():
        packages: dict[str, tuple[LockedPackage, ...]] = {}
        for platform in environment.platforms:
            row = rows.get((name, platform.name))
            if row is not None:
                packages[platform.name] = tuple(map(conda_package, row))
            elif state.lock is not None and name in state.lock.environments:
                packages[platform.name] = state.lock.environments[name].packages.get(
                    platform.name, ()
                )
                row = state.records.get(name, {}).get(platform.name, [])
            records.setdefault(name, {})[platform.name] = row or []
        environments[name] = _locked_environment(
            workspace, environment, packages, state
        )
    platforms = tuple(
        LockedPlatform(
            name=platform.name,
            subdir=platform.subdir,
            virtual_packages=tuple(
                map(str, solver_virtual_packages(platform, workspace.environ))
            ),
        )
        for platform in workspace.composition.platforms
    )
    lock = Lock(
        platforms=platforms,
        environments=environments,
        build_time=state.lock.build_time if state.lock else (),
    )
    return lock, records


def _locked_environment(
    workspace: Workspace,
    environment: Environment,
    packages: Mapping[str, tuple[LockedPackage, ...]],
    state: LockState,
) -> LockedEnvironment:
    group = workspace.composition.group_of(environment.name)
    options: dict[str, object] = {}
    if group.solve_strategy != "highest":
        options["strategy"] = _STRATEGIES[group.solve_strategy]
    if group.channel_priority != "strict":
        options["channel-priority"] = group.channel_priority
    old = state.lock.environments.get(environment.name) if state.lock else None
    has_pypi = any(each.kind == "pypi" for row in packages.values() for each in row)
    return LockedEnvironment(
        channels=tuple({"url": workspace.channel_url(name)} for name in group.channels),
        packages=packages,
        options=options,
        indexes=old.indexes if old and has_pypi else None,
        find_links=old.find_links if old and has_pypi else None,
    )
