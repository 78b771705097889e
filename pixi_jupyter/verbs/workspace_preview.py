"""The preview features of pixi that a workspace turns on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pixi_jupyter.manifest.discovery import find_manifest
from pixi_jupyter.manifest.document import ManifestDocument
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.request import WorkspaceRequest
from pixi_jupyter.verbs.workspace_edit import (
    Edit,
    EditResult,
    Listing,
    Section,
    change_manifest,
)

if TYPE_CHECKING:
    from pixi_jupyter.events import Operation

PREVIEWS = ("pixi-build",)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspacePreviewListRequest(WorkspaceRequest):
    """All of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspacePreviewAddRequest(WorkspaceRequest):
    """Which flags."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspacePreviewRemoveRequest(WorkspaceRequest):
    """Which flags."""

    names: tuple[str, ...]
    force: bool = False
    """Also where the manifest cannot be read without them."""


async def list_previews(
    request: WorkspacePreviewListRequest, operation: Operation
) -> Listing:
    """List the preview flags that are on."""
    document = ManifestDocument.read(find_manifest(Path.cwd(), request.manifest))
    operation.finish("read")
    found = _previews(document)
    sections = tuple(Section(title=name) for name in found)
    return Listing(kind="preview", sections=sections, data=found)


async def add_previews(
    request: WorkspacePreviewAddRequest, operation: Operation
) -> EditResult:
    """Turn preview flags on, also in a manifest that cannot be read without them."""

    def edit(document: ManifestDocument) -> tuple[Edit, ...]:
        now = _previews(document)
        new = [name for name in dict.fromkeys(request.names) if name not in now]
        if new:
            document.set_items((*document.section, "preview"), [*now, *new])
        return tuple(
            Edit(
                action="added" if name in new else "kept",
                kind="preview flag",
                name=name,
            )
            for name in request.names
        )

    return await change_manifest(request, operation, edit, forgives=True)


async def remove_previews(
    request: WorkspacePreviewRemoveRequest, operation: Operation
) -> EditResult:
    """Turn preview flags off.

    Raises
    ------
    ManifestParseError
        If the manifest cannot be read without them, unless that is forced.
    """

    def edit(document: ManifestDocument) -> tuple[Edit, ...]:
        now = _previews(document)
        keys = (*document.section, "preview")
        kept = [name for name in now if name not in request.names]
        if kept != now:
            document.set_items(keys, kept)
        return tuple(
            Edit(
                action="removed" if name in now else "kept",
                kind="preview flag",
                name=name,
            )
            for name in request.names
        )

    return await change_manifest(request, operation, edit, forgives=request.force)


def _previews(document: ManifestDocument) -> list[str]:
    found = document.get(*document.section, "preview")
    if found is True:
        return list(PREVIEWS)
    return list(found) if isinstance(found, list) else []
