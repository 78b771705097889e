"""Remove packages from a workspace: edit, solve, lock, install."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import UsageError
from pixi_jupyter.manifest.document import ManifestDocument
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.change import (
    Changed,
    apply_change,
    changing,
    environments_with,
)
from pixi_jupyter.verbs.request import TableRequest
from pixi_jupyter.workspace.solution import provide_solution

if TYPE_CHECKING:
    from pixi_jupyter.events import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveRequest(TableRequest):
    """Which packages, and from which table."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveResult:
    """What `remove` did."""

    removed: tuple[str, ...]
    changed: Changed
    feature: str | None = None
    environment: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {"removed": list(self.removed), **self.changed.to_json()}


async def remove(request: RemoveRequest, operation: Operation) -> RemoveResult:
    """Remove packages from the manifest, and what only they needed.

    Raises
    ------
    DependencyNotFoundError, FeatureNotFoundError, EnvironmentNotFoundError
        Nothing was written.
    SolveError
        Nothing was written.
    InstallError
        Manifest and lock are written; the next install finishes.

    Notes
    -----
    Unlike pixi, the manifest is not written where what remains has no solution.
    """
    if not request.names:
        msg = "remove needs the name of a package"
        raise UsageError(msg)
    async with changing(request, operation) as workspace:
        started = time.monotonic()
        session = workspace.session()
        document = ManifestDocument(workspace.text, workspace.manifest.path)
        names = request.names
        if request.pypi:
            from pixi_jupyter.verbs.add_pypi import remove_pypi

            names = remove_pypi(document, request, names)
        for name in () if request.pypi else names:
            for platform in request.platforms or (None,):
                document.remove_dependency(
                    name,
                    feature=request.feature or "default",
                    environment=request.environment,
                    platform=platform,
                )
        edited = workspace.edited(document.text)
        solution = None
        if not request.leaves_lock:
            solution = await provide_solution(edited, operation, session=session)
        affected = environments_with(edited, request.feature, request.environment)
        changed = await apply_change(
            workspace,
            edited,
            solution,
            operation,
            session=session,
            install=() if request.no_install else affected,
            started=started,
            dry_run=request.dry_run,
        )
        return RemoveResult(
            removed=names,
            changed=changed,
            feature=request.feature,
            environment=request.environment,
        )
