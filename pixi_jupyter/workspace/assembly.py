"""From solutions to a lock: each environment its part, old rows beside new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.lock.file import (
    Lock,
    LockedEnvironment,
    LockedPackage,
    LockedPlatform,
    conda_package,
)
from pixi_jupyter.solve.conda import reachable, solver_virtual_packages

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pixi_jupyter.adapters.rattler import LockedRecords, RepoDataRecord
    from pixi_jupyter.manifest.compose import Environment, SolveGroup
    from pixi_jupyter.platforms import Platform
    from pixi_jupyter.workspace.context import Workspace
    from pixi_jupyter.workspace.solution import LockState

_STRATEGIES = {"lowest": "lowest-version", "lowest-direct": "lowest-version-direct"}


def split(
    workspace: Workspace,
    group: SolveGroup,
    platform: Platform,
    found: list[RepoDataRecord],
) -> Iterator[tuple[str, list[RepoDataRecord]]]:
    """Give each environment of a group its part of the group's solution."""
    for name in group.environments:
        environment = workspace.composition.environment(name)
        if platform not in environment.platforms:
            continue
        if len(group.environments) == 1:
            yield name, found
        else:
            wanted = [each.name for each in environment.requirements(platform)]
            yield name, reachable(found, wanted)


def assemble(
    workspace: Workspace,
    state: LockState,
    rows: Mapping[tuple[str, str], list[RepoDataRecord]],
) -> tuple[Lock, LockedRecords]:
    """Put solved rows and those that stay together into a lock.

    Parameters
    ----------
    state
        The lock that was there.
    rows
        What was solved, by (environment, platform).
    """
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
