"""From a solution to a prefix that can be used, and to a kernel in it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import (
    LockOutdatedError,
    NoKernelError,
    NotSupportedYetError,
)
from pixi_jupyter.install.conda import install_prefix
from pixi_jupyter.install.fingerprint import (
    manifest_digest,
    read_stamp,
    write_stamp,
)
from pixi_jupyter.install.marker import (
    INVALID_HASH,
    write_marker,
    write_pixi_files,
)
from pixi_jupyter.install.shut import is_shut
from pixi_jupyter.lock.file import environment_hash
from pixi_jupyter.workspace.activated import activation_plan
from pixi_jupyter.workspace.detached import link_detached
from pixi_jupyter.workspace.hosts import (
    check_host,
    host_platform,
    host_virtual_packages,
    platform_named,
)
from pixi_jupyter.workspace.installed import Installed
from pixi_jupyter.workspace.overlays import OverlayStore
from pixi_jupyter.workspace.prefixes import (
    clear_moved,
    compile_after_install,
    link_scripts,
)
from pixi_jupyter.workspace.subset import Subset, leave_out
from pixi_jupyter.workspace.wheel_install import (
    WheelJob,
    install_wheels,
    local_files,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    from pixi_jupyter.adapters.rattler import RepoDataRecord, Session
    from pixi_jupyter.events import Operation
    from pixi_jupyter.install.outcome import InstallOutcome
    from pixi_jupyter.manifest.compose import Environment
    from pixi_jupyter.platforms import Platform
    from pixi_jupyter.workspace.context import Workspace
    from pixi_jupyter.workspace.solution import Solution

__all__ = ["Installed", "activation_plan", "ensure_kernel", "ensure_prefix"]


async def ensure_prefix(
    workspace: Workspace,
    solution: Solution,
    name: str,
    operation: Operation,
    *,
    session: Session,
    platform: str | None = None,
    reinstall: Collection[str] = (),
    subset: Subset | None = None,
) -> Installed:
    """Bring the prefix of an environment to its solution and leave its markers.

    Parameters
    ----------
    platform
        Another one than this machine's best.
    reinstall
        Names of packages to link again, whatever the prefix says.
    subset
        What is to be installed of it; the rest is neither installed nor removed, and
        no later install takes the prefix for whole.

    Raises
    ------
    UnsupportedPlatformError, PlatformNotDeclaredError, NotSupportedYetError
    PackageNotLockedError
        Nothing was changed.
    InstallError
        See `install_prefix`.
    """
    environment = workspace.composition.environment(name)
    chosen = platform_named(environment, platform) or host_platform(
        workspace, environment
    )
    records = _records(workspace, solution, environment, chosen)
    left = leave_out(subset or Subset(), solution, environment, chosen)
    records = [x for x in records if x.name.normalized not in left.conda]
    prefix = workspace.prefix(name)
    job = WheelJob(
        workspace=workspace,
        environment=environment,
        platform=chosen,
        prefix=prefix,
        conda=records,
        wheels=tuple(
            x for x in solution.wheels(name, chosen.name) if x.name not in left.pypi
        ),
        reinstall=reinstall,
        spared=left.pypi,
    )
    job.check()
    if platform is None:
        check_host(workspace, environment, chosen, records)
    write_pixi_files(workspace.pixi_dir)
    link_detached(workspace, operation)
    clear_moved(workspace, name, operation)
    outcome = await install_prefix(
        prefix,
        records,
        session=session,
        operation=operation,
        subdir=chosen.subdir,
        reinstall=set(reinstall).intersection(x.name.normalized for x in records),
        spared=left.conda,
        scripts=link_scripts(workspace, prefix, operation),
    )
    # what is left out of python stays, and so does what it has of PyPI
    is_due = "python" not in left.conda
    if is_due and (done := await install_wheels(job, operation)) is not None:
        outcome = outcome.with_pypi(done)
    is_writable = outcome.changed or not is_shut(prefix)
    if is_writable:
        write_marker(
            prefix,
            manifest=workspace.manifest.path,
            environment=name,
            lock_hash=(
                INVALID_HASH
                if left.names
                else environment_hash(solution.lock, name, chosen.name)
            ),
            platform=chosen,
        )
    payload = _payload(job)
    payload |= _kept_overlay(prefix, outcome)
    installed = Installed(
        environment=name,
        prefix=prefix,
        platform=chosen,
        packages=len(records) + len(job.wheels),
        outcome=outcome,
        payload=payload,
        local_files=local_files(job),
        left_out=left.names,
    )
    if outcome.changed:
        await compile_after_install(workspace, prefix, records, operation)
    if is_writable:
        _stamp(workspace, solution, installed)
    return installed


def _kept_overlay(prefix: Path, outcome: InstallOutcome) -> dict[str, Any]:
    """Give what a kernel start found out about just this prefix, if it did."""
    stamp = read_stamp(prefix)
    if stamp is None or stamp.state != outcome.state:
        return {}
    overlay = stamp.payload.get("overlay")
    if not overlay or not Path(overlay).is_dir():
        return {}
    return {"overlay": overlay, "kernel": True}


async def ensure_kernel(
    workspace: Workspace,
    solution: Solution,
    name: str,
    operation: Operation,
    *,
    session: Session,
) -> Installed:
    """Do as `ensure_prefix`, and see that a Python kernel can start.

    Raises
    ------
    NoKernelError
        If the environment has no Python.
    OverlayError
        If it has no ipykernel, and none fits beside it.
    """
    installed = await ensure_prefix(
        workspace, solution, name, operation, session=session
    )
    place = installed.platform.name
    names = {record.name.normalized for record in solution.row(name, place)}
    names |= {record.name for record in solution.wheels(name, place)}
    if "python" not in names:
        raise NoKernelError(name)
    if "ipykernel" in names:
        return installed
    overlay = await OverlayStore(workspace).ensure(
        name,
        installed.platform,
        operation,
        session=session,
        virtual_packages=host_virtual_packages(workspace),
    )
    ready = replace(
        installed,
        overlay_changed=overlay.changed,
        payload={**installed.payload, "kernel": True, "overlay": str(overlay.path)},
    )
    _stamp(workspace, solution, ready)
    return ready


def _records(
    workspace: Workspace,
    solution: Solution,
    environment: Environment,
    platform: Platform,
) -> list[RepoDataRecord]:
    locked = solution.lock.environments.get(environment.name)
    if locked is None or platform.name not in locked.packages:
        if not environment.requirements(platform):
            return []
        raise LockOutdatedError(
            workspace.shown(workspace.lock_path),
            reasons=[f"it does not hold {environment.name} for {platform.name}"],
        )
    others = sorted(
        package.name
        for package in locked.packages[platform.name]
        if package.kind == "conda_source"
    )
    if others:
        msg = f"Installing packages that are built from source ({', '.join(others)})"
        raise NotSupportedYetError(
            msg,
            where=f"environment {environment.name}",
        )
    return solution.row(environment.name, platform.name)


def _payload(job: WheelJob) -> dict[str, Any]:
    environment, platform = job.environment, job.platform
    plan = activation_plan(job.workspace, environment, platform, job.prefix)
    names = {record.name.normalized for record in job.conda}
    names |= {record.name for record in job.wheels}
    windows = platform.subdir.startswith("win-")
    python = ("python.exe" if windows else "bin/python") if "python" in names else None
    return {
        "activation": plan.to_wire(),
        "python": python,
        "kernel": "python" in names and "ipykernel" in names,
        "overlay": None,
        "tasks": sorted(environment.tasks(platform)),
        "all_tasks": _all_tasks(job.workspace),
    }


def _all_tasks(workspace: Workspace) -> list[str]:
    """List the names that are tasks of any environment, wherever that runs."""
    found = {
        name
        for environment in workspace.composition.environments.values()
        for platform in environment.platforms
        for name in environment.tasks(platform)
    }
    return sorted(found)


def _stamp(workspace: Workspace, solution: Solution, installed: Installed) -> None:
    """Note for which manifest and lock the prefix is right.

    The digests are those of what was read, not of what is on disk by now: where
    somebody has edited a file in between, the stamp does not fit, as it should.
    """
    digest = manifest_digest(workspace.text.encode(), workspace.manifest.path)
    is_whole = solution.is_checked and not installed.left_out
    write_stamp(
        installed.prefix,
        # a frozen lock may not fit, so the next start has to look; so after a part
        manifest_digest=digest if is_whole else "",
        lock_digest=_lock_digest(solution),
        payload=installed.noted(),
        state=installed.outcome.state,
    )


def _lock_digest(solution: Solution) -> str:
    if solution.bytes_read is not None:
        return hashlib.sha256(solution.bytes_read).hexdigest()
    return hashlib.sha256(solution.text.encode()).hexdigest()
