"""The environments and features of a workspace.

As in pixi 0.77.0 (its workspace commands, read 2026-11) the manifest alone is
changed here: what is solved changes with the next command that needs the lock.
Channels and platforms are another matter, they are locked with their change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import (
    ConsentNeededError,
    EntryExistsError,
    EnvironmentNotFoundError,
    FeatureNotFoundError,
)
from pixi_jupyter.manifest.parse import parse_manifest
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.request import WorkspaceRequest
from pixi_jupyter.verbs.workspace_edit import (
    Edit,
    EditResult,
    Listing,
    Section,
    change_manifest,
    facts,
)
from pixi_jupyter.workspace.context import open_workspace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pixi_jupyter.events import Operation
    from pixi_jupyter.manifest.document import ManifestDocument
    from pixi_jupyter.manifest.models import Feature
    from pixi_jupyter.verbs.workspace_edit import Action


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceEnvironmentAddRequest(WorkspaceRequest):
    """Which environment, and what it is made of."""

    name: str
    features: tuple[str, ...] = ()
    solve_group: str | None = None
    no_default_feature: bool = False
    force: bool = False
    """Write an environment that is there anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceEnvironmentRemoveRequest(WorkspaceRequest):
    """Which environment."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceEnvironmentListRequest(WorkspaceRequest):
    """All of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceFeatureListRequest(WorkspaceRequest):
    """All of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceFeatureRemoveRequest(WorkspaceRequest):
    """Which feature."""

    name: str
    yes: bool = False
    """Also where environments have it."""


async def add(
    request: WorkspaceEnvironmentAddRequest, operation: Operation
) -> EditResult:
    """Add an environment to the manifest.

    Raises
    ------
    EntryExistsError, FeatureNotFoundError, ManifestError
        Nothing was written.
    """

    def edit(document: ManifestDocument) -> tuple[Edit, ...]:
        manifest = parse_manifest(document.text, document.path)
        keys = document.above(environment=request.name)
        is_there = document.get(*keys) is not None
        if is_there and not request.force:
            raise EntryExistsError(
                request.name,
                kind="environment",
                where=document.path.name,
                way=f"{{command}} workspace environment add {request.name} --force",
            )
        for name in request.features:
            if name not in manifest.features:
                raise FeatureNotFoundError(
                    name,
                    available=manifest.features,
                    manifest=document.path.name,
                )
        if is_there:
            document.unset(keys)
        document.set(keys, _definition(request))
        action: Action = "updated" if is_there else "added"
        return (Edit(action=action, kind="environment", name=request.name),)

    return await change_manifest(request, operation, edit)


def _definition(request: WorkspaceEnvironmentAddRequest) -> object:
    features = list(request.features)
    if not request.solve_group and not request.no_default_feature:
        return features
    table: dict[str, object] = {"features": features}
    if request.solve_group:
        table["solve-group"] = request.solve_group
    if request.no_default_feature:
        table["no-default-feature"] = True
    return table


async def remove(
    request: WorkspaceEnvironmentRemoveRequest, operation: Operation
) -> EditResult:
    """Remove an environment from the manifest; its prefix stays.

    Raises
    ------
    EnvironmentNotFoundError, ManifestError
        Nothing was written.
    """

    def edit(document: ManifestDocument) -> tuple[Edit, ...]:
        manifest = parse_manifest(document.text, document.path)
        keys = document.above(environment=request.name)
        if document.get(*keys) is None:
            raise EnvironmentNotFoundError(
                request.name,
                available=[n for n in manifest.environments if n != "default"],
                manifest=document.path.name,
            )
        document.unset(keys)
        return (Edit(action="removed", kind="environment", name=request.name),)

    return await change_manifest(request, operation, edit)


async def remove_feature(
    request: WorkspaceFeatureRemoveRequest, operation: Operation
) -> EditResult:
    """Remove a feature, also from the environments that have it.

    Raises
    ------
    FeatureNotFoundError
        If it is not there, or is `default`.
    ConsentNeededError
        If environments have it and the request does not agree to change them.
    ManifestError
        Nothing was written.
    """

    def edit(document: ManifestDocument) -> tuple[Edit, ...]:
        manifest = parse_manifest(document.text, document.path)
        keys = document.above(feature=request.name)
        if request.name == "default" or document.get(*keys) is None:
            raise FeatureNotFoundError(
                request.name,
                available=[n for n in manifest.features if n != "default"],
                manifest=document.path.name,
            )
        users = [
            name
            for name, each in manifest.environments.items()
            if request.name in each.features
        ]
        if users and not request.yes:
            what = f"Changing {', '.join(users)}, which {request.name} is a part of,"
            raise ConsentNeededError(
                what,
                agreed=f"{{command}} workspace feature remove {request.name} --yes",
            )
        edits = [_without(document, name, request.name) for name in users]
        document.unset(keys)
        return (Edit(action="removed", kind="feature", name=request.name), *edits)

    return await change_manifest(request, operation, edit)


def _without(document: ManifestDocument, environment: str, feature: str) -> Edit:
    keys = document.above(environment=environment)
    if not isinstance(document.get(*keys), list):
        keys = (*keys, "features")
    kept = [each for each in document.get(*keys) if each != feature]
    document.set_items(keys, kept)
    return Edit(action="updated", kind="environment", name=environment)


async def list_environments(
    request: WorkspaceEnvironmentListRequest, operation: Operation
) -> Listing:
    """List the environments with their features."""
    workspace = open_workspace(request.manifest, offline=request.offline)
    operation.finish("read")
    sections, data = [], []
    for name, each in workspace.composition.environments.items():
        inline = workspace.manifest.environments[name].inline
        parts = [part for part in each.features if not part.startswith("@")]
        group = [each.solve_group] if each.solve_group else []
        details = _details(inline) if inline else {}
        found = facts(features=parts, solve_group=group, **details)
        sections.append(Section(title=name, facts=found))
        data.append(
            {
                "name": name,
                "features": parts,
                "solve_group": each.solve_group,
                "platforms": [platform.name for platform in each.platforms],
                **details,
            }
        )
    return Listing(kind="environment", sections=tuple(sections), data=data)


async def list_features(
    request: WorkspaceFeatureListRequest, operation: Operation
) -> Listing:
    """List the features with what they ask for."""
    workspace = open_workspace(request.manifest, offline=request.offline)
    operation.finish("read")
    features = workspace.manifest.features
    details = {name: _details(feature) for name, feature in features.items()}
    return Listing(
        kind="feature",
        sections=tuple(
            Section(title=name, facts=facts(**each)) for name, each in details.items()
        ),
        data=[
            {"name": name, **{key: list(value) for key, value in each.items()}}
            for name, each in details.items()
        ],
    )


def _details(feature: Feature) -> dict[str, Any]:
    """Name what a feature has, on any platform."""
    targets = [feature.default, *(target for _, target in feature.targets)]

    def names(rows: Iterable[Iterable[str]]) -> list[str]:
        return list(dict.fromkeys(name for row in rows for name in row))

    found = {
        "dependencies": names(each.dependencies for each in targets),
        "pypi_dependencies": names(each.pypi_dependencies for each in targets),
        "tasks": names(each.tasks for each in targets),
    }
    return {key: value for key, value in found.items() if value}
