"""The workspaces that have a name on this computer.

File: pixi 0.77.0, ``<pixi home>/workspaces.toml``, table ``named-workspaces`` from
name to folder or manifest (read 2026-11).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from pixi_jupyter.config import pixi_home
from pixi_jupyter.errors import EntryNotFoundError
from pixi_jupyter.manifest.editable import EditableText
from pixi_jupyter.manifest.text import read_text
from pixi_jupyter.workspace.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_TABLE = "named-workspaces"


def registry_path(environ: Mapping[str, str] = os.environ) -> Path:
    """Give the file in which names of workspaces are kept."""
    return pixi_home(environ) / "workspaces.toml"


def read_registry(environ: Mapping[str, str] = os.environ) -> dict[str, Path]:
    """Give the place of each workspace that has a name; empty without a file.

    Raises
    ------
    ManifestParseError
        If the file is not TOML.
    """
    return _places(_opened(registry_path(environ)))


def registered(name: str, environ: Mapping[str, str] = os.environ) -> Path:
    """Give the place of the workspace that has a name.

    Raises
    ------
    EntryNotFoundError
        If none has it.
    ManifestParseError
        If the file is not TOML.
    """
    known = read_registry(environ)
    if name not in known:
        where = str(registry_path(environ))
        raise EntryNotFoundError(name, kind="workspace", where=where, available=known)
    return known[name]


def gone_workspaces(environ: Mapping[str, str] = os.environ) -> dict[str, Path]:
    """Give the names whose workspace is not there any more.

    Raises
    ------
    ManifestParseError
        If the file is not TOML.
    """
    known = read_registry(environ)
    return {name: place for name, place in known.items() if not place.exists()}


def change_registry(
    *,
    add: Mapping[str, Path] | None = None,
    remove: Iterable[str] = (),
    environ: Mapping[str, str] = os.environ,
) -> None:
    """Name workspaces, and take names away; all else in the file stays.

    Raises
    ------
    ManifestParseError, WriteError
        Nothing was written.
    """
    path = registry_path(environ)
    document = _opened(path)
    was = document.text
    for name in remove:
        document.unset((_TABLE, name))
    for name, place in (add or {}).items():
        document.set((_TABLE, name), str(place))
    path.parent.mkdir(parents=True, exist_ok=True)
    transaction = Transaction()
    transaction.write(path, document.text, was=was if path.exists() else None)
    transaction.commit()


def _opened(path: Path) -> EditableText:
    return EditableText(read_text(path) if path.is_file() else "", path)


def _places(document: EditableText) -> dict[str, Path]:
    found = document.get(_TABLE)
    if not isinstance(found, dict):
        return {}
    return {name: Path(place) for name, place in found.items() if place}
