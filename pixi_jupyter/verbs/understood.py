"""How a manifest was understood, in JSON: what `info --json` tells beyond pixi."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import FeatureConflictError
from pixi_jupyter.manifest.models import ProjectRequirements
from pixi_jupyter.redaction import redacted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pixi_jupyter.manifest.compose import Environment, Requirement
    from pixi_jupyter.manifest.models import (
        Feature,
        Manifest,
        PrioritizedChannel,
        Target,
    )
    from pixi_jupyter.platforms import Platform
    from pixi_jupyter.workspace.context import Workspace


def understood(workspace: Workspace) -> dict[str, Any]:
    """Tell what the manifest says, and what it means for each environment.

    Returns
    -------
    dict
        The workspace, its features as they are written, and for each environment
        what its features say together, by platform. Cutoffs are as written.
    """
    manifest = workspace.manifest
    return {
        "kind": manifest.kind,
        "channels": [_channel(each) for each in manifest.channels],
        "platforms": [_platform(each) for each in manifest.platforms],
        "channel_priority": manifest.channel_priority,
        "solve_strategy": manifest.solve_strategy,
        "requires_pixi": manifest.requires_pixi,
        "exclude_newer": {
            "default": manifest.exclude_newer,
            "packages": dict(manifest.package_cutoffs),
            "pypi": dict(manifest.pypi_cutoffs),
        },
        "features": _features(manifest),
        "environments": {
            name: _environment(environment)
            for name, environment in workspace.composition.environments.items()
        },
    }


def _channel(channel: PrioritizedChannel) -> dict[str, Any]:
    found: dict[str, Any] = {"name": redacted(channel.name)}
    if channel.priority:
        found["priority"] = channel.priority
    if channel.exclude_newer:
        found["exclude_newer"] = channel.exclude_newer
    return found


def _platform(platform: Platform) -> dict[str, Any]:
    return {
        "name": platform.name,
        "subdir": platform.subdir,
        "virtual_packages": [str(each) for each in platform.virtual_packages],
    }


def _features(manifest: Manifest) -> dict[str, Any]:
    inline = (each.inline for each in manifest.environments.values())
    features = [*manifest.features.values(), *filter(None, inline)]
    return {feature.name: _feature(feature) for feature in features}


def _feature(feature: Feature) -> dict[str, Any]:
    found: dict[str, Any] = {
        "channels": feature.channels and [_channel(each) for each in feature.channels],
        "platforms": feature.platforms and list(feature.platforms),
        "channel_priority": feature.channel_priority,
        "solve_strategy": feature.solve_strategy,
        "system_requirements": dict(feature.system_requirements),
        "pypi_options": dict(feature.pypi_options),
        **_target(feature.default),
        "targets": {text: _target(target) for text, target in feature.targets},
    }
    return {key: value for key, value in found.items() if value}


def _target(target: Target) -> dict[str, Any]:
    activation = target.activation
    found: dict[str, Any] = {
        "dependencies": _specs(target.dependencies),
        "constraints": _specs(target.constraints),
        "pypi_dependencies": {
            name: _written(value) for name, value in target.pypi_dependencies.items()
        },
        "dev": _specs(target.dev),
        "tasks": dict(target.tasks),
        "activation": {"scripts": list(activation.scripts), "env": dict(activation.env)}
        if activation.scripts or activation.env
        else {},
    }
    return {key: value for key, value in found.items() if value}


def _specs(specs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: spec.source or spec.match_spec(name) for name, spec in specs.items()}


def _written(value: object) -> object:
    if isinstance(value, ProjectRequirements):
        return {"project": list(value.texts), "table": value.table}
    return value


def _environment(environment: Environment) -> dict[str, Any]:
    try:
        priority: str | None = environment.channel_priority
        conflict = None
    except FeatureConflictError as error:
        priority, conflict = None, error.message
    return {
        "features": list(environment.features),
        "solve_group": environment.solve_group,
        "channels": [redacted(name) for name in environment.channels],
        "channel_priority": priority,
        "conflict": conflict,
        "solve_strategy": environment.solve_strategy,
        "platforms": {
            platform.name: _composed(environment, platform)
            for platform in environment.platforms
        },
    }


def _composed(environment: Environment, platform: Platform) -> dict[str, Any]:
    activation = environment.activation(platform)
    return {
        "subdir": platform.subdir,
        "virtual_packages": [str(each) for each in platform.virtual_packages],
        "dependencies": _asked(environment.requirements(platform)),
        "constraints": _asked(environment.constraints(platform)),
        "dev": _asked(environment.dev(platform)),
        "pypi_dependencies": {
            name: [_written(value) for value in values]
            for name, values in environment.pypi_requirements(platform).items()
        },
        "tasks": dict(environment.tasks(platform)),
        "activation": {
            "scripts": list(activation.scripts),
            "env": dict(activation.env),
        },
    }


def _asked(requirements: Iterable[Requirement]) -> list[dict[str, Any]]:
    return [
        {
            "name": each.name,
            "spec": each.spec.source or each.match_spec,
            "feature": each.feature,
            "table": each.table,
        }
        for each in requirements
    ]
