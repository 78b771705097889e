"""List what is done when an environment is activated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pixi_jupyter.errors import FeatureNotFoundError
from pixi_jupyter.redaction import redacted
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.workspace_activation import ActivationRequest
from pixi_jupyter.verbs.workspace_edit import Listing, Section
from pixi_jupyter.workspace.context import open_workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pixi_jupyter.events import Operation
    from pixi_jupyter.manifest.models import Activation, Feature
    from pixi_jupyter.workspace.context import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceActivationListRequest(ActivationRequest):
    """Whose activation; all where nothing is said."""

    shows: Literal["all", "scripts", "env"] = "all"


async def list_activation(
    request: WorkspaceActivationListRequest, operation: Operation
) -> Listing:
    """List scripts and variables, for each table that has some.

    Raises
    ------
    FeatureNotFoundError, EnvironmentNotFoundError
    """
    workspace = open_workspace(request.manifest, offline=request.offline)
    operation.finish("read")
    sections, data = [], []
    for feature in _features(workspace, request):
        for target, each in _tables(feature):
            scripts = each.scripts if request.shows != "env" else ()
            env = each.env if request.shows != "scripts" else {}
            if not (scripts or env) or request.target not in (None, target):
                continue
            sections.append(_section(feature.name, target, scripts, env))
            is_inline = feature.name.startswith("@")
            data.append(
                {
                    "feature": None if is_inline else feature.name,
                    "environment": feature.name[1:] if is_inline else None,
                    "target": target,
                    "scripts": list(scripts),
                    "env": dict(env),
                }
            )
    return Listing(kind="activation", sections=tuple(sections), data=data)


def _section(
    name: str, target: str | None, scripts: tuple[str, ...], env: object
) -> Section:
    kind, name = ("Environment", name[1:]) if name[0] == "@" else ("Feature", name)
    title = f"{kind}: {name}" + (f" Target: {target}" if target else "")
    variables = dict(env) if isinstance(env, dict) else {}
    pairs = tuple(f'{key} = "{redacted(value)}"' for key, value in variables.items())
    found = (("scripts", scripts), ("env", pairs))
    return Section(title=title, facts=tuple(each for each in found if each[1]))


def _features(
    workspace: Workspace, request: WorkspaceActivationListRequest
) -> Iterator[Feature]:
    manifest = workspace.manifest
    if request.feature is not None:
        if request.feature not in manifest.features:
            raise FeatureNotFoundError(
                request.feature,
                available=manifest.features,
                manifest=manifest.path.name,
            )
        yield manifest.features[request.feature]
        return
    if request.environment is not None:
        yield from workspace.composition.environment(request.environment).parts
        return
    yield from manifest.features.values()
    for each in manifest.environments.values():
        if each.inline is not None:
            yield each.inline


def _tables(feature: Feature) -> Iterator[tuple[str | None, Activation]]:
    yield None, feature.default.activation
    for selector, target in feature.targets:
        yield selector, target.activation
