"""List what is going on in a workspace, in whichever process, and what went on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixi_jupyter.manifest.discovery import find_manifest
from pixi_jupyter.manifest.script_place import home_of
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.request import Request
from pixi_jupyter.workspace.operations import OperationRecord, read_operations

if TYPE_CHECKING:
    from pixi_jupyter.events import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationsRequest(Request):
    """Which workspace, and which of its operations."""

    manifest: Path | None = None
    """Manifest or folder; None for the current folder and those above."""
    running: bool = False
    """Only those that have not ended."""
    limit: int | None = None
    """At most so many, the newest first; None for all that are remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationsResult:
    """Operations of one workspace, the newest first."""

    root: Path
    operations: tuple[OperationRecord, ...]

    def to_json(self) -> list[dict[str, Any]]:
        """Give the JSON form."""
        return [
            {**each.to_json(), "age_seconds": each.age_seconds}
            for each in self.operations
        ]


async def operations(
    request: OperationsRequest, operation: Operation
) -> OperationsResult:
    """Read the files of the operations; changes nothing and waits for nobody.

    Raises
    ------
    ManifestNotFoundError
    """
    del operation
    root = home_of(find_manifest(Path.cwd(), request.manifest))
    found = read_operations(root)
    if request.running:
        found = tuple(each for each in found if not each.is_over)
    return OperationsResult(root=root, operations=found[: request.limit])
