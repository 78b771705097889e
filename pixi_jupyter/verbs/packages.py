"""What is locked for an environment, and why each of its packages is there.

More than `list` tells, whose keys are pixi's: where in the manifest a package is asked
for, which others need it, and which it needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.manifest.locate import dotted, locate
from pixi_jupyter.names import normalised
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.list import locked_rows
from pixi_jupyter.verbs.request import WorkspaceRequest
from pixi_jupyter.workspace.context import open_workspace
from pixi_jupyter.workspace.graph import package_graph
from pixi_jupyter.workspace.hosts import locked_platform, platform_named
from pixi_jupyter.workspace.solution import provide_solution

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pixi_jupyter.events import Operation
    from pixi_jupyter.manifest.compose import Environment
    from pixi_jupyter.platforms import Platform
    from pixi_jupyter.workspace.context import Workspace
    from pixi_jupyter.workspace.graph import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagesRequest(WorkspaceRequest):
    """Of which environment, and for which platform."""

    environment: str = "default"
    platform: str | None = None
    """None: this machine's, else the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagesResult:
    """The packages of one environment on one platform."""

    environment: str
    platform: str
    packages: tuple[dict[str, Any], ...]

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "environment": self.environment,
            "platform": self.platform,
            "packages": list(self.packages),
        }


async def packages(request: PackagesRequest, operation: Operation) -> PackagesResult:
    """Read the packages of an environment from the lock as it is.

    Raises
    ------
    EnvironmentNotFoundError, PlatformNotDeclaredError
    LockParseError
        Where the lock cannot be read; where there is none, there are no packages.
    """
    workspace = open_workspace(request.manifest, offline=True)
    environment = workspace.composition.environment(request.environment)
    platform = platform_named(environment, request.platform) or locked_platform(
        workspace, environment
    )
    if not workspace.lock_path.exists():
        return PackagesResult(
            environment=environment.name, platform=platform.name, packages=()
        )
    solution = await provide_solution(
        workspace, operation, session=workspace.session(), mode="frozen"
    )
    graph = {
        normalised(name): node
        for name, node in package_graph(solution, environment, platform).items()
    }
    places = _places(workspace, environment, platform)
    rows = sorted(
        locked_rows(solution, environment, platform), key=lambda row: row["name"]
    )
    return PackagesResult(
        environment=environment.name,
        platform=platform.name,
        packages=tuple(
            _package(row, graph.get(normalised(row["name"])), places) for row in rows
        ),
    )


def _package(
    row: Mapping[str, Any], node: Node | None, places: Mapping[str, tuple[str, int]]
) -> dict[str, Any]:
    name = normalised(row["name"])
    place = places.get(name) if row["is_explicit"] else None
    return {
        "name": row["name"],
        "version": row["version"],
        "build": row["build"],
        "kind": row["kind"],
        "source": row["source"],
        "size": row["size_bytes"],
        "is_explicit": row["is_explicit"],
        "requested": row["requested_spec"] if row["is_explicit"] else None,
        "where": place[0] if place else None,
        "line": place[1] if place else None,
        "needed_by": list(node.needed_by) if node else [],
        "needs": [need.name for need in node.needs] if node else [],
    }


def _places(
    workspace: Workspace, environment: Environment, platform: Platform
) -> dict[str, tuple[str, int]]:
    """Say where each package is asked for, and on which line, by normalised name."""
    file = workspace.manifest.path.name
    found: dict[str, tuple[str, int]] = {}
    for keys in _asked(workspace, environment, platform):
        name = normalised(str(keys[-1]))
        if name in found:
            continue
        place = locate(workspace.text, keys)
        if place is not None:
            table = dotted([key for key in keys[:-1] if key not in ("tool", "pixi")])
            found[name] = f"[{table}], {file}:{place.line}", place.line
    return found


def _asked(
    workspace: Workspace, environment: Environment, platform: Platform
) -> Iterator[tuple[str, ...]]:
    for requirement in environment.requirements(platform):
        if requirement.spec.keys:
            yield requirement.spec.keys
    wheels = list(environment.pypi_requirements(platform))
    top = ("tool", "pixi") if workspace.manifest.kind == "pyproject" else ()
    for feature in environment.features:
        if feature.startswith("@"):
            table: tuple[str, ...] = ("environments", feature[1:])
        else:
            table = () if feature == "default" else ("feature", feature)
        for name in wheels:
            keys = (*top, *table, "pypi-dependencies", name)
            place = locate(workspace.text, keys)
            if place is not None and name in place.source_line:
                yield keys
