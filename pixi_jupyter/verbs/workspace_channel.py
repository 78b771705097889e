"""The channels of a workspace, a feature or an environment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import EntryNotFoundError
from pixi_jupyter.manifest.locate import dotted
from pixi_jupyter.redaction import redacted
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.change import declare_implied
from pixi_jupyter.verbs.request import WorkspaceRequest
from pixi_jupyter.verbs.workspace_edit import (
    Edit,
    EditResult,
    Listing,
    PlacedRequest,
    Section,
    change_and_lock,
)
from pixi_jupyter.workspace.context import open_workspace

if TYPE_CHECKING:
    from pixi_jupyter.events import Operation
    from pixi_jupyter.manifest.document import ManifestDocument
    from pixi_jupyter.verbs.workspace_edit import Action
    from pixi_jupyter.workspace.context import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceChannelAddRequest(PlacedRequest):
    """Which channels, and where among the others."""

    names: tuple[str, ...]
    """Names, URLs or paths."""
    priority: int | None = None
    """Higher comes first; None for the order of the list."""
    prepend: bool = False
    """Before all others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceChannelRemoveRequest(PlacedRequest):
    """Which channels."""

    names: tuple[str, ...]
    priority: int | None = None
    """Only where they have this priority."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceChannelListRequest(WorkspaceRequest):
    """How to name them."""

    urls: bool = False


async def add(request: WorkspaceChannelAddRequest, operation: Operation) -> EditResult:
    """Add channels, then lock and install the default environment.

    Raises
    ------
    SolveError, ChannelError
        Nothing was written.
    """

    def edit(workspace: Workspace, document: ManifestDocument) -> tuple[Edit, ...]:
        declare_implied(workspace, document, "channels")
        keys = _keys(document, request)
        there: list[Any] = list(document.get(*keys) or ())
        edits: list[Edit] = []
        new: list[Any] = []
        action: Action
        for name in request.names:
            entry = _entry(name, request.priority)
            index = _find(there, name)
            if index is None:
                new.append(entry)
                action = "added"
            elif request.priority not in (None, _priority(there[index])):
                document.set_item(keys, index, entry)
                there[index] = entry
                action = "updated"
            elif request.prepend and index:
                new.append(there.pop(index))
                action = "moved"
            else:
                action = "kept"
            edits.append(_edit(action, workspace, name, request.priority))
        document.set_items(keys, [*new, *there] if request.prepend else [*there, *new])
        return tuple(edits)

    return await change_and_lock(request, operation, edit, install=["default"])


async def remove(
    request: WorkspaceChannelRemoveRequest, operation: Operation
) -> EditResult:
    """Remove channels, then lock and install the default environment.

    Raises
    ------
    EntryNotFoundError, SolveError
        Nothing was written.
    """

    def edit(workspace: Workspace, document: ManifestDocument) -> tuple[Edit, ...]:
        document.check_is_there(request.feature, request.environment)
        declare_implied(workspace, document, "channels")
        keys = _keys(document, request)
        there: list[Any] = list(document.get(*keys) or ())
        edits = []
        for name in request.names:
            index = _find(there, name)
            wanted = request.priority
            if index is None or wanted not in (None, _priority(there[index])):
                raise EntryNotFoundError(
                    redacted(name),
                    kind="channel",
                    available=[redacted(_name(each)) for each in there],
                    where=f"{dotted(keys)} of {document.path.name}",
                )
            del there[index]
            edits.append(_edit("removed", workspace, name, wanted))
        document.set_items(keys, there)
        return tuple(edits)

    return await change_and_lock(request, operation, edit, install=["default"])


async def list_channels(
    request: WorkspaceChannelListRequest, operation: Operation
) -> Listing:
    """List the channels of each environment, in their order."""
    workspace = open_workspace(request.manifest, offline=request.offline)
    operation.finish("read")
    found = {
        name: [
            redacted(workspace.channel_url(channel) if request.urls else channel)
            for channel in environment.channels
        ]
        for name, environment in workspace.composition.environments.items()
    }
    return Listing(
        kind="channel",
        sections=tuple(
            Section(title=name, facts=(("channels", tuple(channels)),))
            for name, channels in found.items()
        ),
        data=found,
    )


def _keys(document: ManifestDocument, request: PlacedRequest) -> tuple[str, ...]:
    if request.feature in (None, "default") and request.environment is None:
        return (*document.section, "channels")
    above = document.above(feature=request.feature, environment=request.environment)
    return (*above, "channels")


def _entry(name: str, priority: int | None) -> object:
    return name if priority is None else {"channel": name, "priority": priority}


def _name(entry: object) -> str:
    return str(entry.get("channel", "")) if isinstance(entry, dict) else str(entry)


def _priority(entry: object) -> int:
    return int(entry.get("priority", 0)) if isinstance(entry, dict) else 0


def _find(entries: list[Any], name: str) -> int | None:
    for index, entry in enumerate(entries):
        if _name(entry).rstrip("/") == name.rstrip("/"):
            return index
    return None


def _edit(
    action: Action, workspace: Workspace, name: str, priority: int | None
) -> Edit:
    is_place = "://" in name or name.startswith((".", "/", "~"))
    value = "" if is_place else redacted(workspace.channel_url(name))
    if priority is not None:
        value += f"{' ' if value else ''}at priority {priority}"
    return Edit(action=action, kind="channel", name=redacted(name), value=value)
