"""Link packages again although they seem to be installed as they should be.

For a prefix whose files were edited or lost. What is linked is compared with its
hashes first, because a file that is edited in a prefix is the cache's own wherever
the two are hard links.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import PackageNotLockedError, UnsupportedPlatformError
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.install import Current, current_solution
from pixi_jupyter.verbs.request import LockingRequest
from pixi_jupyter.workspace.context import open_workspace
from pixi_jupyter.workspace.environments import ensure_prefix
from pixi_jupyter.workspace.hosts import host_platform, platform_named
from pixi_jupyter.workspace.solution import provide_solution
from pixi_jupyter.workspace.wheel_install import plan_wheels

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pixi_jupyter.events import Operation
    from pixi_jupyter.workspace.context import Workspace
    from pixi_jupyter.workspace.environments import Installed


@dataclass(frozen=True, slots=True, kw_only=True)
class ReinstallRequest(LockingRequest):
    """Which packages of which environments."""

    packages: tuple[str, ...] = ()
    """Empty: all."""
    environments: tuple[str, ...] = ()
    """Empty: ``default``."""
    all: bool = False
    """All environments that can run here."""
    platform: str | None = None
    """Another platform than this machine's best."""
    dry_run: bool = False
    """Lock nothing and install nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reinstall:
    """What is linked again in one prefix, and what else that prefix needs."""

    environment: str
    prefix: Path
    platform: str
    again: tuple[str, ...]
    """Packages that were asked for and are there."""
    added: tuple[str, ...] = ()
    """Packages that were not installed, those that were asked for too."""
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "name": self.environment,
            "prefix": str(self.prefix),
            "platform": self.platform,
            "reinstalled": list(self.again),
            "added": list(self.added),
            "updated": list(self.changed),
            "removed": list(self.removed),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ReinstallResult:
    """What `reinstall` did, or would do."""

    reinstalled: tuple[Reinstall, ...]
    installed: tuple[Installed, ...] = ()
    """The same environments as they are now; empty for a dry run."""
    skipped: tuple[str, ...] = ()
    """Environments that cannot run here."""
    lock_written: bool = False
    dry_run: bool = False

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        done = {each.environment: each.to_json() for each in self.installed}
        return {
            "environments": [
                {**each.to_json(), **done.get(each.environment, {})}
                for each in self.reinstalled
            ],
            "skipped": list(self.skipped),
            "lock_written": self.lock_written,
            "dry_run": self.dry_run,
        }


async def reinstall(request: ReinstallRequest, operation: Operation) -> ReinstallResult:
    """Link packages of environments again, and bring those to their lock.

    Raises
    ------
    PackageNotLockedError
        If none of the environments has such a package; nothing was installed.
    EnvironmentNotFoundError, UnsupportedPlatformError, PlatformNotDeclaredError
    LockNotFoundError, LockOutdatedError, SolveError
        Nothing was changed.
    InstallError
        As for `install`: the next install finishes what was begun.
    """
    names = request.environments or (() if request.all else ("default",))
    current = await _current(request, operation, names)
    if request.all:
        names = tuple(current.workspace.composition.environments)
    chosen = _choose(request, current, names, operation)
    _check_packages(request, current, chosen.platforms)
    if request.dry_run:
        planned = tuple(
            _planned(request, current, name, platform)
            for name, platform in chosen.platforms.items()
        )
        return ReinstallResult(
            reinstalled=planned, skipped=tuple(chosen.skipped), dry_run=True
        )
    done = await _install(request, current, chosen, operation)
    return ReinstallResult(
        reinstalled=tuple(_done(request, current, each) for each in done),
        installed=tuple(done),
        skipped=tuple(chosen.skipped),
        lock_written=current.written,
    )


async def _current(
    request: ReinstallRequest, operation: Operation, names: Sequence[str]
) -> Current:
    if not request.dry_run:
        return await current_solution(
            request, operation, environments=names, platform=request.platform
        )
    workspace = open_workspace(request.manifest, offline=request.offline)
    for name in names:
        platform_named(workspace.composition.environment(name), request.platform)
    solution = await provide_solution(
        workspace, operation, session=workspace.session(), mode=request.mode
    )
    return Current(workspace=workspace, solution=solution)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chosen:
    platforms: dict[str, str] = field(default_factory=dict)
    """Name of the platform by environment."""
    skipped: list[str] = field(default_factory=list)

    def skip(
        self, name: str, why: UnsupportedPlatformError, operation: Operation
    ) -> None:
        self.skipped.append(name)
        operation.warn(f"{why.message}; it is left out")


def _choose(
    request: ReinstallRequest,
    current: Current,
    names: Sequence[str],
    operation: Operation,
) -> _Chosen:
    """Find for which platform each environment is there, before one is touched."""
    workspace = current.workspace
    chosen = _Chosen()
    for name in names:
        environment = workspace.composition.environment(name)
        try:
            platform = platform_named(environment, request.platform)
            platform = platform or host_platform(workspace, environment)
        except UnsupportedPlatformError as error:
            if not request.all:
                raise
            chosen.skip(name, error, operation)
        else:
            chosen.platforms[name] = platform.name
    return chosen


async def _install(
    request: ReinstallRequest, current: Current, chosen: _Chosen, operation: Operation
) -> list[Installed]:
    session = current.workspace.session()
    done = []
    for name, platform in chosen.platforms.items():
        try:
            installed = await ensure_prefix(
                current.workspace,
                current.solution,
                name,
                operation,
                session=session,
                platform=request.platform,
                reinstall=_wanted(request, _names(current, name, platform)),
            )
        except UnsupportedPlatformError as error:
            if not request.all:
                raise
            chosen.skip(name, error, operation)
        else:
            done.append(installed)
    return done


def _names(current: Current, environment: str, platform: str) -> list[str]:
    row = current.solution.row(environment, platform)
    wheels = current.solution.wheels(environment, platform)
    return [*(record.name.normalized for record in row), *(x.name for x in wheels)]


def _wanted(request: ReinstallRequest, names: Sequence[str]) -> tuple[str, ...]:
    """Choose among the packages of an environment those to link again."""
    if not request.packages:
        return tuple(sorted(names))
    asked = {package.lower() for package in request.packages}
    return tuple(sorted(asked.intersection(names)))


def _check_packages(
    request: ReinstallRequest, current: Current, platforms: Mapping[str, str]
) -> None:
    known = {
        name
        for environment, platform in platforms.items()
        for name in _names(current, environment, platform)
    }
    for package in request.packages:
        if package.lower() not in known:
            raise PackageNotLockedError(
                package, environments=platforms, available=known, verb="reinstall"
            )


def _planned(
    request: ReinstallRequest, current: Current, environment: str, platform: str
) -> Reinstall:
    from pixi_jupyter.adapters.rattler import installed_records
    from pixi_jupyter.install.plan import names, plan_install

    workspace: Workspace = current.workspace
    prefix = workspace.prefix(environment)
    records = current.solution.row(environment, platform)
    plan = plan_install(
        records,
        installed_records(prefix, unreadable=[]),
        broken=_wanted(request, names(records)),
    )
    wheels = current.solution.wheels(environment, platform)
    again = _wanted(request, [each.name for each in wheels])
    pypi = plan_wheels(workspace, environment, platform, wheels, again)
    return Reinstall(
        environment=environment,
        prefix=prefix,
        platform=platform,
        again=(
            *names(plan.repaired),
            *(x.name for x in pypi.reinstalled if x.name in again),
        ),
        added=(*names(plan.added), *(x.name for x in pypi.added)),
        changed=(
            *(change.name for change in plan.changed),
            *(x.name for x in pypi.reinstalled if x.name not in again),
        ),
        removed=(*names(plan.removed), *(x.name for x in pypi.removed)),
    )


def _done(
    request: ReinstallRequest, current: Current, installed: Installed
) -> Reinstall:
    outcome = installed.outcome
    platform = installed.platform.name
    wanted = _wanted(request, _names(current, installed.environment, platform))
    new = {*outcome.added, *outcome.changed_names}
    return Reinstall(
        environment=installed.environment,
        prefix=installed.prefix,
        platform=platform,
        # a repair of what was not asked for may be among them
        again=tuple(sorted({*outcome.repaired, *wanted} - new)),
        added=outcome.added,
        changed=outcome.changed_names,
        removed=outcome.removed,
    )
