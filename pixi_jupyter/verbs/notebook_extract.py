"""Write what a notebook carries as a workspace of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import ManifestExistsError, NotebookEnvironmentNotFoundError
from pixi_jupyter.manifest.parse import parse_manifest
from pixi_jupyter.notebook.blocks import environment_of_block
from pixi_jupyter.notebook.copies import OVERLAYS
from pixi_jupyter.notebook.files import read_notebook
from pixi_jupyter.notebook.metadata import read_environment
from pixi_jupyter.notebook.places import LOCK, MANIFEST
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.request import Request
from pixi_jupyter.workspace.transaction import Transaction

if TYPE_CHECKING:
    from pixi_jupyter.events import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookExtractRequest(Request):
    """Which notebook, and where to."""

    file: Path
    folder: Path | None = None
    """None for the current folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookExtractResult:
    """What was written."""

    path: Path
    files: tuple[Path, ...]

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {"notebook": str(self.path), "files": [str(x) for x in self.files]}


async def notebook_extract(
    request: NotebookExtractRequest, operation: Operation
) -> NotebookExtractResult:
    """Write manifest and lock of a notebook into a folder; nothing is fetched or run.

    Raises
    ------
    NotebookReadError, NotebookMetadataError, NotebookEnvironmentNotFoundError
    ManifestParseError
        If what the notebook carries is no manifest; nothing was written.
    ManifestExistsError
        If the folder has a workspace.
    WriteError
    """
    path = request.file.absolute()
    notebook = read_notebook(path)
    carried = read_environment(notebook, path=path) or environment_of_block(
        notebook, path
    )
    if carried is None:
        raise NotebookEnvironmentNotFoundError(path)
    folder = (request.folder or Path.cwd()).absolute()
    texts = {
        folder / MANIFEST: carried.manifest,
        folder / LOCK: carried.lock,
        folder / ".pixi" / OVERLAYS: carried.overlay,
    }
    if there := next((x for x, text in texts.items() if text and x.exists()), None):
        raise ManifestExistsError(there)
    parse_manifest(carried.manifest, folder / MANIFEST)
    transaction = Transaction()
    for file, text in texts.items():
        if text is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            transaction.write(file, text)
    transaction.commit()
    operation.finish("extract")
    return NotebookExtractResult(path=path, files=tuple(transaction.contents))
