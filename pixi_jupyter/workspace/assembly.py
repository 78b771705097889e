"""From solutions to a lock: each environment its part, old rows beside new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.lock.file import (
    Lock,
    LockedEnvironment,
    LockedPackage,
    LockedPlatform,
)
from pixi_jupyter.solve.conda import solver_virtual_packages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixi_jupyter.adapters.rattler import LockedRecords
    from pixi_jupyter.manifest.compose import Environment, SolveGroup
    from pixi_jupyter.workspace.context import Workspace
    from pixi_jupyter.workspace.solution import LockState
    from pixi_jupyter.workspace.wheels import Row

_STRATEGIES = {"lowest": "lowest-version", "lowest-direct": "lowest-version-direct"}


def assemble(
    workspace: Workspace,
    state: LockState,
    rows: Mapping[tuple[str, str], Row],
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
        solved: list[Row] = []
        for platform in environment.platforms:
            row = rows.get((name, platform.name))
            found = row.records if row else []
            if row is not None:
                packages[platform.name] = row.packages()
                solved.append(row)
            elif state.lock is not None and name in state.lock.environments:
                packages[platform.name] = state.lock.environments[name].packages.get(
                    platform.name, ()
                )
                found = state.records.get(name, {}).get(platform.name, [])
            records.setdefault(name, {})[platform.name] = found
        environments[name] = _locked_environment(
            workspace, environment, packages, state, solved
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
    solved: list[Row],
) -> LockedEnvironment:
    group = workspace.composition.group_of(environment.name)
    options: dict[str, object] = {}
    if group.solve_strategy != "highest":
        options["strategy"] = _STRATEGIES[group.solve_strategy]
    if group.channel_priority != "strict":
        options["channel-priority"] = group.channel_priority
    old = state.lock.environments.get(environment.name) if state.lock else None
    has_pypi = any(each.kind == "pypi" for row in packages.values() for each in row)
    tables: dict[str, Any] = {
        "indexes": old.indexes if old else None,
        "find_links": old.find_links if old else None,
    }
    for row in solved:
        tables |= row.tables
    if mode := _prerelease_mode(group):
        options["pypi-prerelease-mode"] = mode
    return LockedEnvironment(
        channels=tuple({"url": workspace.channel_url(name)} for name in group.channels),
        packages=packages,
        options=options,
        indexes=tables["indexes"] if has_pypi else None,
        find_links=tables["find_links"] if has_pypi else None,
    )


def _prerelease_mode(group: SolveGroup) -> str | None:
    """Give what is not the default; a lock has it even without PyPI packages."""
    said = any(feature.pypi_options for feature in group.parts)
    if not said and "pypi-options" not in group.manifest.metadata:
        return None
    from pixi_jupyter.solve.pypi_options import merged_options

    options: Mapping[str, str] = merged_options(group).lock_tables("")["options"]
    return options.get("pypi-prerelease-mode")
