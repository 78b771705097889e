"""Names for workspaces, known to all of this computer's folders."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pixi_jupyter.errors import EntryExistsError, EntryNotFoundError
from pixi_jupyter.manifest.discovery import find_manifest
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.request import Request, WorkspaceRequest
from pixi_jupyter.verbs.workspace_edit import Edit, EditResult, Listing, Section
from pixi_jupyter.workspace.context import open_workspace
from pixi_jupyter.workspace.registry import (
    change_registry,
    gone_workspaces,
    read_registry,
    registry_path,
)

if TYPE_CHECKING:
    from pixi_jupyter.events import Operation
    from pixi_jupyter.verbs.workspace_edit import Action


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceRegisterRequest(WorkspaceRequest):
    """Which workspace, and its name."""

    name: str | None = None
    """None for the name in its manifest."""
    path: Path | None = None
    """Its folder; None for that of the manifest."""
    force: bool = False
    """Take the name away from another workspace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceRegisterListRequest(Request):
    """All of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceRegisterPruneRequest(Request):
    """Those whose folder is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceRegisterRemoveRequest(Request):
    """Which name."""

    name: str


async def register(
    request: WorkspaceRegisterRequest, operation: Operation
) -> EditResult:
    """Give a workspace a name on this computer.

    Raises
    ------
    EntryExistsError
        If another workspace has it.
    """
    where = request.path or request.manifest
    root = find_manifest(Path.cwd(), where).parent
    name = request.name or open_workspace(where, offline=True).manifest.name
    operation.finish("read")
    known = read_registry()
    if known.get(name, root) != root and not request.force:
        raise EntryExistsError(
            name,
            kind="workspace",
            where=str(registry_path()),
            way=f"{{command}} workspace register --name {name} --force",
        )
    change_registry(add={name: root})
    action: Action = "updated" if name in known else "added"
    return _result(Edit(action=action, kind="workspace", name=name, value=str(root)))


async def list_registered(
    request: WorkspaceRegisterListRequest, operation: Operation
) -> Listing:
    """List the names, with the folder of each."""
    del request
    operation.finish("read")
    known = {name: str(place) for name, place in read_registry().items()}
    return Listing(
        kind="registered",
        sections=tuple(
            Section(title=name, facts=(("path", (place,)),))
            for name, place in known.items()
        ),
        data=known,
    )


async def prune(
    request: WorkspaceRegisterPruneRequest, operation: Operation
) -> EditResult:
    """Take away the names of workspaces that are gone."""
    del request
    operation.finish("read")
    gone = gone_workspaces()
    if gone:
        change_registry(remove=gone)
    return _result(
        *(
            Edit(action="removed", kind="workspace", name=name, value=str(place))
            for name, place in gone.items()
        )
    )


async def unregister(
    request: WorkspaceRegisterRemoveRequest, operation: Operation
) -> EditResult:
    """Take a name away; the workspace stays.

    Raises
    ------
    EntryNotFoundError
    """
    operation.finish("read")
    known = read_registry()
    if request.name not in known:
        raise EntryNotFoundError(
            request.name,
            kind="workspace",
            available=known,
            where=str(registry_path()),
        )
    change_registry(remove=[request.name])
    return _result(Edit(action="removed", kind="workspace", name=request.name))


def _result(*edits: Edit) -> EditResult:
    return EditResult(edits=edits, manifest=str(registry_path()))
