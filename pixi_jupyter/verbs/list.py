"""List what is locked for an environment.

Keys and their order: pixi 0.77.0, `list --json` (read 2026-11).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import UsageError
from pixi_jupyter.manifest.pyproject import normalised
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.install import current_solution
from pixi_jupyter.verbs.request import LockingRequest
from pixi_jupyter.workspace.hosts import locked_platform, platform_named

if TYPE_CHECKING:
    from pixi_jupyter.events import Operation
    from pixi_jupyter.lock.file import LockedPackage
    from pixi_jupyter.manifest.compose import Environment
    from pixi_jupyter.platforms import Platform
    from pixi_jupyter.workspace.solution import Solution


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRequest(LockingRequest):
    """Which environment, and which of its packages."""

    environment: str = "default"
    platform: str | None = None
    regex: str | None = None
    explicit: bool = False
    """Only what the manifest names."""
    sort_by: str = "name"
    """size, name or kind."""
    fields: tuple[str, ...] = ()
    """Columns of the table; empty for pixi's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListResult:
    """The packages of one environment on one platform."""

    environment: str
    platform: str
    packages: tuple[dict[str, Any], ...]
    fields: tuple[str, ...] = ()

    def to_json(self) -> list[dict[str, Any]]:
        """Give pixi's JSON form."""
        return list(self.packages)


async def list_packages(request: ListRequest, operation: Operation) -> ListResult:
    """Read the packages of an environment from the lock.

    Raises
    ------
    EnvironmentNotFoundError, PlatformNotDeclaredError, UsageError
    SolveError
        Where the lock did not fit and could not be made to.
    """
    current = await current_solution(
        request,
        operation,
        environments=[request.environment],
        platform=request.platform,
    )
    environment = current.workspace.composition.environment(request.environment)
    platform = platform_named(environment, request.platform) or locked_platform(
        current.workspace, environment
    )
    rows = locked_rows(current.solution, environment, platform)
    if request.regex:
        try:
            pattern = re.compile(request.regex)
        except re.error as error:
            msg = f"{request.regex!r} is no regular expression"
            raise UsageError(msg) from error
        rows = [row for row in rows if pattern.search(row["name"])]
    if request.explicit:
        rows = [row for row in rows if row["is_explicit"]]
    keys = {
        "name": lambda row: row["name"],
        "size": lambda row: (row["size_bytes"] or 0, row["name"]),
        "kind": lambda row: (row["kind"], row["name"]),
    }
    rows.sort(key=keys[request.sort_by])
    return ListResult(
        environment=environment.name,
        platform=platform.name,
        packages=tuple(rows),
        fields=request.fields,
    )


def locked_rows(
    solution: Solution,
    environment: Environment,
    platform: Platform,
) -> list[dict[str, Any]]:
    """Give what is locked for an environment on a platform, with pixi's keys."""
    from pixi_jupyter.adapters.rattler import record_mapping

    asked = {
        requirement.name.lower(): requirement.spec.version or "*"
        for requirement in environment.requirements(platform)
    }
    asked |= _asked_of_pypi(environment, platform)
    rows = [
        _conda_row(record_mapping(record), asked)
        for record in solution.row(environment.name, platform.name)
    ]
    locked = solution.lock.environments.get(environment.name)
    others = locked.packages.get(platform.name, ()) if locked else ()
    rows += [_other_row(each, asked) for each in others if each.kind != "conda"]
    return rows


def _asked_of_pypi(environment: Environment, platform: Platform) -> dict[str, str]:
    if not environment.pypi_requirements(platform):
        return {}
    from pixi_jupyter.solve.pypi_requirements import read_requirements

    return {
        each.name: each.text.removeprefix(each.name).strip() or "*"
        for each in read_requirements(environment, platform)
    }


def _conda_row(record: dict[str, Any], asked: dict[str, str]) -> dict[str, Any]:
    noarch = record.get("noarch")
    return {
        "name": record["name"],
        "version": record["version"],
        "build": record["build"],
        "build_number": record["build_number"],
        "size_bytes": record.get("size"),
        "kind": "conda",
        "source": (record.get("channel") or "").rstrip("/") or None,
        "license": record.get("license"),
        "license_family": record.get("license_family"),
        "is_explicit": record["name"] in asked,
        "requested_spec": asked.get(record["name"]),
        "md5": record.get("md5"),
        "sha256": record.get("sha256"),
        "arch": record.get("arch"),
        "platform": record.get("platform"),
        "subdir": record.get("subdir"),
        "timestamp": record.get("timestamp"),
        "noarch": noarch if isinstance(noarch, str) else None,
        "file_name": record.get("fn"),
        "url": record.get("url"),
        "index_url": None,
        "constrains": record.get("constrains") or [],
        "depends": record.get("depends") or [],
        "track_features": _features(record.get("track_features")),
        "run_exports": None,
    }


def _features(value: object) -> list[str]:
    return value.split() if isinstance(value, str) else list(value or ())  # type: ignore[call-overload]  # list or text


def _other_row(package: LockedPackage, asked: dict[str, str]) -> dict[str, Any]:
    fields = package.fields
    row = dict.fromkeys(
        _conda_row({"name": "", "version": "", "build": "", "build_number": 0}, {})
    )
    row |= {
        "name": package.name,
        "version": package.version,
        "kind": "pypi" if package.kind == "pypi" else "conda",
        "source": fields.get("index") or package.location,
        "is_explicit": normalised(package.name) in asked,
        "requested_spec": asked.get(normalised(package.name)),
        "md5": fields.get("md5"),
        "sha256": fields.get("sha256"),
        "url": package.location,
        "index_url": fields.get("index"),
        "constrains": [],
        "depends": list(fields.get("requires_dist") or fields.get("depends") or ()),  # type: ignore[call-overload]  # lists in the lock
        "track_features": [],
    }
    return row
