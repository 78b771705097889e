"""From a solution to a prefix that can be used, and to a kernel in it."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixi_jupyter.activation.plan import ActivationPlan
from pixi_jupyter.errors import (
    LockOutdatedError,
    NoKernelError,
    NotSupportedYetError,
)
from pixi_jupyter.install.bytecode import compile_closure, compile_rest_in_background
from pixi_jupyter.install.conda import install_prefix
from pixi_jupyter.install.fingerprint import read_stamp, write_stamp
from pixi_jupyter.install.marker import moved_from, write_marker, write_pixi_files
from pixi_jupyter.install.prefix import site_packages
from pixi_jupyter.lock.file import environment_hash
from pixi_jupyter.workspace.hosts import (
    check_host,
    host_platform,
    host_virtual_packages,
    platform_named,
)
from pixi_jupyter.workspace.overlays import OverlayStore

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixi_jupyter.adapters.rattler import RepoDataRecord, Session
    from pixi_jupyter.events import Operation
    from pixi_jupyter.install.outcome import InstallOutcome
    from pixi_jupyter.manifest.compose import Environment
    from pixi_jupyter.platforms import Platform
    from pixi_jupyter.workspace.context import Workspace
    from pixi_jupyter.workspace.solution import Solution


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """An environment that is there."""

    environment: str
    prefix: Path
    platform: Platform
    packages: int
    """How many packages it holds."""
    outcome: InstallOutcome
    payload: Mapping[str, Any] = field(default_factory=dict)
    """What the stamp of the prefix holds, for those who start processes in it."""
    overlay_changed: bool = False

    @property
    def changed(self) -> bool:
        """Whether anything was installed."""
        return self.outcome.changed or self.overlay_changed

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "name": self.environment,
            "prefix": str(self.prefix),
            "platform": self.platform.name,
            "changed": self.changed,
            "packages": self.packages,
            "fetched": self.outcome.fetched,
            "fetched_bytes": self.outcome.fetched_bytes,
            "seconds": round(self.outcome.seconds, 3),
        }


async def ensure_prefix(
    workspace: Workspace,
    solution: Solution,
    name: str,
    operation: Operation,
    *,
    session: Session,
    platform: str | None = None,
) -> Installed:
    """Bring the prefix of an environment to its solution and leave its markers.

    Raises
    ------
    UnsupportedPlatformError, PlatformNotDeclaredError, NotSupportedYetError
        Nothing was changed.
    InstallError
        See `install_prefix`.
    """
    environment = workspace.composition.environment(name)
    chosen = platform_named(environment, platform) or host_platform(
        workspace, environment
    )
    records = _records(workspace, solution, environment, chosen)
    if platform is None:
        check_host(workspace, environment, chosen, records)
    prefix = workspace.prefix(name)
    write_pixi_files(workspace.pixi_dir)
    if (made_at := moved_from(prefix)) is not None:
        operation.warn(f"{prefix} was moved from {made_at}; it is installed anew")
        shutil.rmtree(prefix)
    outcome = await install_prefix(
        prefix, records, session=session, operation=operation, subdir=chosen.subdir
    )
    write_marker(
        prefix,
        manifest=workspace.manifest.path,
        environment=name,
        lock_hash=environment_hash(solution.lock, name, chosen.name),
        platform=chosen,
    )
    payload = _payload(workspace, environment, chosen, prefix, records)
    payload |= _kept_overlay(prefix, outcome)
    installed = Installed(
        environment=name,
        prefix=prefix,
        platform=chosen,
        packages=len(records),
        outcome=outcome,
        payload=payload,
    )
    if outcome.changed:
        await _compile(workspace, prefix, records, operation)
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


async def _compile(
    workspace: Workspace,
    prefix: Path,
    records: list[RepoDataRecord],
    operation: Operation,
) -> None:
    """Compile what a kernel start needs at once, and the rest in the background."""
    by_name = {record.name.normalized: record for record in records}
    if "python" not in by_name or workspace.settings.bytecode == "none":
        return
    site = prefix / site_packages(by_name["python"])
    if "ipykernel" in by_name:
        await compile_closure(prefix, operation, sites=[(site, site)])
    if workspace.settings.bytecode == "all":
        compile_rest_in_background(prefix, sites=[(site, site)])


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
    names = {
        record.name.normalized for record in solution.row(name, installed.platform.name)
    }
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
        if package.kind != "conda"
    )
    if others:
        msg = f"installing packages that are not from a channel ({', '.join(others)})"
        raise NotSupportedYetError(
            msg,
            where=f"environment {environment.name}",
        )
    return solution.row(environment.name, platform.name)


def _payload(
    workspace: Workspace,
    environment: Environment,
    platform: Platform,
    prefix: Path,
    records: list[RepoDataRecord],
) -> dict[str, Any]:
    activation = environment.activation(platform)
    plan = ActivationPlan(
        prefix=prefix,
        root=workspace.root,
        name=workspace.manifest.name,
        version=workspace.manifest.version,
        manifest=workspace.manifest.path,
        environment=environment.name,
        platforms=tuple(each.name for each in environment.platforms),
        scripts=activation.scripts,
        env=activation.env,
    )
    names = {record.name.normalized for record in records}
    windows = platform.subdir.startswith("win-")
    python = ("python.exe" if windows else "bin/python") if "python" in names else None
    return {
        "activation": plan.to_wire(),
        "python": python,
        "kernel": "python" in names and "ipykernel" in names,
        "overlay": None,
        "tasks": sorted(environment.tasks(platform)),
    }


def _stamp(workspace: Workspace, solution: Solution, installed: Installed) -> None:
    """Note for which manifest and lock the prefix is right.

    The digests are those of what was read, not of what is on disk by now: where
    somebody has edited a file in between, the stamp does not fit, as it should.
    """
    digest = hashlib.sha256(workspace.text.encode()).hexdigest()
    write_stamp(
        installed.prefix,
        # a frozen lock may not fit, so the next start has to look
        manifest_digest=digest if solution.is_checked else "",
        lock_digest=_lock_digest(solution),
        payload=installed.payload,
        state=installed.outcome.state,
    )


def _lock_digest(solution: Solution) -> str:
    if solution.bytes_read is not None:
        return hashlib.sha256(solution.bytes_read).hexdigest()
    return hashlib.sha256(solution.text.encode()).hexdigest()
