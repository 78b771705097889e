"""A workspace's environments in the formats that conda reads.

Formats: pixi 0.77.0, `workspace export` (read 2026-11). Unlike pixi, several extras
of a requirement are joined with commas, and indexes keep their order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import ExportError
from pixi_jupyter.redaction import redacted
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.environment_file import environment_file
from pixi_jupyter.verbs.install import current_solution
from pixi_jupyter.verbs.request import LockingRequest, WorkspaceRequest
from pixi_jupyter.workspace.context import open_workspace
from pixi_jupyter.workspace.hosts import locked_platform, platform_named
from pixi_jupyter.workspace.solution import provide_solution
from pixi_jupyter.workspace.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pixi_jupyter.adapters.rattler import RepoDataRecord
    from pixi_jupyter.events import Operation
    from pixi_jupyter.manifest.compose import Environment
    from pixi_jupyter.platforms import Platform
    from pixi_jupyter.workspace.solution import Solution

_EXPLICIT = "an explicit specification"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceExportEnvironmentRequest(WorkspaceRequest):
    """Which environment, and where it goes."""

    path: Path | None = None
    """None: it is shown."""
    environment: str = "default"
    platform: str | None = None
    """None for the one this computer runs best."""
    name: str | None = None
    """None for that of the environment."""
    no_pypi: bool = False
    from_lock: bool = False
    """What is locked, instead of what is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceExportExplicitRequest(LockingRequest):
    """Which environments and platforms, and where they go."""

    folder: Path
    environments: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    """Names or subdirs; all where none is given."""
    ignore_pypi: bool = False
    no_install: bool = False
    """It never installs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportResult:
    """Files that were written, or the text that would be one."""

    files: tuple[Path, ...] = ()
    text: str = ""
    """What is shown where no file was asked for."""

    is_verbatim = True

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        found: dict[str, Any] = {"files": [str(path) for path in self.files]}
        return {**found, "text": self.text} if self.text else found


async def export_environment(
    request: WorkspaceExportEnvironmentRequest, operation: Operation
) -> ExportResult:
    """Write an environment as conda's environment.yml.

    Raises
    ------
    EnvironmentNotFoundError, PlatformNotDeclaredError
    LockNotFoundError
        If what is locked is asked for, and nothing is.
    """
    workspace = open_workspace(request.manifest, offline=request.offline)
    operation.finish("read")
    environment = workspace.composition.environment(request.environment)
    platform = platform_named(environment, request.platform)
    platform = platform or locked_platform(workspace, environment)
    solution = None
    if request.from_lock:
        solution = await provide_solution(
            workspace, operation, session=workspace.session(), mode="frozen"
        )
    text = environment_file(
        environment,
        platform,
        name=request.name or environment.name,
        pypi=not request.no_pypi,
        solution=solution,
        warn=operation.warn,
    )
    if request.path is None:
        return ExportResult(text=redacted(text))
    transaction = Transaction()
    transaction.write(request.path, redacted(text))
    transaction.commit()
    return ExportResult(files=(request.path,))


async def export_explicit(
    request: WorkspaceExportExplicitRequest, operation: Operation
) -> ExportResult:
    """Write the URLs and hashes of what is locked, a file for each environment.

    Raises
    ------
    ExportError
        If something is locked that conda has no URL for; nothing was written.
    """
    names = request.environments
    current = await current_solution(request, operation, environments=names)
    workspace, solution = current.workspace, current.solution
    transaction = Transaction()
    for name in names or tuple(workspace.composition.environments):
        environment = workspace.composition.environment(name)
        for platform in _chosen(environment, request.platforms, operation):
            _check(solution, name, platform, request, operation)
            records = solution.row(name, platform.name)
            if records:
                path = request.folder / f"{name}_{platform.name}_conda_spec.txt"
                transaction.write(path, explicit_file(platform, records))
    request.folder.mkdir(parents=True, exist_ok=True)
    transaction.commit()
    return ExportResult(files=tuple(transaction.contents))


def _chosen(
    environment: Environment, wanted: Iterable[str], operation: Operation
) -> Iterator[Platform]:
    wanted = tuple(wanted)
    for platform in environment.platforms:
        if not wanted or {platform.name, platform.subdir} & set(wanted):
            yield platform
    known = {
        name for each in environment.platforms for name in (each.name, each.subdir)
    }
    for name in wanted:
        if name not in known:
            operation.warn(f"{environment.name} is not made for {name}")


def _check(
    solution: Solution,
    name: str,
    platform: Platform,
    request: WorkspaceExportExplicitRequest,
    operation: Operation,
) -> None:
    locked = solution.lock.environments.get(name)
    for package in locked.packages.get(platform.name, ()) if locked else ():
        if package.kind == "conda_source":
            raise ExportError(
                package.name,
                what=_EXPLICIT,
                reason="it is built from its source, so there is no file to name",
                way="export environments without it",
            )
        if package.kind == "pypi":
            if not request.ignore_pypi:
                raise ExportError(
                    package.name or package.file_name,
                    what=_EXPLICIT,
                    reason="it is a PyPI package, which conda does not install",
                    way="--ignore-pypi-errors   leaves PyPI packages out",
                )
            operation.warn(f"{package.name} is left out, it is a PyPI package")


def explicit_file(platform: Platform, records: Iterable[RepoDataRecord]) -> str:
    """Give the text of an explicit specification, dependencies first.

    Raises
    ------
    ExportError
        If a record has no MD5 hash, by which conda checks its download.
    """
    lines = [
        "# Generated by `pixi-jupyter workspace export`",
        f"# platform: {platform.subdir}",
        "@EXPLICIT",
    ]
    for record in _dependencies_first(records):
        if record.md5 is None:
            raise ExportError(
                record.name.normalized,
                what=_EXPLICIT,
                reason="its channel gives no MD5 hash of it",
                way="take it from a channel that does",
            )
        lines.append(f"{redacted(record.url)}#{record.md5.hex()}")
    return "\n".join((*lines, ""))


def _dependencies_first(records: Iterable[RepoDataRecord]) -> list[RepoDataRecord]:
    by_name = {record.name.normalized: record for record in records}
    found: dict[str, RepoDataRecord] = {}
    begun: set[str] = set()

    def visit(name: str) -> None:
        # what needs itself in a circle comes where it was met first
        if name in begun or name not in by_name:
            return
        begun.add(name)
        for need in sorted(by_name[name].depends):
            visit(need.split(" ", 1)[0].split("[", 1)[0].lower())
        found[name] = by_name[name]

    for name in sorted(by_name):
        visit(name)
    return list(found.values())
