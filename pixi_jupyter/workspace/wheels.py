"""The PyPI part of what is solved: its requests, and its answers as rows of a lock."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import PixiJupyterError, PypiResolutionError
from pixi_jupyter.install.prefix import python_of
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from pixi_jupyter.adapters.rattler import RepoDataRecord
    from pixi_jupyter.adapters.uv import Uv
    from pixi_jupyter.events import Operation
    from pixi_jupyter.lock.file import Lock, LockedPackage
    from pixi_jupyter.manifest.compose import SolveGroup
    from pixi_jupyter.names import ChannelNames
    from pixi_jupyter.platforms import Platform
    from pixi_jupyter.solve.pypi import PypiRequest
    from pixi_jupyter.solve.pypi_record import PypiRecord
    from pixi_jupyter.workspace.context import Workspace
    from pixi_jupyter.workspace.relaxed import Relaxed
    from pixi_jupyter.workspace.solution import LockState


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A solve group on a platform, whose conda part is decided."""

    group: SolveGroup
    platform: Platform
    records: list[RepoDataRecord]
    keeps_wheels: bool = True
    """Whether the locked versions of its PyPI packages are preferred."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What was decided for an environment on a platform."""

    records: list[RepoDataRecord]
    wheels: tuple[PypiRecord, ...] = ()
    names: Mapping[str, ChannelNames] | None = None
    """For the purls of the records; None where nothing is asked of PyPI."""
    tables: Mapping[str, Any] = field(default_factory=dict)
    """See `PypiOptions.lock_tables`; empty where the old ones stay."""

    def packages(self) -> tuple[LockedPackage, ...]:
        """Give the row of a lock."""
        from pixi_jupyter.lock.file import LockedPackage, conda_package

        found = [conda_package(record) for record in self.records]
        if self.names is not None:
            found = [
                with_purls(package, record, self.names)
                for package, record in zip(found, self.records, strict=True)
            ]
        found += [LockedPackage("pypi", x.location, x.fields) for x in self.wheels]
        return tuple(found)


def with_purls(
    package: LockedPackage, record: RepoDataRecord, names: Mapping[str, ChannelNames]
) -> LockedPackage:
    """Say in a lock which projects of PyPI a conda package is."""
    from pixi_jupyter.adapters.rattler import record_mapping
    from pixi_jupyter.names import purls

    found = purls(record_mapping(record), names)
    return replace(package, fields={**package.fields, "purls": found})


def open_uv(workspace: Workspace) -> Uv:
    """Give uv as the workspace is configured; its cache is pixi's."""
    from pixi_jupyter.adapters.uv import Uv

    settings = workspace.settings
    roots = settings.network.get("tls-root-certs")
    return Uv(
        settings.cache_dir / "uv-cache",
        offline=settings.offline,
        environ=dict(workspace.environ),
        keyring=settings.pypi.get("keyring-provider") == "subprocess",
        insecure_hosts=tuple(settings.pypi.get("allow-insecure-host") or ()),
        system_certificates=roots in ("native", "all", "system"),
        concurrent_downloads=settings.concurrent_downloads,
    )


def locked_wheels(
    lock: Lock | None, environment: str, platform: str
) -> list[PypiRecord]:
    """Read the PyPI packages of a row of a lock."""
    locked = lock.environments.get(environment) if lock else None
    row = locked.packages.get(platform, ()) if locked else ()
    found = [each for each in row if each.kind == "pypi"]
    if not found:
        return []
    from pixi_jupyter.solve.pypi_record import PypiRecord

    return [PypiRecord.from_fields(each.location, each.fields) for each in found]


async def solve_wheels(
    workspace: Workspace,
    cells: Sequence[Cell],
    state: LockState,
    relaxed: Collection[Relaxed],
    operation: Operation,
) -> list[dict[str, Row]]:
    """Find PyPI packages on top of conda's, and give each environment its part.

    Parameters
    ----------
    cells
        Whatever is solved now.
    state
        The lock that was there: its versions are preferred.
    relaxed
        Packages of which they are not.

    Returns
    -------
    list
        For each cell the rows of its environments, by name.

    Raises
    ------
    PypiResolutionError, InvalidRequirementError, FeatureConflictError
    DownloadError, OfflineError, PypiBuildError, ToolNotFoundError
    """
    from pixi_jupyter.workspace.parts import conda_parts, parts

    if not any(cell.group.pypi_requirements(cell.platform) for cell in cells):
        return [conda_parts(workspace, cell) for cell in cells]
    from pixi_jupyter.solve.pypi import solve_pypi_all
    from pixi_jupyter.workspace.pypi_draft import drafted
    from pixi_jupyter.workspace.pypi_names import workspace_names

    names = await workspace_names(workspace)
    with drafted(workspace) as draft:
        requests = [
            replace(
                _request(workspace, cell, state, relaxed, names, operation), draft=draft
            )
            for cell in cells
        ]
        try:
            solutions = await solve_pypi_all(
                requests,
                open_uv(workspace),
                operation,
                # uv waits for the index more than it computes
                concurrency=max(4, workspace.settings.concurrent_solves),
            )
        except PypiResolutionError as error:
            raise _explained(workspace, cells, requests, error) from error
    return [
        parts(workspace, cell, request, solution)
        if request.requirements
        else conda_parts(workspace, cell)
        for cell, request, solution in zip(cells, requests, solutions, strict=True)
    ]


def _request(
    workspace: Workspace,
    cell: Cell,
    state: LockState,
    relaxed: Collection[Relaxed],
    names: Mapping[str, ChannelNames],
    operation: Operation,
) -> PypiRequest:
    from pixi_jupyter.solve.pypi import PypiRequest
    from pixi_jupyter.solve.pypi_options import merged_options
    from pixi_jupyter.solve.pypi_requirements import read_requirements

    group, platform = cell.group, cell.platform
    requirements = read_requirements(group, platform)
    given: dict[str, Any] = {}
    if requirements:
        cutoffs = group.cutoffs()
        python, variables = _builder(workspace, group, operation)
        given = {
            "options": merged_options(group),
            "exclude_newer": cutoffs.default,
            "exclude_newer_packages": cutoffs.pypi,
            "locked": _preferred(state, cell, relaxed) if cell.keeps_wheels else (),
            "python": python,
            "variables": variables,
        }
    return PypiRequest(
        environment="+".join(group.environments),
        platform=platform,
        records=tuple(cell.records),
        requirements=tuple(requirements),
        root=workspace.root,
        strategy=group.solve_strategy,
        names=names,
        **given,
    )


def _preferred(
    state: LockState, cell: Cell, relaxed: Collection[Relaxed]
) -> tuple[PypiRecord, ...]:
    from pixi_jupyter.workspace.relaxed import is_relaxed

    found: dict[str, PypiRecord] = {}
    place = cell.platform.name
    for environment in cell.group.environments:
        for record in locked_wheels(state.lock, environment, place):
            if not is_relaxed(relaxed, environment, place, record.name, kind="pypi"):
                found.setdefault(record.name, record)
    return tuple(found.values())


def _builder(
    workspace: Workspace, group: SolveGroup, operation: Operation
) -> tuple[Path | None, dict[str, str]]:
    """Give the Python that builds sources, and its variables, if one is installed."""
    from pixi_jupyter.workspace.activated import activated

    for name in group.environments:
        python = python_of(workspace.prefix(name))
        if python.exists():
            try:
                return python, activated(workspace, name, operation)
            except PixiJupyterError:
                # a script that is broken is told of when the environment is used
                return python, {}
    return None, {}


def _explained(
    workspace: Workspace,
    cells: Sequence[Cell],
    requests: Sequence[PypiRequest],
    error: PypiResolutionError,
) -> PypiResolutionError:
    """Name the user's own requirements, and conda packages, that meet in a conflict."""
    from pixi_jupyter.adapters.rattler import record_mapping
    from pixi_jupyter.names import projects
    from pixi_jupyter.solve.pypi_explain import explain_pypi

    for cell, request in zip(cells, requests, strict=True):
        if (request.environment, request.platform.name) == (
            error.environment,
            error.platform,
        ):
            mappings = [record_mapping(record) for record in request.records]
            return explain_pypi(
                error,
                request.requirements,
                workspace.text,
                provided=projects(mappings, request.names),
                manifest=workspace.manifest.path.name,
                conda_requirements=cell.group.requirements(cell.platform),
            )
    return error
