"""Tell about this computer, the workspace and its environments.

Keys: pixi 0.77.0, `info --json` (read 2026-11); what is ours alone stands under
`jupyter`.
"""

from __future__ import annotations

import json
import os
from dataclasses import field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixi_jupyter._version import PIXI_VERSION, __version__
from pixi_jupyter.config import pixi_home, read_settings
from pixi_jupyter.errors import ManifestNotFoundError
from pixi_jupyter.platforms import host_subdir, override
from pixi_jupyter.redaction import redacted
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.request import WorkspaceRequest
from pixi_jupyter.verbs.understood import understood
from pixi_jupyter.workspace.context import Workspace, open_workspace
from pixi_jupyter.workspace.hosts import locked_platform

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pixi_jupyter.events import Operation
    from pixi_jupyter.manifest.compose import Environment
    from pixi_jupyter.platforms import Platform

_FRIENDLY = {
    "__osx": "macos",
    "__win": "windows",
    "__glibc": "glibc",
    "__linux": "linux",
    "__cuda": "cuda",
    "__archspec": "archspec",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class InfoRequest(WorkspaceRequest):
    """How much to tell."""

    extended: bool = False
    """Measure sizes on disk too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InfoResult:
    """What is known."""

    system: dict[str, Any]
    project: dict[str, Any] | None = None
    environments: tuple[dict[str, Any], ...] = ()
    manifest: dict[str, Any] = field(default_factory=dict)
    """Parts of the manifest that are kept as written."""
    workspace: dict[str, Any] | None = None
    """How the manifest was understood; None outside of a workspace."""
    warnings: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Give pixi's JSON form, and ours under ``jupyter``."""
        return {
            **self.system,
            "project_info": self.project,
            "environments_info": list(self.environments),
            "jupyter": {
                "version": __version__,
                "manifest": _plain(self.manifest),
                "workspace": _plain(self.workspace),
                "warnings": list(self.warnings),
            },
        }

    def system_rows(self) -> list[tuple[str, str]]:
        """Give the facts about this computer, for a table."""
        system = self.system
        rows = [
            ("pixi-jupyter", f"{__version__} (pixi {system['version']})"),
            ("Platform", system["platform"]),
            ("Virtual packages", ", ".join(system["virtual_packages"])),
            ("Cache", system["cache_dir"]),
        ]
        if system["cache_size"]:
            rows.append(("Cache size", system["cache_size"]))
        return rows

    def workspace_rows(self) -> list[tuple[str, str]]:
        """Give the facts about the workspace; empty outside of one."""
        if self.project is None:
            return []
        project = self.project
        rows = [("Name", project["name"])]
        if project["version"]:
            rows.append(("Version", project["version"]))
        rows += [
            ("Manifest", project["manifest_path"]),
            ("Locked", project["last_updated"] or "not yet"),
        ]
        rows += (
            [("Also has", ", ".join(sorted(self.manifest)))] if self.manifest else []
        )
        rows += [("Warning", warning) for warning in self.warnings]
        return rows

    def environment_rows(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """Give, for each environment, its facts for a table."""
        for each in self.environments:
            facts = [
                ("Features", ", ".join(each["features"])),
                ("Solve group", each["solve_group"] or ""),
                ("Channels", ", ".join(each["channels"])),
                ("Platforms", ", ".join(p["name"] for p in each["platforms"])),
                ("Dependencies", ", ".join(each["dependencies"])),
                ("PyPI", ", ".join(each["pypi_dependencies"])),
                ("Tasks", ", ".join(each["tasks"])),
                ("Prefix", each["prefix"]),
                ("Size", each["environment_size"] or ""),
            ]
            yield each["name"], [(key, value) for key, value in facts if value]


def _plain(value: Any) -> Any:  # noqa: ANN401  whatever stands in a manifest
    """Give what JSON can hold: a date of TOML becomes a text."""
    match value:
        case dict():
            return {str(key): _plain(each) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case None | str() | int() | float():
            return value
        case _:
            return str(value)


async def info(request: InfoRequest, operation: Operation) -> InfoResult:
    """Collect what is known, inside a workspace and outside of one.

    Raises
    ------
    ManifestParseError
        If the workspace's manifest cannot be read.
    """
    try:
        workspace = open_workspace(request.manifest, offline=request.offline)
    except ManifestNotFoundError:
        if request.manifest is not None:
            raise
        operation.finish("info")
        return InfoResult(system=_system(None, extended=request.extended))
    manifest = workspace.manifest
    return InfoResult(
        system=_system(workspace, extended=request.extended),
        project=_project(workspace, extended=request.extended),
        environments=tuple(
            _environment(workspace, environment, extended=request.extended)
            for environment in workspace.composition.environments.values()
        ),
        manifest={
            **{key: value for key, value in manifest.metadata.items() if value},
            **({"package": manifest.package} if manifest.package else {}),
        },
        workspace=understood(workspace),
        warnings=manifest.warnings,
    )


def _system(workspace: Workspace | None, *, extended: bool) -> dict[str, Any]:
    from pixi_jupyter.adapters.rattler import host_virtual_packages

    settings = workspace.settings if workspace else read_settings()
    found = override(host_virtual_packages(), os.environ)
    return {
        "platform": host_subdir(),
        "virtual_packages": [f"{p.name}={p.version}={p.build or '0'}" for p in found],
        "version": PIXI_VERSION,
        "tls_backend": "rustls",
        "cache_dir": str(settings.cache_dir),
        "cache_size": _size(settings.cache_dir) if extended else None,
        "auth_dir": str(Path.home() / ".rattler" / "credentials.json"),
        "global_info": {
            "bin_dir": str(pixi_home() / "bin"),
            "env_dir": str(pixi_home() / "envs"),
            "manifest": str(pixi_home() / "manifests" / "pixi-global.toml"),
        },
        "config_locations": [str(path) for path in settings.sources],
    }


def _project(workspace: Workspace, *, extended: bool) -> dict[str, Any]:
    lock = workspace.lock_path
    updated = None
    if lock.exists():
        moment = datetime.fromtimestamp(lock.stat().st_mtime).astimezone()
        updated = moment.strftime("%d-%m-%Y %H:%M:%S")
    return {
        "name": workspace.manifest.name,
        "manifest_path": str(workspace.manifest.path),
        "last_updated": updated,
        "pixi_folder_size": _size(workspace.pixi_dir) if extended else None,
        "version": workspace.manifest.version,
    }


def _environment(
    workspace: Workspace, environment: Environment, *, extended: bool
) -> dict[str, Any]:
    platform = (
        locked_platform(workspace, environment) if environment.platforms else None
    )
    prefix = workspace.prefix(environment.name)
    marker = _marker(prefix)
    asked = environment.requirements(platform) if platform else ()
    pypi = environment.pypi_requirements(platform) if platform else {}
    return {
        "name": environment.name,
        "features": list(environment.features),
        "solve_group": environment.solve_group,
        "environment_size": _size(prefix) if extended and prefix.exists() else None,
        "dependencies": list(dict.fromkeys(each.name for each in asked)),
        "pypi_dependencies": list(pypi),
        "platforms": [_platform(each) for each in environment.platforms],
        "resolved_platform": marker.get("resolved_platform"),
        "minimum_supported_platform": marker.get("minimum_supported_platform"),
        "tasks": sorted(environment.tasks(platform)) if platform else [],
        "channels": [redacted(channel) for channel in environment.channels],
        "prefix": str(prefix),
    }


def _platform(platform: Platform) -> dict[str, Any]:
    return {
        "name": platform.name,
        "subdir": platform.subdir,
        "virtual_packages": [
            f"{_FRIENDLY.get(each.name, each.name)}={each.version}"
            for each in platform.custom
        ],
    }


def _marker(prefix: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((prefix / "conda-meta" / "pixi").read_text())
    except (OSError, ValueError):
        return {}
    return found


def _size(folder: Path) -> str:
    """Measure a folder, counting files with several links once."""
    seen: set[tuple[int, int]] = set()
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            status = os.lstat(Path(parent, name))
            if (key := (status.st_dev, status.st_ino)) not in seen:
                seen.add(key)
                total += status.st_size
    return f"{total / 2**20:.0f} MiB"
