"""Add conda packages to a workspace: edit, solve, lock, install."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import UsageError
from pixi_jupyter.manifest.document import ManifestDocument
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.add_source import check_options, git_source
from pixi_jupyter.verbs.change import (
    Changed,
    apply_change,
    changing,
    declare_platforms,
    environments_with,
)
from pixi_jupyter.verbs.init_script import begun
from pixi_jupyter.verbs.request import TableRequest
from pixi_jupyter.workspace.pinning import pin_solved
from pixi_jupyter.workspace.relaxed import platforms_with, relaxed_dependencies
from pixi_jupyter.workspace.solution import Solution, provide_solution

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pixi_jupyter.adapters.rattler import MatchSpec
    from pixi_jupyter.events import Operation
    from pixi_jupyter.workspace.context import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class AddRequest(TableRequest):
    """Which packages, and into which table."""

    specs: tuple[str, ...]
    """Match specs; of PyPI requirements (PEP 508)."""
    editable: bool = False
    """Install folders of sources by reference; PyPI only."""
    index: str | None = None
    """URL of the one index that has them; PyPI only."""
    git: str | None = None
    """URL of the repository that they are in."""
    branch: str | None = None
    tag: str | None = None
    rev: str | None = None
    subdirectory: str | None = None
    """Of the repository."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedDependency:
    """One dependency as it stands in the manifest now."""

    name: str
    typed: str
    """As it was asked for."""
    spec: str
    """As it was written."""
    was_there: bool = False
    """Whether the manifest already had it and was left alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddResult:
    """What `add` did."""

    added: tuple[AddedDependency, ...]
    changed: Changed
    feature: str | None = None
    environment: str | None = None
    platforms: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "added": [{"name": each.name, "spec": each.spec} for each in self.added],
            **self.changed.to_json(),
        }


async def add(request: AddRequest, operation: Operation) -> AddResult:
    """Add packages; pin those that were named without a version.

    Raises
    ------
    InvalidSpecError, PackageNotFoundError, UnsatisfiableError, ChannelError
        Nothing was written.
    InstallError
        Manifest and lock are written; the next install finishes.

    Notes
    -----
    Cancelled, it puts manifest, lock and prefix back as they were.
    """
    check_options(request)
    with begun(request):
        if request.pypi:
            from pixi_jupyter.verbs.add_pypi import add_pypi

            return await add_pypi(request, operation)
        return await _add(request, operation)


async def _add(request: AddRequest, operation: Operation) -> AddResult:
    async with changing(request, operation) as workspace:
        session = workspace.session()
        started = time.monotonic()
        document = ManifestDocument(workspace.text, workspace.manifest.path)
        wanted = [_asked(text, request) for text in request.specs]
        declare_platforms(workspace, document, request.platforms)
        present = _insert(document, request, wanted)
        edited = workspace.edited(document.text)
        if request.leaves_lock:
            changed = await apply_change(
                workspace, edited, None, operation, dry_run=request.dry_run
            )
            return _result(request, wanted, present, {}, changed)
        affected = environments_with(edited, request.feature, request.environment)
        added = [item for item in wanted if item.name not in present]
        relaxed = relaxed_dependencies(
            edited,
            [item.name for item in added],
            environments=affected,
            selectors=request.platforms,
        )
        solution = await provide_solution(
            edited, operation, session=session, relaxed=[relaxed]
        )
        pins = _pins(edited, solution, request, added)
        for name, version in pins.items():
            _write(document, request, name, version)
        pinned = edited.edited(document.text)
        changed = await apply_change(
            workspace,
            pinned,
            solution,
            operation,
            session=session,
            install=() if request.no_install else affected,
            started=started,
            dry_run=request.dry_run,
        )
        return _result(request, wanted, present, pins, changed)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One spec of the command line."""

    name: str
    typed: str
    value: str | Mapping[str, str]
    """As it goes into the manifest; ``*`` where it is to be pinned."""

    @property
    def is_bare(self) -> bool:
        """Whether only a name was typed."""
        return self.value == "*"


def _asked(text: str, request: AddRequest) -> _Wanted:
    if not request.git:
        return _parse(text)
    found = _parse(text)
    if not found.is_bare:
        msg = f"{text} asks for a version, and --git for what a repository holds"
        raise UsageError(msg, hints=(f"{{command}} add {found.name} --git …",))
    return _Wanted(found.name, text, git_source(request))


def _parse(text: str) -> _Wanted:
    from pixi_jupyter.adapters.rattler import match_spec

    spec = match_spec(text)
    package = spec.name.as_package_name()
    name = package.source if package else str(text)
    fields = {
        "version": str(spec.version) if spec.version is not None else None,
        "build": str(spec.build) if spec.build is not None else None,
        "build-number": spec.build_number,
        "channel": _channel(text, spec),
        "subdir": spec.subdir,
        "md5": spec.md5.hex() if spec.md5 else None,
        "sha256": spec.sha256.hex() if spec.sha256 else None,
    }
    given = {key: str(value) for key, value in fields.items() if value}
    if set(given) <= {"version"}:
        return _Wanted(name, text, given.get("version", "*"))
    given.setdefault("version", "*")
    return _Wanted(name, text, {"version": given.pop("version"), **given})


def _channel(text: str, spec: MatchSpec) -> str | None:
    """Give the channel as it was typed, which may be a URL."""
    if spec.channel is None:
        return None
    before, _, _ = text.rpartition("::")
    return before.strip() or spec.channel.name


def _insert(
    document: ManifestDocument, request: AddRequest, wanted: Iterable[_Wanted]
) -> set[str]:
    """Write the specs; give the names that were there and stay as they are."""
    present = set()
    for item in wanted:
        there = all(
            document.has_dependency(
                item.name,
                feature=request.feature or "default",
                environment=request.environment,
                platform=platform,
            )
            for platform in request.platforms or (None,)
        )
        if there and item.is_bare:
            present.add(item.name)
        else:
            _write(document, request, item.name, item.value)
    return present


def _write(
    document: ManifestDocument,
    request: AddRequest,
    name: str,
    value: str | Mapping[str, str],
) -> None:
    for platform in request.platforms or (None,):
        document.add_dependency(
            name,
            value,
            feature=request.feature or "default",
            environment=request.environment,
            platform=platform,
        )


def _pins(
    workspace: Workspace,
    solution: Solution,
    request: AddRequest,
    added: Iterable[_Wanted],
) -> dict[str, str | Mapping[str, str]]:
    """Give what is written for those that were asked for without a version."""
    affected = environments_with(workspace, request.feature, request.environment)
    platforms = platforms_with(workspace, request.platforms)
    found: dict[str, str | Mapping[str, str]] = {}
    for item in added:
        version = (
            item.value if isinstance(item.value, str) else item.value.get("version")
        )
        if version != "*":
            continue
        spec = pin_solved(
            workspace,
            solution,
            item.name,
            environments=affected,
            platforms=platforms,
        )
        if spec is not None:
            found[item.name] = (
                spec if isinstance(item.value, str) else {**item.value, "version": spec}
            )
    return found


def _result(
    request: AddRequest,
    wanted: Iterable[_Wanted],
    present: set[str],
    pins: Mapping[str, str | Mapping[str, str]],
    changed: Changed,
) -> AddResult:
    def written(item: _Wanted) -> str:
        value = pins.get(item.name, item.value)
        if isinstance(value, str):
            return value
        return value.get("version") or value["git"]

    return AddResult(
        added=tuple(
            AddedDependency(
                name=item.name,
                typed=item.typed,
                spec=written(item),
                was_there=item.name in present,
            )
            for item in wanted
        ),
        changed=changed,
        feature=request.feature,
        environment=request.environment,
        platforms=request.platforms,
    )
