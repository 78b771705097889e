"""Which platform of an environment this machine runs, and whether it can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.errors import PlatformNotDeclaredError, UnsupportedPlatformError
from pixi_jupyter.manifest.hosts import best_platform
from pixi_jupyter.platforms import CHECKED_ON_HOST, host_subdir, override

if TYPE_CHECKING:
    from pixi_jupyter.adapters.rattler import RepoDataRecord
    from pixi_jupyter.manifest.compose import Environment
    from pixi_jupyter.platforms import Platform, VirtualPackage
    from pixi_jupyter.workspace.context import Workspace


def host_virtual_packages(workspace: Workspace) -> tuple[VirtualPackage, ...]:
    """Detect what this machine has, with ``CONDA_OVERRIDE_*`` applied."""
    from pixi_jupyter.adapters.rattler import host_virtual_packages as detect

    return override(detect(), workspace.environ)


def host_platform(workspace: Workspace, environment: Environment) -> Platform:
    """Choose the platform of an environment that this machine runs best.

    Raises
    ------
    UnsupportedPlatformError
        If it runs none.
    """
    return best_platform(
        environment, host_subdir(workspace.environ), host_virtual_packages(workspace)
    )


def locked_platform(workspace: Workspace, environment: Environment) -> Platform:
    """Choose the platform to show: this machine's, else the first."""
    try:
        return host_platform(workspace, environment)
    except UnsupportedPlatformError:
        if not environment.platforms:
            raise
        return environment.platforms[0]


def platform_named(environment: Environment, name: str | None) -> Platform | None:
    """Find a platform of an environment; None for no name.

    Raises
    ------
    PlatformNotDeclaredError
        If the environment is not made for it.
    """
    if name is None:
        return None
    for each in environment.platforms:
        if each.name == name:
            return each
    raise PlatformNotDeclaredError(
        name,
        declared=[each.name for each in environment.platforms],
        environment=environment.name,
    )


def check_host(
    workspace: Workspace,
    environment: Environment,
    platform: Platform,
    records: list[RepoDataRecord],
) -> None:
    """Compare what the locked packages need of the machine with what it has.

    Raises
    ------
    UnsupportedPlatformError
        If it lacks something; nothing is compared under
        ``PIXI_OVERRIDE_PLATFORM``.
    """
    from pixi_jupyter.adapters.rattler import match_spec, virtual_package_matches

    if "PIXI_OVERRIDE_PLATFORM" in workspace.environ:
        return
    host = {package.name: package for package in host_virtual_packages(workspace)}
    reasons = []
    for record in records:
        for depend in record.depends:
            name = depend.split(" ", 1)[0].split("[", 1)[0]
            if name not in CHECKED_ON_HOST:
                continue
            have = host.get(name)
            if have is None or not virtual_package_matches(match_spec(depend), have):
                found = (
                    f"this computer has {have}" if have else "this computer has none"
                )
                reasons.append(f"{record.name.normalized} needs {depend}, {found}")
    if reasons:
        raise UnsupportedPlatformError(
            environment.name,
            host=host_subdir(workspace.environ),
            declared=[platform.name],
            reasons=sorted(set(reasons)),
        )
