"""Make the environment of a notebook one's own, so that it can be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.notebook.copies import is_copy_newer, write_copy
from pixi_jupyter.notebook.files import read_notebook
from pixi_jupyter.notebook.metadata import read_environment
from pixi_jupyter.notebook.places import MANIFEST, working_copy
from pixi_jupyter.trust.consent import require_trust
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.request import Request

if TYPE_CHECKING:
    from pathlib import Path

    from pixi_jupyter.events import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookOwnRequest(Request):
    """Which notebook."""

    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookOwnResult:
    """The manifest that may be changed."""

    manifest: Path
    made: bool
    """Whether it was not there before."""

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {"manifest": str(self.manifest), "made": self.made}


async def notebook_own(
    request: NotebookOwnRequest, operation: Operation
) -> NotebookOwnResult:
    """Give the working copy of a notebook; make it where there is none.

    Raises
    ------
    NotebookReadError, NotebookMetadataError
    ConsentNeededForNotebookError
        If the notebook carries what was not agreed to.
    """
    del operation
    path = request.path.absolute()
    manifest = working_copy(path) / MANIFEST
    carried = read_environment(read_notebook(path), path=path)
    if carried is None or is_copy_newer(path, carried):
        return NotebookOwnResult(manifest=manifest, made=False)
    require_trust(carried, trust=False, name=path.name)
    return NotebookOwnResult(manifest=write_copy(path, carried), made=True)
