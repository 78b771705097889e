"""What a Python project's own metadata adds to the features of its workspace.

Rules: pixi 0.77.0, pyproject.toml (read 2026-11).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pixi_jupyter.manifest.models import CondaSpec, Feature
from pixi_jupyter.manifest.pyproject import with_table
from pixi_jupyter.manifest.specs import SpecReader

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixi_jupyter.manifest.locate import Source
    from pixi_jupyter.manifest.pyproject import Project


def with_project(
    features: Mapping[str, Feature], project: Project, source: Source
) -> dict[str, Feature]:
    """Add Python, the requirements and the groups of a project.

    Parameters
    ----------
    features
        Of pixi's own tables; has ``default``.
    project
        The rest of the file.
    source
        Its text.

    Returns
    -------
    dict
        Python is in the default feature unless it was there; each optional
        dependency and each dependency group is a feature of its name.

    Raises
    ------
    ManifestParseError
    """
    found = dict(features)
    found["default"] = _extended(
        _with_python(features["default"], project, source), project.requirements
    )
    for name, requirements in project.groups.items():
        feature = found.get(name, Feature(name=name))
        found[name] = _extended(feature, requirements)
    return found


def _with_python(feature: Feature, project: Project, source: Source) -> Feature:
    if "python" in feature.default.dependencies:
        return feature
    spec = CondaSpec(version="*", keys=("project",))
    if project.python:
        reader = SpecReader(source.at_top(), {})
        keys = ("project", "requires-python")
        with source.keep:
            version = reader.version(project.python, keys)
            spec = CondaSpec(version=version, keys=keys)
    dependencies = {"python": spec, **feature.default.dependencies}
    return replace(feature, default=replace(feature.default, dependencies=dependencies))


def _extended(feature: Feature, requirements: Mapping[str, tuple[str, ...]]) -> Feature:
    if not requirements:
        return feature
    table = with_table(feature.default.pypi_dependencies, requirements)
    return replace(feature, default=replace(feature.default, pypi_dependencies=table))
