"""The manifest that `scan` proposes: a new one, or the one that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.manifest.document import ManifestDocument
from pixi_jupyter.manifest.edits import set_value
from pixi_jupyter.manifest.parse import parse_manifest
from pixi_jupyter.manifest.pypi_edits import PypiEdits
from pixi_jupyter.manifest.template import new_manifest
from pixi_jupyter.platforms import host_subdir
from pixi_jupyter.verbs.change import apply_change, changing
from pixi_jupyter.verbs.init import InitRequest, init

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from pixi_jupyter.events import Operation
    from pixi_jupyter.notebook.scan_rows import Proposed
    from pixi_jupyter.verbs.request import WorkspaceRequest

_TABLES = {"conda": "dependencies", "pypi": "pypi-dependencies"}


def proposed_text(path: Path, channels: Sequence[str], rows: Iterable[Proposed]) -> str:
    """Give the text of a new manifest.

    Raises
    ------
    ManifestParseError
        If a manifest cannot say it.
    """
    text = new_manifest(path.parent.name, channels, (host_subdir(),))
    for row in rows:
        if row.is_taken:
            text = set_value(text, (_TABLES[row.kind], row.name), row.value)
    parse_manifest(text, path)
    return text


def missing_from(
    document: ManifestDocument, rows: Iterable[Proposed]
) -> list[Proposed]:
    """List what is proposed and is not in a manifest yet."""
    edits = PypiEdits(document=document)
    return [
        row
        for row in rows
        if row.is_taken
        and not document.has_dependency(row.name)
        and edits.written(row.name) is None
    ]


def asked_otherwise(
    document: ManifestDocument, rows: Iterable[Proposed]
) -> Iterator[tuple[str, str]]:
    """Tell which packages a manifest asks for in another version, and in which."""
    there = {**document.dependencies()}
    for row in rows:
        asked = there.get(row.name)
        if row.is_taken and isinstance(asked, str) and row.value not in ("*", asked):
            yield row.name, asked


def edited_text(document: ManifestDocument, rows: Iterable[Proposed]) -> str:
    """Put packages into a manifest; what is there stays as it is.

    Raises
    ------
    ManifestEditError
    """
    edits = PypiEdits(document=document)
    for row in rows:
        value: Any = row.value
        if row.kind == "conda":
            document.add_dependency(row.name, value)
        else:
            edits.add(row.name, value, None)
    return document.text


async def write_new(
    folder: Path,
    channels: Sequence[str],
    rows: Sequence[Proposed],
    operation: Operation,
) -> Path:
    """Make a workspace with these packages.

    Raises
    ------
    ManifestExistsError, WriteError, ManifestParseError
    """
    proposed_text(folder / "pixi.toml", channels, rows)  # refused before it is begun
    made = await init(
        InitRequest(path=folder, channels=tuple(channels), format="pixi"), operation
    )
    request = _request(made.path)
    await write_into(request, rows, operation)
    return made.path


def _request(path: Path) -> WorkspaceRequest:
    from pixi_jupyter.verbs.request import WorkspaceRequest

    return WorkspaceRequest(manifest=path)


async def write_into(
    request: WorkspaceRequest, rows: Sequence[Proposed], operation: Operation
) -> Path:
    """Put packages into the manifest of a workspace; nothing is solved yet.

    Raises
    ------
    ManifestEditError, ManifestParseError, ChangedMeanwhileError, WriteError
    """
    async with changing(request, operation) as workspace:
        path = workspace.manifest.path
        document = ManifestDocument(workspace.text, path)
        text = edited_text(document, missing_from(document, rows))
        await apply_change(workspace, workspace.edited(text), None, operation)
        return path
