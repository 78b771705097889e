"""Propose a manifest for notebooks, from what they import and install."""

from __future__ import annotations

import asyncio
import os
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixi_jupyter.config import read_settings
from pixi_jupyter.errors import ManifestNotFoundError, PixiJupyterError, UsageError
from pixi_jupyter.manifest.discovery import find_manifest
from pixi_jupyter.manifest.document import ManifestDocument
from pixi_jupyter.notebook.files import read_notebook
from pixi_jupyter.notebook.scan import NotebookScan, scan_notebook
from pixi_jupyter.notebook.scan_proposal import Proposal
from pixi_jupyter.platforms import host_subdir
from pixi_jupyter.redaction import redacted
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.notebook_scan_facts import fill, shown_path
from pixi_jupyter.verbs.notebook_scan_files import modules_beside, texts_of
from pixi_jupyter.verbs.notebook_scan_manifest import (
    asked_otherwise,
    edited_text,
    missing_from,
    proposed_text,
    write_into,
    write_new,
)
from pixi_jupyter.verbs.request import WorkspaceRequest
from pixi_jupyter.workspace.context import open_session, open_workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pixi_jupyter.events import Operation
    from pixi_jupyter.notebook.scan_rows import Doubt, Proposed

PATIENCE_SECONDS = 20.0
"""How long channels may take to say what they have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookScanRequest(WorkspaceRequest):
    """Which notebooks, and what becomes of the proposal."""

    files: tuple[Path, ...]
    cwd: Path | None = None
    """What paths are shown from; None: the current folder."""
    write: bool = False
    """Write it; else it is only shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookScanResult:
    """What notebooks need."""

    scans: tuple[NotebookScan, ...]
    files: tuple[str, ...]
    """Of the scans, as they are written in a command."""
    packages: tuple[Proposed, ...]
    doubts: tuple[Doubt, ...]
    channels: tuple[str, ...]
    manifest: Path
    """Where it goes, or went."""
    text: str
    """Of the manifest."""
    is_new: bool
    """Whether there is no manifest yet."""
    written: bool
    checked: bool
    """Whether the channels were asked; else the table of names had to do."""
    present: frozenset[str] = field(default_factory=frozenset)
    """Names of those that the manifest asks for already."""

    @property
    def taken(self) -> tuple[Proposed, ...]:
        """The packages of the manifest."""
        return tuple(each for each in self.packages if each.is_taken)

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "notebooks": [
                {
                    "notebook": file,
                    "language": each.language,
                    "python": ".".join(map(str, each.python)) if each.python else None,
                    "cells": each.cells,
                    "own_modules": list(each.own),
                }
                for file, each in zip(self.files, self.scans, strict=True)
            ],
            "manifest_path": str(self.manifest),
            "manifest": self.text,
            "new": self.is_new,
            "written": self.written,
            "checked": self.checked,
            "channels": list(self.channels),
            "packages": [
                {**each.to_json(), "present": each.name in self.present}
                for each in self.packages
            ],
            "unsure": [each.to_json() for each in self.doubts],
        }


async def notebook_scan(
    request: NotebookScanRequest, operation: Operation
) -> NotebookScanResult:
    """Read notebooks and the files beside them; propose what to ask for.

    Raises
    ------
    NotebookReadError
        If a file is no notebook.
    ManifestParseError, ManifestEditError, WriteError
        Nothing was written.

    Notes
    -----
    Nothing of a notebook is run, and nothing is installed. The channels are asked for
    the names of their packages; where they do not answer in time, a table is used.
    """
    if not request.files:
        msg = "There is no notebook to scan"
        raise UsageError(msg, hints=("{command} notebook scan FILE.ipynb",))
    cwd = (request.cwd or Path.cwd()).absolute()
    files = [cwd / each for each in request.files]
    scans = []
    for file in files:
        operation.say("scan", file.name)
        name = "" if len(files) == 1 else shown_path(file, cwd)
        # what is read may be large, and somebody may want to cancel
        scans.append(await asyncio.to_thread(_scan, file, name))
    operation.finish("scan")
    path = _manifest(request, files)
    channels, names = await _names(request, path, operation)
    proposal = Proposal(names)
    fill(proposal, files, scans, cwd)
    packages = tuple(proposal.packages())
    target = path or _folder(files) / "pixi.toml"
    if path is None:
        text, present = proposed_text(target, channels, packages), frozenset[str]()
    else:
        document = ManifestDocument.read(path)
        missing = missing_from(document, packages)
        text = edited_text(document, missing)
        for name, asked in asked_otherwise(document, packages):
            why = f"{path.name} asks for {asked}, the notebooks for another version"
            proposal.doubt(name, why)
        present = frozenset(x.name for x in packages if x.is_taken and x not in missing)
    if request.write and path is None:
        target = await write_new(target.parent, channels, packages, operation)
        text = await asyncio.to_thread(target.read_text, "utf-8")
    elif request.write:
        await write_into(WorkspaceRequest(manifest=path), packages, operation)
    return NotebookScanResult(
        scans=tuple(scans),
        files=tuple(shown_path(file, cwd) for file in files),
        packages=packages,
        doubts=tuple(proposal.doubts.values()),
        channels=channels,
        manifest=target,
        text=redacted(text),
        is_new=path is None,
        written=request.write,
        checked=names is not None,
        present=present,
    )


def _scan(file: Path, name: str) -> NotebookScan:
    folder = file.parent
    return scan_notebook(
        read_notebook(file),
        name,
        beside=modules_beside(folder),
        sources=lambda module: texts_of(folder, module),
    )


def _folder(files: Sequence[Path]) -> Path:
    return Path(os.path.commonpath([file.parent for file in files]))


def _manifest(request: NotebookScanRequest, files: Sequence[Path]) -> Path | None:
    """Find the manifest that is meant, or the one around the notebooks."""
    try:
        return find_manifest(_folder(files), request.manifest)
    except ManifestNotFoundError:
        if request.manifest is not None:
            raise
        return None


async def _names(
    request: NotebookScanRequest, path: Path | None, operation: Operation
) -> tuple[tuple[str, ...], frozenset[str] | None]:
    """Give the channels, and the names of their packages if they can be asked."""
    from pixi_jupyter.adapters.rattler import channel_urls

    if path is not None:
        workspace = open_workspace(path, offline=request.offline)
        settings, root = workspace.settings, workspace.root
        channels = tuple(workspace.composition.environment("default").channels)
    else:
        root = _folder([Path.cwd() / each for each in request.files])
        settings = read_settings(offline=request.offline, environ=os.environ)
        channels = tuple(settings.default_channels)
    if settings.offline:
        return channels, None
    operation.say("search", "names of packages")
    try:
        session = open_session(settings, channels, root=root)
        urls = channel_urls(channels, root=root)
        question = session.names(urls, subdirs=(host_subdir(), "noarch"))
        names = await asyncio.wait_for(question, PATIENCE_SECONDS)
    except (PixiJupyterError, asyncio.TimeoutError):
        operation.warn(
            "The channels did not answer; what conda-forge has is taken from a table"
        )
        return channels, None
    operation.finish("search")
    return channels, frozenset(names)
