"""The PyPI part of an install: what a prefix gets after its conda packages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.errors import NotSupportedYetError
from pixi_jupyter.install.prefix import site_packages
from pixi_jupyter.install.pypi_dists import OURS, read_dists, sites
from pixi_jupyter.install.pypi_note import noted
from pixi_jupyter.platforms import host_subdir
from pixi_jupyter.values import dataclass
from pixi_jupyter.workspace.activated import activated
from pixi_jupyter.workspace.wheels import open_uv

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from pixi_jupyter.adapters.rattler import RepoDataRecord
    from pixi_jupyter.events import Operation
    from pixi_jupyter.install.pypi import PypiOutcome, PypiTarget
    from pixi_jupyter.install.pypi_plan import PypiPlan
    from pixi_jupyter.manifest.compose import Environment
    from pixi_jupyter.platforms import Platform
    from pixi_jupyter.solve.pypi_record import PypiRecord
    from pixi_jupyter.workspace.context import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class WheelJob:
    """The PyPI packages of one environment on one platform."""

    workspace: Workspace
    environment: Environment
    platform: Platform
    prefix: Path
    conda: list[RepoDataRecord]
    wheels: tuple[PypiRecord, ...]
    reinstall: Collection[str] = ()
    spared: frozenset[str] = frozenset()
    """Names that stay if they are there, and do not come if not."""

    @property
    def python(self) -> RepoDataRecord | None:
        """The record of the environment's python."""
        found = (x for x in self.conda if x.name.normalized == "python")
        return next(found, None)

    def check(self) -> None:
        """Refuse wheels for a platform that uv cannot install for.

        Raises
        ------
        NotSupportedYetError
        """
        if self.wheels and self.platform.subdir != host_subdir():
            what = f"Installing PyPI packages for {self.platform.name} on another one"
            raise NotSupportedYetError(
                what, where=f"environment {self.environment.name}"
            )


async def install_wheels(job: WheelJob, operation: Operation) -> PypiOutcome | None:
    """Bring the PyPI packages of a prefix to what is locked, after conda's.

    Returns
    -------
    PypiOutcome or None
        None where the prefix has none and is to have none.

    Raises
    ------
    ClobberError, DownloadError, HashMismatchError, OfflineError, PypiBuildError
    PypiInstallError, ToolNotFoundError, ToolFailedError, PrefixBusyError
        See `install_pypi`.
    """
    if not (job.wheels or _has_ours(job.prefix)):
        return None
    from pixi_jupyter.install.pypi import PypiOutcome, install_pypi

    uv = open_uv(job.workspace)
    if job.python is None:
        from pixi_jupyter.install.pypi_orphans import remove_orphans

        name = job.environment.name
        gone = await remove_orphans(job.prefix, uv, operation, environment=name)
        return PypiOutcome(removed=gone)
    target = _target(job, job.python, operation)
    if target.reinstall and not uv.offline:
        # files of a prefix are hard links into uv's cache: an edit of one is there too
        await uv.run(["cache", "clean", "-q", *sorted(target.reinstall)])
    return await install_pypi(target, uv, operation)


def _has_ours(prefix: Path) -> bool:
    if noted(prefix):
        return True
    installers = (
        x for site in sites(prefix) for x in site.glob("*.dist-info/INSTALLER")
    )
    return any(OURS in path.read_text(errors="replace") for path in installers)


def _target(job: WheelJob, python: RepoDataRecord, operation: Operation) -> PypiTarget:
    from pixi_jupyter.install.pypi import PypiTarget
    from pixi_jupyter.solve.pypi_options import merged_options
    from pixi_jupyter.solve.pypi_requirements import read_requirements

    workspace, name = job.workspace, job.environment.name
    group = workspace.composition.group_of(name)
    asked = read_requirements(job.environment, job.platform)
    is_built = any(not x.location.lower().endswith(".whl") for x in job.wheels)
    return PypiTarget(
        prefix=job.prefix,
        python=python,
        records=job.wheels,
        root=workspace.root,
        environment=name,
        editable=frozenset(x.name for x in asked if x.editable),
        options=merged_options(group),
        variables=activated(workspace, name, operation) if is_built else {},
        reinstall=frozenset(job.reinstall).intersection(x.name for x in job.wheels),
        spared=job.spared,
        old_site=_old_site(job.prefix, site_packages(python)),
    )


def _old_site(prefix: Path, site: str) -> str | None:
    """Find packages of ours that an older Python has left behind."""
    for found in sites(prefix):
        place = found.relative_to(prefix).as_posix()
        if place != site and any(dist.is_ours for dist in read_dists(found)):
            return place
    return None


def local_files(job: WheelJob) -> dict[str, list[int]]:
    """Give the times of the files that say what a folder of sources is.

    Returns
    -------
    dict
        By absolute path: [size, time of change in ns]; of files that are not there
        nothing.
    """
    folders = {
        (job.workspace.root / each.location).resolve()
        for each in job.wheels
        if each.is_directory
    }
    found = {}
    for folder in sorted(folders):
        for name in ("pyproject.toml", "setup.py", "setup.cfg"):
            path = folder / name
            if path.is_file():
                status = path.stat()
                found[str(path)] = [status.st_size, status.st_mtime_ns]
    return found


def plan_wheels(
    workspace: Workspace,
    name: str,
    platform: str,
    wheels: tuple[PypiRecord, ...],
    reinstall: Collection[str],
) -> PypiPlan:
    """Say what would be done to the PyPI packages of a prefix; nothing is."""
    from pixi_jupyter.install.pypi_plan import plan_pypi
    from pixi_jupyter.solve.pypi_requirements import read_requirements

    environment = workspace.composition.environment(name)
    chosen = next(x for x in environment.platforms if x.name == platform)
    asked = read_requirements(environment, chosen) if wheels else []
    prefix = workspace.prefix(name)
    return plan_pypi(
        wheels,
        [dist for site in sites(prefix) for dist in read_dists(site)],
        root=workspace.root,
        editable=frozenset(x.name for x in asked if x.editable),
        suspects=noted(prefix),
        reinstall=reinstall,
    )
