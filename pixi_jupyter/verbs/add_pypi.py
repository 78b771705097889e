"""Add, and remove, PyPI packages: edit, solve, lock, install."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from pixi_jupyter.manifest.document import ManifestDocument
from pixi_jupyter.manifest.pypi_edits import PypiEdits
from pixi_jupyter.names import normalised
from pixi_jupyter.verbs.add import AddedDependency, AddResult
from pixi_jupyter.verbs.change import (
    apply_change,
    changing,
    declare_platforms,
    environments_with,
)
from pixi_jupyter.verbs.pypi_spec import PypiSpec, names_of, read_spec
from pixi_jupyter.workspace.pinning import pin_solved_pypi
from pixi_jupyter.workspace.pypi_draft import settled
from pixi_jupyter.workspace.relaxed import platforms_with, relaxed_dependencies
from pixi_jupyter.workspace.solution import Solution, provide_solution

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pixi_jupyter.events import Operation
    from pixi_jupyter.verbs.add import AddRequest
    from pixi_jupyter.verbs.change import Changed
    from pixi_jupyter.verbs.request import TableRequest
    from pixi_jupyter.workspace.context import Workspace


async def add_pypi(request: AddRequest, operation: Operation) -> AddResult:
    """Add PyPI packages; pin those that were named without a version.

    Raises
    ------
    InvalidRequirementError, PypiResolutionError, DownloadError, OfflineError
        Nothing was written.
    InstallError
        Manifest and lock are written; the next install finishes.
    """
    async with changing(request, operation) as workspace:
        started, session = time.monotonic(), workspace.session()
        specs = [read_spec(text, request, workspace.root) for text in request.specs]
        document = ManifestDocument(workspace.text, workspace.manifest.path)
        declare_platforms(workspace, document, request.platforms)
        present = {each.name for each in specs if _is_there(document, request, each)}
        new = [each for each in specs if each.name not in present]
        _write(document, request, new)
        edited = workspace.edited(document.text)
        if request.leaves_lock:
            changed = await apply_change(
                workspace, edited, None, operation, dry_run=request.dry_run
            )
            return _result(request, specs, present, changed)
        affected = environments_with(edited, request.feature, request.environment)
        relaxed = relaxed_dependencies(
            edited,
            [normalised(each.name) for each in new],
            kind="pypi",
            environments=affected,
            selectors=request.platforms,
        )
        solution = await provide_solution(
            edited, operation, session=session, relaxed=[relaxed]
        )
        pinned = [_pinned(edited, solution, request, each) for each in new]
        _write(document, request, pinned)
        after = edited.edited(document.text)
        solution = await settled(
            after, solution, operation, session=session, relaxed=[relaxed]
        )
        changed = await apply_change(
            workspace,
            after,
            solution,
            operation,
            session=session,
            install=() if request.no_install else affected,
            started=started,
            dry_run=request.dry_run,
        )
        done = {each.name: each for each in pinned}
        shown = [done.get(each.name, each) for each in specs]
        return _result(request, shown, present, changed)


def remove_pypi(
    document: ManifestDocument, request: TableRequest, names: Sequence[str]
) -> tuple[str, ...]:
    """Take PyPI packages out of a manifest; give their names, normalised.

    Raises
    ------
    InvalidRequirementError, DependencyNotFoundError
    FeatureNotFoundError, EnvironmentNotFoundError
    """
    found = names_of(tuple(names))
    for name in found:
        for edits in _places(document, request):
            edits.remove(name)
    return found


def _places(document: ManifestDocument, request: TableRequest) -> Iterator[PypiEdits]:
    for platform in request.platforms or (None,):
        yield PypiEdits(
            document=document,
            feature=request.feature,
            environment=request.environment,
            platform=platform,
        )


def _is_there(document: ManifestDocument, request: AddRequest, spec: PypiSpec) -> bool:
    """Tell whether a bare name, with these extras, is asked for already."""
    if not spec.is_bare or spec.index:
        return False
    found = [each.written(spec.name) for each in _places(document, request)]
    return all(each is not None and _extras(each) == set(spec.extras) for each in found)


def _extras(written: object) -> set[str]:
    from packaging.requirements import InvalidRequirement, Requirement

    if isinstance(written, dict):
        return set(written.get("extras") or ())
    try:
        return set(Requirement(str(written)).extras)
    except InvalidRequirement:
        return set()  # a version of a table


def _write(
    document: ManifestDocument, request: AddRequest, specs: Iterable[PypiSpec]
) -> None:
    for spec in specs:
        for edits in _places(document, request):
            edits.add(spec.name, spec.value, spec.text)


def _pinned(
    workspace: Workspace, solution: Solution, request: AddRequest, spec: PypiSpec
) -> PypiSpec:
    """Write the version that was found where none was asked for."""
    if not spec.is_bare:
        return spec
    found = pin_solved_pypi(
        workspace,
        solution,
        spec.name,
        environments=environments_with(workspace, request.feature, request.environment),
        platforms=platforms_with(workspace, request.platforms),
    )
    return spec if found is None or found == "*" else spec.pinned(found)


def _result(
    request: AddRequest, specs: Iterable[PypiSpec], present: set[str], changed: Changed
) -> AddResult:
    return AddResult(
        added=tuple(
            AddedDependency(
                name=spec.name,
                typed=spec.typed,
                spec=_shown(spec),
                was_there=spec.name in present,
            )
            for spec in specs
        ),
        changed=changed,
        feature=request.feature,
        environment=request.environment,
        platforms=request.platforms,
    )


def _shown(spec: PypiSpec) -> str:
    source = spec.source or {}
    place = next(
        (str(source[key]) for key in ("git", "path", "url") if key in source), ""
    )
    return place or spec.version
