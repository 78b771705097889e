"""From the paths of Jupyter's contents to files, and never out of the server's root."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from pixi_jupyter.errors import (
    ManifestNotFoundError,
    NotSupportedYetError,
    OutsideRootError,
)
from pixi_jupyter.manifest.discovery import find_manifest
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST = 4096
_DEEPEST, _MOST = 4, 2000
"""How far, and among how many folders, other workspaces are looked for."""
_PASSED_OVER = frozenset(("node_modules", "__pycache__", "site-packages"))
_NAMES = ("pixi.toml", "pyproject.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a request is about."""

    folder: Path
    """Where the workspace is looked for from."""
    manifest: Path | None
    """Absolute; None where there is no workspace."""
    key: str
    """Names the workspace in answers and events."""
    error: NotSupportedYetError | None = None
    """Why what is there is no workspace that we can work in."""


def inside(root: Path, path: str) -> Path:
    """Give the file that a contents path names.

    Parameters
    ----------
    root
        The server's root.
    path
        Relative to it, with slashes; it need not exist.

    Returns
    -------
    Path
        Absolute, links resolved.

    Raises
    ------
    OutsideRootError
        If it names anything outside of the root, also by a link or by characters
        that some system reads as a way out.
    """
    if len(path) > _LONGEST or _is_odd(path) or _is_odd(unquote(path)):
        raise OutsideRootError(path)
    parts = path.strip("/").split("/")
    base = Path(os.path.realpath(root))
    try:
        found = Path(os.path.realpath(base.joinpath(*PurePosixPath(*parts).parts)))
        with suppress(FileNotFoundError):  # a notebook that is not saved yet
            found.lstat()
    except (OSError, ValueError) as error:
        raise OutsideRootError(path) from error
    if not found.is_relative_to(base):
        raise OutsideRootError(path)
    return found


def _is_odd(path: str) -> bool:
    """Whether some system could read a path as one that leads out."""
    return (
        ".." in path.split("/")
        or any(character < " " or character in "\\\x7f" for character in path)
        or (os.name == "nt" and ":" in path)
    )


def place_of(root: Path, path: str) -> Place:
    """Find the workspace of a notebook, file or folder; blocks.

    The manifest may stand above the root: a server that was started in a part of a
    workspace works in that workspace.

    Raises
    ------
    OutsideRootError
        Also if the manifest is a link to one outside of the root.
    """
    folder = inside(root, path)
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    error, manifest = None, None
    try:
        # what the server's own process was started in is not meant here
        manifest = find_manifest(folder, None, {})
    except ManifestNotFoundError:
        pass
    except NotSupportedYetError as found:
        error = found
    key = key_of(root, manifest or folder)
    base = os.path.realpath(root)
    if manifest and manifest.is_relative_to(base) and Path(key).is_absolute():
        raise OutsideRootError(contents_path(root, folder) or path)
    return Place(folder=folder, manifest=manifest, key=key, error=error)


def contents_path(root: Path, file: Path) -> str | None:
    """Give the contents path of a file; None for one outside the root."""
    try:
        relative = Path(os.path.realpath(file)).relative_to(os.path.realpath(root))
    except ValueError:
        return None
    return "" if relative == Path() else relative.as_posix()


def key_of(root: Path, manifest: Path) -> str:
    """Name a workspace in answers: by contents path, else by its absolute path."""
    path = contents_path(root, manifest)
    return str(manifest) if path is None else path


def shown(path: Path) -> str:
    """Give a path as people write it, with ``~``."""
    try:
        return "~/" + path.relative_to(Path.home()).as_posix()
    except (ValueError, RuntimeError):
        return str(path)


def workspaces_below(root: Path) -> list[Path]:
    """List the manifests below a folder, nearest first; not more than a look.

    Notes
    -----
    Blocks; links are not followed.
    """
    return sorted(_manifests(root), key=lambda path: (len(path.parts), str(path)))


def _manifests(root: Path) -> Iterator[Path]:
    pending, seen = [(root, 0)], 0
    while pending and seen < _MOST:
        folder, depth = pending.pop(0)
        seen += 1
        try:
            with os.scandir(folder) as found:
                entries = list(found)
        except OSError:
            continue
        files = {
            each.name for each in entries if each.name in _NAMES and each.is_file()
        }
        for name in _NAMES:
            if name in files and (name == "pixi.toml" or _has_pixi(folder / name)):
                yield folder / name
                break
        if depth < _DEEPEST:
            pending += [
                (Path(entry.path), depth + 1)
                for entry in sorted(entries, key=lambda each: each.name)
                if not entry.name.startswith(".")
                and entry.name not in _PASSED_OVER
                and entry.is_dir(follow_symlinks=False)
            ]


def _has_pixi(path: Path) -> bool:
    try:
        return "[tool.pixi" in path.read_text("utf-8", "replace")
    except OSError:
        return False


def sources_in(root: Path, folder: Path) -> list[dict[str, str]]:
    """List files of a folder that a workspace can be made from."""
    kinds = {
        "environment.yml": "conda-env",
        "environment.yaml": "conda-env",
        "requirements.txt": "pypi-txt",
    }
    return [
        {"path": path, "kind": kind}
        for name, kind in kinds.items()
        if (folder / name).is_file() and (path := contents_path(root, folder / name))
    ]
