"""List the platforms of a workspace, this computer first.

Keys: pixi 0.77.0, `workspace platform list --json` (read 2026-11).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.platforms import host_subdir
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.request import WorkspaceRequest
from pixi_jupyter.verbs.workspace_edit import Listing, Section, facts
from pixi_jupyter.workspace.context import open_workspace
from pixi_jupyter.workspace.hosts import host_virtual_packages

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pixi_jupyter.events import Operation
    from pixi_jupyter.platforms import Platform, VirtualPackage
    from pixi_jupyter.workspace.context import Workspace

_FRIENDLY = {
    "__cuda": "cuda",
    "__archspec": "archspec",
    "__glibc": "glibc",
    "__linux": "linux",
    "__osx": "macos",
    "__win": "windows",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspacePlatformListRequest(WorkspaceRequest):
    """All of them."""


async def list_platforms(
    request: WorkspacePlatformListRequest, operation: Operation
) -> Listing:
    """List the platforms with what they promise and who uses them."""
    workspace = open_workspace(request.manifest, offline=request.offline)
    operation.finish("read")
    subdir = host_subdir(workspace.environ)
    host = {
        **_row("current", subdir, (), host_virtual_packages(workspace)),
        "is_current": True,
        "is_autodetected": True,
    }
    rows = [_declared(workspace, each) for each in workspace.manifest.platforms]
    found = ((each, each is host) for each in (host, *rows))
    return Listing(
        kind="platform",
        sections=tuple(_section(each, is_host) for each, is_host in found),
        data={"current_subdir": subdir, "platforms": [host, *rows]},
    )


def _section(row: dict[str, Any], is_host: bool) -> Section:  # noqa: FBT001
    key = "detected_virtual_packages" if is_host else "virtual_packages"
    return Section(
        title=row["name"],
        note="this computer" if is_host else "",
        facts=facts(
            platform=[f"platform={row['subdir']}", *row[key]],
            environments=row["environments"],
            features=row["features"],
            inline=row["declared_inline_in_environments"],
        ),
    )


def _row(
    name: str,
    subdir: str,
    promised: Iterable[VirtualPackage],
    all_of_them: Iterable[VirtualPackage],
) -> dict[str, Any]:
    return {
        "name": name,
        "subdir": subdir,
        "virtual_packages": [_friendly(each) for each in promised],
        "detected_virtual_packages": [_friendly(each) for each in all_of_them],
        "features": [],
        "declared_inline_in_environments": [],
        "environments": [],
    }


def _declared(workspace: Workspace, platform: Platform) -> dict[str, Any]:
    manifest = workspace.manifest
    row = _row(
        platform.name, platform.subdir, platform.custom, platform.virtual_packages
    )
    row["features"] = [
        name
        for name, each in manifest.features.items()
        if platform.name in (each.platforms or ())
    ]
    row["declared_inline_in_environments"] = [
        name
        for name, each in manifest.environments.items()
        if each.inline and platform.name in (each.inline.platforms or ())
    ]
    row["environments"] = [
        name
        for name, each in workspace.composition.environments.items()
        if any(platform.name == other.name for other in each.platforms)
    ]
    return row


def _friendly(package: VirtualPackage) -> str:
    if package.name == "__archspec":
        return f"archspec={package.build}"
    if package.name in _FRIENDLY:
        return f"{_FRIENDLY[package.name]}={package.version}"
    return str(package)
