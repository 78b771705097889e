"""The platforms of a workspace, a feature or an environment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import EntryNotFoundError, UsageError, nearest
from pixi_jupyter.manifest.locate import dotted
from pixi_jupyter.platforms import SUBDIRS
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.change import declare_implied
from pixi_jupyter.verbs.platform_entry import (
    PromiseRequest,
    detected_entry,
    edited_entry,
    entry_name,
    new_entry,
    promises,
)
from pixi_jupyter.verbs.workspace_edit import (
    Edit,
    EditRequest,
    EditResult,
    PlacedRequest,
    change_and_lock,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pixi_jupyter.events import Operation
    from pixi_jupyter.manifest.document import ManifestDocument
    from pixi_jupyter.verbs.workspace_edit import Action
    from pixi_jupyter.workspace.context import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspacePlatformAddRequest(PromiseRequest):
    """Which platforms, and what they promise."""

    names: tuple[str, ...] = ()
    """Subdirs, ``NAME=SUBDIR``, and virtual packages (``__NAME=VERSION=BUILD``)."""
    auto_detect: bool = False
    """This computer, as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspacePlatformEditRequest(PromiseRequest):
    """Which platform, and what is new about it."""

    name: str
    virtual_packages: tuple[str, ...] = ()
    """``__NAME=VERSION=BUILD``."""
    subdir: str | None = None
    removed: tuple[str, ...] = ()
    """Virtual packages that are not promised any more."""
    clear: bool = False
    """Nothing that was promised before stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspacePlatformMoveRequest(EditRequest):
    """Which platform, and where to: one of the four."""

    name: str
    before: str | None = None
    after: str | None = None
    to_top: bool = False
    to_bottom: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspacePlatformRemoveRequest(PlacedRequest):
    """Which platforms."""

    names: tuple[str, ...]


async def add(request: WorkspacePlatformAddRequest, operation: Operation) -> EditResult:
    """Add platforms, then lock and install the default environment.

    Raises
    ------
    UsageError
        If the words do not fit together.
    ManifestParseError, SolveError
        Nothing was written.
    """
    wanted = [name for name in request.names if not name.startswith("__")]
    raw = [name for name in request.names if name.startswith("__")]
    promised = promises(request, raw)
    _check_words(request, wanted, promised)

    def edit(workspace: Workspace, document: ManifestDocument) -> tuple[Edit, ...]:
        declare_implied(workspace, document, "platforms")
        keys = (*document.section, "platforms")
        there = list(document.get(*keys) or ())
        names = [platform.name for platform in workspace.manifest.platforms]
        if request.auto_detect:
            name = wanted[0] if wanted else None
            new = [detected_entry(workspace, name, promised)]
        else:
            new = [new_entry(text, promised) for text in wanted]
        edits = []
        for entry in new:
            name = entry_name(entry)
            is_new = name not in names
            if is_new:
                there.insert(0 if request.auto_detect else len(there), entry)
            is_here = _place(document, request, name)
            action: Action = "added" if is_new or is_here else "kept"
            edits.append(Edit(action=action, kind="platform", name=name))
        document.set_items(keys, there)
        return tuple(edits)

    return await change_and_lock(request, operation, edit, install=["default"])


def _check_words(
    request: WorkspacePlatformAddRequest,
    wanted: Sequence[str],
    promised: dict[str, object],
) -> None:
    if not wanted and not request.auto_detect:
        msg = "platform add needs a platform"
        raise UsageError(msg, hints=("linux-64, osx-arm64, win-64 …",))
    if request.auto_detect and (len(wanted) > 1 or any("=" in w for w in wanted)):
        msg = "--auto-detect takes one NAME at most"
        raise UsageError(msg)
    if promised and len(wanted) != 1 and not request.auto_detect:
        msg = "Virtual packages need exactly one platform"
        raise UsageError(msg)


def _place(
    document: ManifestDocument, request: WorkspacePlatformAddRequest, name: str
) -> bool:
    """Add a platform to a feature or environment; tell whether it was not there."""
    keys = _own_keys(document, request)
    if keys is None:
        return False
    there = list(document.get(*keys) or ())
    if name in there:
        return False
    document.set_items(keys, [*there, name])
    return True


def _own_keys(
    document: ManifestDocument, request: PlacedRequest
) -> tuple[str, ...] | None:
    if request.feature in (None, "default") and request.environment is None:
        return None
    above = document.above(feature=request.feature, environment=request.environment)
    return (*above, "platforms")


async def remove(
    request: WorkspacePlatformRemoveRequest, operation: Operation
) -> EditResult:
    """Remove platforms, then lock and install the default environment.

    Raises
    ------
    EntryNotFoundError, ManifestParseError, SolveError
        Nothing was written.
    """

    def edit(workspace: Workspace, document: ManifestDocument) -> tuple[Edit, ...]:
        document.check_is_there(request.feature, request.environment)
        declare_implied(workspace, document, "platforms")
        own = _own_keys(document, request)
        keys = own or (*document.section, "platforms")
        there = list(document.get(*keys) or ())
        names = list(there)
        if own is None:
            names = [each.name for each in workspace.manifest.platforms[: len(there)]]
        for name in request.names:
            index = _index(names, name, keys, document)
            del names[index], there[index]
        document.set_items(keys, there)
        return tuple(
            Edit(action="removed", kind="platform", name=name) for name in request.names
        )

    return await change_and_lock(request, operation, edit, install=["default"])


async def edit_platform(
    request: WorkspacePlatformEditRequest, operation: Operation
) -> EditResult:
    """Change what a platform promises, then lock and install.

    Raises
    ------
    EntryNotFoundError, UsageError, ManifestParseError, SolveError
        Nothing was written.
    """
    promised = promises(request, request.virtual_packages)
    if not (promised or request.subdir or request.removed or request.clear):
        msg = "platform edit needs something to change"
        raise UsageError(msg, hints=("--subdir, --cuda, --remove-virtual-package …",))
    if request.subdir and request.subdir not in SUBDIRS:
        close = nearest(request.subdir, SUBDIRS)
        msg = f"{request.subdir} is no platform"
        raise UsageError(msg, hints=(f"did you mean {close}?",) if close else ())

    def edit(workspace: Workspace, document: ManifestDocument) -> tuple[Edit, ...]:
        declare_implied(workspace, document, "platforms")
        keys = (*document.section, "platforms")
        there: list[Any] = list(document.get(*keys) or ())
        names = [each.name for each in workspace.manifest.platforms[: len(there)]]
        index = _index(names, request.name, keys, document)
        entry = edited_entry(
            there[index],
            name=request.name,
            subdir=request.subdir,
            promised=promised,
            removed=request.removed,
            clear=request.clear,
        )
        if entry == there[index]:
            return (Edit(action="kept", kind="platform", name=request.name),)
        document.set_item(keys, index, entry)
        return (Edit(action="updated", kind="platform", name=request.name),)

    return await change_and_lock(request, operation, edit, install=["default"])


async def move(
    request: WorkspacePlatformMoveRequest, operation: Operation
) -> EditResult:
    """Give a platform another place among those of the workspace.

    Raises
    ------
    EntryNotFoundError, UsageError
        Nothing was written.
    """
    ways = (request.before, request.after, request.to_top, request.to_bottom)
    if sum(map(bool, ways)) != 1:
        msg = "platform move needs one of --before, --after, --to-top, --to-bottom"
        raise UsageError(msg)

    def edit(workspace: Workspace, document: ManifestDocument) -> tuple[Edit, ...]:
        declare_implied(workspace, document, "platforms")
        keys = (*document.section, "platforms")
        there: list[Any] = list(document.get(*keys) or ())
        names = [each.name for each in workspace.manifest.platforms[: len(there)]]
        old = _index(names, request.name, keys, document)
        names.pop(old)
        to = 0 if request.to_top else len(names)
        if anchor := request.before or request.after:
            to = _index(names, anchor, keys, document) + bool(request.after)
        action: Action = "kept" if to == old else "moved"
        there.insert(to, there.pop(old))
        document.set_items(keys, there)
        return (Edit(action=action, kind="platform", name=request.name),)

    return await change_and_lock(request, operation, edit, install=["default"])


def _index(
    names: Sequence[str], name: str, keys: tuple[str, ...], document: ManifestDocument
) -> int:
    if name in names:
        return list(names).index(name)
    raise EntryNotFoundError(
        name,
        kind="platform",
        available=names,
        where=f"{dotted(keys)} of {document.path.name}",
    )
