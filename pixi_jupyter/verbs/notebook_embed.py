"""Write the environment that a notebook uses into the notebook."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import EnvironmentNotFoundError, UsageError
from pixi_jupyter.kernelspecs import kernels_of
from pixi_jupyter.lock.file import format_lock, parse_lock
from pixi_jupyter.manifest.discovery import find_manifest
from pixi_jupyter.notebook.blocks import write_block
from pixi_jupyter.notebook.copies import OVERLAYS, note_same, read_copy
from pixi_jupyter.notebook.files import (
    parse_notebook,
    read_notebook_bytes,
    write_notebook,
)
from pixi_jupyter.notebook.metadata import (
    KEY,
    NotebookEnvironment,
    Reference,
    read_reference,
    write_environment,
    write_reference,
)
from pixi_jupyter.notebook.places import ENVIRONMENT, working_copy
from pixi_jupyter.notebook.portable import portable_lock, portable_manifest
from pixi_jupyter.notebook.specs import KERNEL_NAME, kernelspec
from pixi_jupyter.trust.consent import trust_own
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.install import current_solution
from pixi_jupyter.verbs.request import LockingRequest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pixi_jupyter.events import Operation
    from pixi_jupyter.verbs.install import Current


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookEmbedRequest(LockingRequest):
    """Which notebooks, and which environment."""

    files: tuple[Path, ...]
    environment: str | None = None
    """None: the one that each notebook names, or that its kernel is of."""
    block: bool = False
    """Also as a comment in the first code cell, as PEP 723 has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """One notebook that carries its environment now."""

    path: Path
    environment: str
    workspace: str
    why: str
    """How the environment was found."""
    packages: int
    """In all rows of the lock together, each once."""
    platforms: tuple[str, ...]
    bytes: int
    """Of the metadata."""
    digest: str
    changed: bool
    notes: tuple[str, ...] = ()
    """What was left out."""

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "notebook": str(self.path),
            "environment": self.environment,
            "workspace": self.workspace,
            "packages": self.packages,
            "platforms": list(self.platforms),
            "bytes": self.bytes,
            "digest": self.digest,
            "changed": self.changed,
            "notes": list(self.notes),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookEmbedResult:
    """What was written."""

    notebooks: tuple[Embedded, ...]

    def to_json(self) -> list[dict[str, Any]]:
        """Give the JSON form."""
        return [each.to_json() for each in self.notebooks]


async def notebook_embed(
    request: NotebookEmbedRequest, operation: Operation
) -> NotebookEmbedResult:
    """Write manifest and lock of the environment that each notebook uses into it.

    Raises
    ------
    NotebookReadError, ManifestNotFoundError, EnvironmentNotFoundError
    NotPortableError
        If the environment needs files of its workspace.
    LockOutdatedError, SolveError
        As for `lock`.
    WriteError, ChangedMeanwhileError
        Notebooks before this one are written.
    """
    if not request.files:
        msg = "No notebook was named"
        raise UsageError(msg, hints=("{command} notebook embed analysis.ipynb",))
    done = []
    for file in request.files:
        path = file.absolute()
        done.append(await _embed(path, request, operation))
        operation.finish("embed", label=path.name)
    return NotebookEmbedResult(notebooks=tuple(done))


async def _embed(
    path: Path, request: NotebookEmbedRequest, operation: Operation
) -> Embedded:
    was = read_notebook_bytes(path)
    notebook = parse_notebook(was, path)
    own = read_copy(path)
    notes: tuple[str, ...] = ()
    if own is not None and request.environment is None and _is_own(request, path):
        carried, workspace, why = own, "", "its own environment"
    else:
        manifest = find_manifest(path.parent, request.manifest)
        current = await current_solution(replace(request, manifest=manifest), operation)
        name, why = _environment_of(notebook, path, current, request.environment)
        carried, notes = environment_of_workspace(current, name)
        workspace = current.workspace.manifest.name
        reference = Reference(environment=name, workspace=workspace)
        write_reference(notebook, reference)
    write_environment(notebook, carried)
    if request.block:
        write_block(notebook, carried.manifest, path)
    notebook["metadata"]["kernelspec"] = kernelspec()
    changed = write_notebook(path, notebook, was=was)
    trust_own(carried)
    if own is not None:
        note_same(path, carried.digest)
    return _told(path, notebook, carried, workspace, why, notes, changed=changed)


def _is_own(request: NotebookEmbedRequest, path: Path) -> bool:
    """Whether no other workspace was named than the notebook's own."""
    named = request.manifest
    return named is None or working_copy(path) in (named, named.parent)


def environment_of_workspace(
    current: Current, name: str
) -> tuple[NotebookEnvironment, tuple[str, ...]]:
    """Give an environment of a workspace as a notebook carries it.

    Returns
    -------
    tuple
        The environment, and sentences about what was left out.

    Raises
    ------
    NotPortableError
    """
    workspace = current.workspace
    environment = workspace.composition.environment(name)
    lock = portable_lock(current.solution.lock, name)
    manifest, notes = portable_manifest(
        workspace.text, workspace.manifest, name, environment.platforms
    )
    carried = NotebookEnvironment(
        manifest=manifest,
        lock=format_lock(lock),
        overlay=_overlay(workspace.pixi_dir / OVERLAYS, name),
        environment=name,
    )
    return carried, notes


def _overlay(path: Path, name: str) -> str | None:
    """Give what was solved for kernels of an environment; None for nothing."""
    from pixi_jupyter.errors import LockError, NotPortableError
    from pixi_jupyter.lock.file import read_lock

    try:
        lock = read_lock(path)
        return format_lock(portable_lock(lock, name))
    except (LockError, NotPortableError, KeyError):
        return None  # it can be solved again


def _environment_of(
    notebook: Mapping[str, Any], path: Path, current: Current, asked: str | None
) -> tuple[str, str]:
    """Find the environment that a notebook uses, and how it is known."""
    workspace = current.workspace
    known = workspace.composition.environments
    if asked is not None:
        workspace.composition.environment(asked)
        return asked, "asked for"
    reference = read_reference(notebook, path=path)
    if reference is not None and reference.workspace in ("", workspace.manifest.name):
        if reference.environment not in known:
            raise EnvironmentNotFoundError(
                reference.environment,
                available=known,
                manifest=workspace.manifest.path.name,
            )
        return reference.environment, "named by the notebook"
    spec = notebook["metadata"].get("kernelspec")
    kernel = spec.get("name") if isinstance(spec, dict) else None
    if isinstance(kernel, str) and kernel != KERNEL_NAME:
        for name in known:
            sources = kernels_of(
                workspace.manifest.path,
                workspace.manifest.name,
                name,
                workspace.prefix(name),
            )
            if kernel in {source.name for source in sources}:
                return name, "of its kernel"
    return ENVIRONMENT, "the default one"


def _told(
    path: Path,
    notebook: Mapping[str, Any],
    carried: NotebookEnvironment,
    workspace: str,
    why: str,
    notes: tuple[str, ...],
    *,
    changed: bool,
) -> Embedded:
    packages, platforms = 0, tuple[str, ...]()
    if carried.lock is not None:
        locked = parse_lock(carried.lock, path).environments.get(ENVIRONMENT)
        rows = locked.packages if locked else {}
        packages = len({each.location for row in rows.values() for each in row})
        platforms = tuple(sorted(rows))
    written = json.dumps(notebook["metadata"][KEY], indent=1, ensure_ascii=False)
    return Embedded(
        path=path,
        environment=carried.environment,
        workspace=workspace,
        why=why,
        packages=packages,
        platforms=platforms,
        bytes=len(written.encode()),
        digest=carried.digest,
        changed=changed,
        notes=notes,
    )
