"""Tell which outputs of a notebook came from another environment than it has now."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import (
    LockNotFoundError,
    NotebookMetadataError,
    NotebookReadError,
)
from pixi_jupyter.lock.file import parse_lock, read_lock
from pixi_jupyter.manifest.script_place import home_of, lock_of
from pixi_jupyter.notebook.places import ENVIRONMENT, LOCK
from pixi_jupyter.notebook.provenance import differences
from pixi_jupyter.notebook.stamps import Stamp, stamp_of_lock
from pixi_jupyter.platforms import emulated, host_subdir
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.notebook_verify_source import source_of
from pixi_jupyter.verbs.request import Request

if TYPE_CHECKING:
    from pixi_jupyter.events import Operation
    from pixi_jupyter.lock.models import Lock
    from pixi_jupyter.notebook.provenance import Provenance
    from pixi_jupyter.verbs.notebook_verify_source import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookProvenanceRequest(Request):
    """Which notebook."""

    file: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookProvenanceResult:
    """Where its outputs came from; None where it has no locked environment."""

    notebook: Path
    provenance: Provenance | None

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        found = self.provenance
        return {
            "notebook": str(self.notebook),
            "provenance": None if found is None else found.to_json(),
        }


async def notebook_provenance(
    request: NotebookProvenanceRequest, operation: Operation
) -> NotebookProvenanceResult:
    """Compare the marks of a notebook's cells with the lock that it has now.

    Raises
    ------
    NotebookReadError, NotebookMetadataError, LockParseError

    Notes
    -----
    Reads the notebook and a lock; nothing has to be installed.
    """
    del operation
    return await asyncio.to_thread(_look, request.file)


def _look(file: Path) -> NotebookProvenanceResult:
    source = source_of(file, Path.cwd())
    error = source.error
    if isinstance(error, (NotebookReadError, NotebookMetadataError)):
        raise error
    current = _current(source)
    found = None if current is None else differences(source.content, current)
    return NotebookProvenanceResult(notebook=file, provenance=found)


def _current(source: Source) -> Stamp | None:
    """Give the stamp of what is locked for a notebook, on this computer."""
    if source.error is not None:
        return None
    if source.carried is not None:
        text = source.carried.lock or ""
        return _stamp(parse_lock(text, source.path.with_name(LOCK)), ENVIRONMENT)
    manifest = source.manifest
    if manifest is None:
        return None
    try:
        lock = read_lock(lock_of(manifest, home_of(manifest)))
    except LockNotFoundError:
        return None
    return _stamp(lock, source.name)


def _stamp(lock: Lock, environment: str) -> Stamp | None:
    locked = lock.environments.get(environment)
    if locked is None:
        return None
    subdirs = {each.name: each.subdir for each in lock.platforms}
    for subdir in emulated(host_subdir()):
        for name, packages in locked.packages.items():
            if subdirs.get(name, name) == subdir:
                return stamp_of_lock(packages, name=environment, platform=subdir)
    return None
