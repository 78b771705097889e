"""What is asked of PyPI for one environment, and how uv is asked it.

What conda brings is fixed: it is neither replaced nor looked at again. Rules: pixi
0.77.0, PyPI solves and minimal change (read 2026-11).
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pixi_jupyter.adapters.uv import Resolve
from pixi_jupyter.errors import NotSupportedYetError, PypiResolutionError
from pixi_jupyter.solve.pypi_options import PypiOptions
from pixi_jupyter.solve.pypi_requirements import parse_requirement, uv_source
from pixi_jupyter.solve.stubs import write_stubs
from pixi_jupyter.solve.wheels import (
    marker_environment,
    uv_platform,
    uv_variables,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from pixi_jupyter.adapters.rattler import RepoDataRecord
    from pixi_jupyter.adapters.uv import Package
    from pixi_jupyter.manifest.models import SolveStrategy
    from pixi_jupyter.names import ChannelNames, Project
    from pixi_jupyter.platforms import Platform
    from pixi_jupyter.solve.pypi_record import PypiRecord
    from pixi_jupyter.solve.pypi_requirements import PypiRequirement


@dataclass(frozen=True, slots=True, kw_only=True)
class PypiRequest:
    """What is asked of PyPI for one environment, or group, on one platform."""

    environment: str
    """For people; of a solve group all its environments."""
    platform: Platform
    records: tuple[RepoDataRecord, ...]
    """The conda part of the solution."""
    requirements: tuple[PypiRequirement, ...]
    root: Path
    """The workspace's folder."""
    draft: Path | None = None
    """A folder with the manifest as it is going to be, which uv reads in its place."""
    options: PypiOptions = field(default_factory=PypiOptions)
    strategy: SolveStrategy = "highest"
    exclude_newer: datetime | None = None
    """Aware."""
    exclude_newer_packages: Mapping[str, datetime] = field(default_factory=dict)
    locked: tuple[PypiRecord, ...] = ()
    """Versions that are preferred over newer ones."""
    names: Mapping[str, ChannelNames] = field(default_factory=dict)
    """The workspace's `conda-pypi-map`."""
    python: Path | None = None
    """The interpreter that builds sources: that of the installed prefix, else ours."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """Of the activated prefix, for builds."""


def meant_for_pypi(
    request: PypiRequest, provided: Mapping[str, Project]
) -> list[PypiRequirement]:
    """List the requirements that uv is asked; none where conda meets them all.

    Raises
    ------
    PypiResolutionError
        If conda brings another version, or a package that is asked for by place.
    """
    if not request.requirements:
        return []
    markers = marker_environment(request.platform, python_version(request))
    meant = [each for each in request.requirements if each.holds(markers)]
    overridden = set(request.options.overrides)
    for each in meant:
        project = provided.get(each.name)
        if project is None or each.name in overridden:
            continue
        if each.is_direct or not each.accepts(project.version):
            raise _clash(request, each, project)
    rest = [each for each in meant if each.name not in provided]
    # with nothing of its own to find, uv would only repeat what conda brings
    return meant if rest or overridden else []


def _clash(
    request: PypiRequest, requirement: PypiRequirement, project: Project
) -> PypiResolutionError:
    have = f"{project.conda_name} {project.version}"
    return PypiResolutionError(
        request.environment,
        platform=request.platform.name,
        report=f"{requirement.shown} is asked for, and conda brings {have}",
        pinned=(requirement.name,),
    )


def python_version(request: PypiRequest) -> str:
    """Give all three numbers of the Python of a row.

    Raises
    ------
    PypiResolutionError
        If there is none.
    NotSupportedYetError
        If it has no lock around its threads: uv would need to run it.
    """
    by_name = {record.name.normalized: record for record in request.records}
    python = by_name.get("python")
    if python is None:
        raise PypiResolutionError(
            request.environment,
            platform=request.platform.name,
            report="no python is among its conda packages",
            hints=("{command} add python",),
        )
    builds = [str(by_name[x].build) for x in ("python_abi", "python") if x in by_name]
    if any(re.search(r"cp\d+t\b|_cp\d+t|freethreading", build) for build in builds):
        what = f"PyPI packages for a free-threaded Python ({python.version})"
        raise NotSupportedYetError(what, where=f"environment {request.environment}")
    return str(python.version)


def question_of(
    request: PypiRequest,
    asked: Sequence[PypiRequirement],
    provided: Mapping[str, Project],
    cache_dir: Path,
) -> Resolve:
    """Put a request into uv's words.

    Parameters
    ----------
    asked
        The requirements that hold.
    provided
        What conda brings.
    cache_dir
        Where stub wheels are kept.

    Raises
    ------
    PypiResolutionError, NotSupportedYetError, InvalidRequirementError
    """
    stubs = write_stubs(cache_dir / "pypi-stubs-v1", provided.values())
    pinned = _pinned_commits(request, asked)
    own = {
        each.index: f"own-{number}" for number, each in enumerate(asked) if each.index
    }
    sources: dict[str, dict[str, object]] = {
        each.name: {"index": own[each.index]} for each in asked if each.index in own
    }
    for each in asked:
        if source := _drafted(uv_source(each, request.root), request):
            known = sources.setdefault(each.name, source)
            if known != source:
                raise _two_places(request, each)
    overrides = [
        each
        for name, value in request.options.overrides.items()
        for each in parse_requirement(name, value, keys=("pypi-options",))
    ]
    newer = request.exclude_newer
    return Resolve(
        requirements=tuple(dict.fromkeys(each.text for each in asked)),
        sources={**sources, **pinned},
        named_indexes={name: url for url, name in own.items() if url},
        fixed={name: (each.version, stubs[name]) for name, each in provided.items()},
        preferences={
            each.name: each.version
            for each in request.locked
            if each.version and each.from_index and each.name not in provided
        },
        overrides=tuple(each.text for each in overrides),
        options=request.options.uv,
        resolution=request.strategy,
        exclude_newer=newer.isoformat() if newer else None,
        exclude_newer_packages={
            name: moment.isoformat()
            for name, moment in request.exclude_newer_packages.items()
        },
        python_version=python_version(request),
        python_platform=uv_platform(request.platform),
        python=request.python or Path(sys.executable),
        variables={**request.variables, **uv_variables(request.platform)},
        environment=request.environment,
        platform=request.platform.name,
    )


def _drafted(
    source: dict[str, object] | None, request: PypiRequest
) -> dict[str, object] | None:
    """Point at the manifest that is going to be, where the workspace is a project."""
    if source is None or request.draft is None:
        return source
    is_own = source.get("path") == str(request.root.resolve())
    return {**source, "path": str(request.draft)} if is_own else source


def undrafted(package: Package, request: PypiRequest) -> Package:
    """Give a package of an answer with the place where it really is."""
    folder, draft = package.directory, request.draft
    if folder is None or draft is None or Path(folder.path).name != draft.name:
        return package
    there = replace(folder, path=str(request.root.resolve()))
    return replace(package, directory=there)


def _two_places(request: PypiRequest, each: PypiRequirement) -> PypiResolutionError:
    return PypiResolutionError(
        request.environment,
        platform=request.platform.name,
        report=f"{each.name} is asked for from two places, one of them {each.shown}",
    )


def _pinned_commits(
    request: PypiRequest, asked: Sequence[PypiRequirement]
) -> dict[str, dict[str, object]]:
    """Keep the commits of branches that are locked, so that they do not move."""
    locked = {each.name: each.git for each in request.locked if each.is_git}
    found: dict[str, dict[str, object]] = {}
    for each in asked:
        source, known = uv_source(each, request.root), locked.get(each.name)
        if known is None or source is None or "git" not in source:
            continue
        wanted = next((source[k] for k in ("rev", "tag", "branch") if k in source), "")
        if known.url == str(source["git"]) and known.requested == wanted:
            kept = {
                k: x for k, x in source.items() if k not in ("rev", "tag", "branch")
            }
            found[each.name] = {**kept, "rev": known.commit}
    return found
