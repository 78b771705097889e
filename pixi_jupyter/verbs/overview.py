"""What a panel shows of a workspace: its lock and each of its environments.

Solves nothing, installs nothing and waits for nobody: what is wrong is told in words,
so that a face only has to draw it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pixi_jupyter._version import __version__
from pixi_jupyter.errors import PixiJupyterError
from pixi_jupyter.redaction import redacted
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.request import WorkspaceRequest
from pixi_jupyter.workspace.condition import Condition, condition_of
from pixi_jupyter.workspace.context import open_workspace
from pixi_jupyter.workspace.hosts import locked_platform
from pixi_jupyter.workspace.solution import LockState, read_state

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pixi_jupyter.events import Operation
    from pixi_jupyter.lock.disagreement import Disagreement
    from pixi_jupyter.manifest.compose import Environment
    from pixi_jupyter.workspace.context import Workspace

LockCondition: TypeAlias = Literal["fresh", "stale", "missing", "broken"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewRequest(WorkspaceRequest):
    """Which workspace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewResult:
    """A workspace as it stands."""

    workspace: Workspace
    lock: LockCondition
    reasons: tuple[dict[str, Any], ...] = ()
    """Why the lock does not fit, each with `text`, `environments`, `platforms` and
    the `line` of the manifest."""
    error: PixiJupyterError | None = None
    """Why the lock cannot be read."""
    environments: tuple[dict[str, Any], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        manifest = self.workspace.manifest
        return {
            "program": f"pixi-jupyter {__version__}",
            "name": manifest.name,
            "manifest": str(manifest.path),
            "platforms": [platform.name for platform in manifest.platforms],
            "channels": [redacted(channel.name) for channel in manifest.channels],
            "features": [
                name for name in manifest.features if not name.startswith("@")
            ],
            "warnings": list(manifest.warnings),
            "lock": {
                "state": self.lock,
                "reasons": list(self.reasons),
                "error": self.error.to_wire() if self.error else None,
            },
            "environments": list(self.environments),
        }


async def overview(request: OverviewRequest, operation: Operation) -> OverviewResult:
    """Look at a workspace.

    Raises
    ------
    ManifestNotFoundError, ManifestParseError, RequiresPixiError
    """
    workspace = open_workspace(request.manifest, offline=True)
    state: LockState | None = None
    lock: LockCondition = "missing"
    error: PixiJupyterError | None = None
    try:
        state = read_state(workspace, operation)
    except PixiJupyterError as found:
        lock, error = "broken", found
    if state is not None and state.lock is not None:
        lock = "fresh" if state.is_current else "stale"
    return OverviewResult(
        workspace=workspace,
        lock=lock,
        error=error,
        reasons=_told(state.reasons if lock == "stale" and state else ()),
        environments=tuple(
            _environment(workspace, each, state)
            for each in workspace.composition.environments.values()
        ),
    )


def _told(found: Iterable[Disagreement]) -> tuple[dict[str, Any], ...]:
    """Tell each reason once, with all the places that it holds for."""
    merged: dict[tuple[str, str], dict[str, Any]] = {}
    for each in found:
        reason = merged.setdefault(
            (each.text, each.place),
            {
                "text": each.text,
                "environments": {},
                "platforms": {},
                "place": each.place,
                "line": _line(each.place),
            },
        )
        reason["environments"][each.environment] = None
        if each.platform is not None:
            reason["platforms"][each.platform] = None
    return tuple(
        {
            **reason,
            "environments": list(reason["environments"]),
            "platforms": list(reason["platforms"]),
        }
        for reason in merged.values()
    )


def _line(place: str) -> int | None:
    _, _, line = place.rpartition(":")
    return int(line) if line.isdigit() else None


def _environment(
    workspace: Workspace, environment: Environment, state: LockState | None
) -> dict[str, Any]:
    from pixi_jupyter.kernelspecs import display_name, kernel_name

    found = _condition(workspace, environment, state)
    root, name = workspace.root, workspace.manifest.name
    return {
        "name": environment.name,
        "features": list(environment.features),
        "platforms": [platform.name for platform in environment.platforms],
        "solve_group": environment.solve_group,
        "prefix": str(workspace.prefix(environment.name)),
        "state": found.state,
        "reason": found.reason,
        "runs_here": found.runs_here,
        "packages": found.packages,
        "kernel": kernel_name(name, root, environment.name),
        "display_name": display_name(name, environment.name, root=root),
    }


def _condition(
    workspace: Workspace, environment: Environment, state: LockState | None
) -> Condition:
    platform = None
    if environment.platforms:
        platform = locked_platform(workspace, environment)
    return condition_of(workspace, environment, platform, state)
