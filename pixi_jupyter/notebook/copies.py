"""Environments of notebooks on disk, each a small workspace.

A working copy belongs to one notebook and changes with it; `NOTE` in it says which
content the notebook had when both were last the same, so that it is known which of them
is newer. The workspace of a content belongs to nobody and is never changed.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pixi_jupyter.adapters.files import read_file
from pixi_jupyter.errors import NotebookMetadataError, WriteError
from pixi_jupyter.notebook.metadata import KEY, NotebookEnvironment
from pixi_jupyter.notebook.places import LOCK, MANIFEST, content_home, working_copy

if TYPE_CHECKING:
    from collections.abc import Mapping

NOTE = "notebook.json"
"""In ``.pixi`` of a working copy."""
OVERLAYS = "overlays.lock"
_LARGEST = 64_000_000
_VERSION = 1
_MOST = 50


def read_copy(notebook: Path) -> NotebookEnvironment | None:
    """Read what the working copy of a notebook holds now; None where it has none."""
    return read_home(working_copy(notebook))


def read_home(home: Path) -> NotebookEnvironment | None:
    """Read the environment of a small workspace; None where it has no manifest."""
    manifest = _text(home / MANIFEST)
    if manifest is None:
        return None
    return NotebookEnvironment(
        manifest=manifest,
        lock=_text(home / LOCK),
        overlay=_text(home / ".pixi" / OVERLAYS),
    )


def begin_copy(notebook: Path, environment: NotebookEnvironment) -> Path:
    """Make the working copy of a notebook that has none; one of before is forgotten.

    Raises
    ------
    WriteError
    """
    home = working_copy(notebook)
    try:
        (home / LOCK).unlink(missing_ok=True)
        if (home / ".pixi").is_dir():
            shutil.rmtree(home / ".pixi")
    except OSError as error:
        raise WriteError(home, reason=error.strerror or str(error)) from error
    return write_copy(notebook, environment)


def write_copy(notebook: Path, environment: NotebookEnvironment) -> Path:
    """Make the working copy of a notebook hold what the notebook carries.

    Returns
    -------
    Path
        Of its manifest. What it held before, and no notebook carries, is beside it.

    Raises
    ------
    WriteError
    """
    home = working_copy(notebook)
    before = read_home(home)
    if before is not None and before.digest not in (
        environment.digest,
        last_same(notebook),
    ):
        _write(home / f"{MANIFEST}.before", before.manifest)
    if environment.overlay is None and environment.lock not in (
        None,
        _text(home / LOCK),
    ):
        # it was solved on top of something else
        (home / ".pixi" / OVERLAYS).unlink(missing_ok=True)
    write_home(home, environment)
    note_same(notebook, environment.digest, begins=True)
    return home / MANIFEST


def lay_out(environment: NotebookEnvironment, *, cache_dir: Path | None = None) -> Path:
    """Write the workspace of a content, which all notebooks that carry it share.

    Returns
    -------
    Path
        Of its manifest. What somebody changed in it is put right.

    Raises
    ------
    WriteError
    """
    home = content_home(environment.digest, cache_dir=cache_dir)
    write_home(home, environment)
    return home / MANIFEST


def write_home(home: Path, environment: NotebookEnvironment) -> None:
    """Write manifest, lock and overlay of a small workspace; what is equal stays.

    Raises
    ------
    WriteError, NotebookMetadataError
    """
    texts = {
        home / LOCK: environment.lock,
        home / ".pixi" / OVERLAYS: environment.overlay,
        home / MANIFEST: environment.manifest,
    }
    for path, text in texts.items():
        # what was solved here is kept: the solver prefers it where it still fits
        if text is None:
            continue
        try:
            _write(path, text)
        except UnicodeEncodeError as error:
            where, reason = f"{KEY}.{path.stem}", "it has half a character"
            raise NotebookMetadataError(where=where, reason=reason) from error
        except OSError as error:
            raise WriteError(path, reason=error.strerror or str(error)) from error


def last_same(notebook: Path) -> str | None:
    """Give the digest that notebook and working copy had when they were the same."""
    were = _were(notebook)
    return were[-1] if were else None


def note_same(notebook: Path, digest: str, *, begins: bool = False) -> None:
    """Note that a notebook and its working copy are the same now.

    Parameters
    ----------
    begins
        Whether what both were before does not count any more.

    Raises
    ------
    WriteError
    """
    were = [] if begins else [each for each in _were(notebook) if each != digest]
    path = working_copy(notebook) / ".pixi" / NOTE
    data = {
        "version": _VERSION,
        "digests": [*were, digest][-_MOST:],
        # so that a person knows whose it is
        "notebook": os.path.realpath(notebook),
    }
    try:
        _write(path, json.dumps(data, indent=1) + "\n")
    except OSError as error:
        raise WriteError(path, reason=error.strerror or str(error)) from error


def is_copy_newer(notebook: Path, carried: NotebookEnvironment | None) -> bool:
    """Tell whether the working copy is what counts, not what the file carries.

    It is, unless the file was changed from elsewhere since they were the same: by
    version control, or by another notebook in its place.
    """
    mine = read_copy(notebook)
    if mine is None:
        return False
    return carried is None or carried.digest in (mine.digest, last_same(notebook))


def to_save(
    notebook: Path, carried: NotebookEnvironment | None
) -> NotebookEnvironment | None:
    """Give what a notebook that is being saved has to carry instead.

    Parameters
    ----------
    carried
        What is about to be saved. An editor that has the notebook open for long saves
        what it has read once, so anything that the notebook carried before counts as
        older.

    Returns
    -------
    NotebookEnvironment or None
        None where it is right, or of elsewhere.
    """
    mine = read_copy(notebook)
    if mine is None or (carried is not None and carried.digest == mine.digest):
        return None
    if carried is not None and carried.digest not in _were(notebook):
        return None
    name = carried.environment if carried else mine.environment
    return replace(mine, environment=name)


def _were(notebook: Path) -> list[str]:
    found = _note(notebook).get("digests")
    return [str(each) for each in found] if isinstance(found, list) else []


def _note(notebook: Path) -> Mapping[str, object]:
    try:
        data = json.loads(read_file(working_copy(notebook) / ".pixi" / NOTE))
    except (OSError, ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _text(path: Path) -> str | None:
    try:
        return read_file(path, most_bytes=_LARGEST).decode()
    except (OSError, UnicodeDecodeError):
        return None


def _write(path: Path, text: str) -> None:
    data = text.encode()
    with suppress(OSError):
        if not path.is_symlink() and read_file(path) == data:
            return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
