"""Where the manifest of a workspace is.

Rules: pixi 0.77.0, manifest discovery (read 2026-11). In one folder pixi.toml comes
before pyproject.toml; the nearest folder wins; a file that describes only a package
belongs to a workspace further up.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixi_jupyter.adapters.files import read_file
from pixi_jupyter.errors import ManifestNotFoundError, NotSupportedYetError
from pixi_jupyter.manifest.script_place import is_script

if TYPE_CHECKING:
    from collections.abc import Mapping

_WORKSPACE_TABLE = re.compile(
    r"^[ \t]*(?:\[[ \t]*(?:workspace|project)\b|(?:workspace|project)[ \t]*[.=])",
    re.MULTILINE,
)
_PACKAGE_TABLE = re.compile(r"^[ \t]*\[tool\.pixi\.package\b", re.MULTILINE)
_PIXI_TABLE = re.compile(r"^[ \t]*\[{1,2}[ \t]*tool[ \t]*\.[ \t]*pixi\b", re.MULTILINE)


def find_manifest(
    start: Path,
    explicit: Path | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Path:
    """Find the manifest of the workspace that a folder belongs to.

    Parameters
    ----------
    start
        Where to look first; then its parents.
    explicit
        The manifest or its folder, as the user named it; nothing else is looked at.
    environ
        In a shell of pixi's (``PIXI_IN_SHELL``), ``PIXI_PROJECT_MANIFEST`` is taken
        where no folder has one.

    Returns
    -------
    Path
        Absolute. Whether it can be read is not known yet.

    Raises
    ------
    ManifestNotFoundError
    NotSupportedYetError
        If all there is is a conda.toml.
    """
    if explicit is not None:
        return _named(explicit.expanduser().absolute())
    start = start.absolute()
    conda_toml: Path | None = None
    for folder in (start, *start.parents):
        if found := _in_folder(folder):
            return found
        if conda_toml is None and (folder / "conda.toml").is_file():
            conda_toml = folder / "conda.toml"
    if conda_toml is not None:
        raise _only_conda_toml(conda_toml)
    if environ.get("PIXI_IN_SHELL") and (shell := environ.get("PIXI_PROJECT_MANIFEST")):
        return _named(Path(shell).absolute())
    raise ManifestNotFoundError(start)


def passed_over(path: Path) -> tuple[Path, ...]:
    """List the manifests beside one that was found, which are not read.

    In one folder pixi.toml comes first, then conda.toml, then pyproject.toml.
    """
    folder = path.parent
    others = [folder / name for name in ("pixi.toml", "conda.toml", "pyproject.toml")]
    return tuple(
        other
        for other in others
        if other.name != path.name
        and other.is_file()
        and (other.name != "pyproject.toml" or _has_pixi_table(other))
        and not (other.name == "pixi.toml" and _is_package_only(other))
    )


def _named(path: Path) -> Path:
    if path.is_file():
        if is_script(path):
            return path
        return (_is_package_only(path) and _above(path.parent)) or path
    if path.is_dir():
        if found := _in_folder(path):
            return found
        if found := _in_folder(path, wants_workspace=False):
            return _above(path) or found
        if (path / "conda.toml").is_file():
            raise _only_conda_toml(path / "conda.toml")
    raise ManifestNotFoundError(path, named=True)


def _above(folder: Path) -> Path | None:
    """Find the workspace that a package belongs to, in the folders above its own."""
    found = (_in_folder(each) for each in folder.parents)
    return next(filter(None, found), None)


def _only_conda_toml(path: Path) -> NotSupportedYetError:
    what = "A workspace in conda.toml"
    return NotSupportedYetError(what, where=str(path), hint="{command} init")


def _in_folder(folder: Path, *, wants_workspace: bool = True) -> Path | None:
    pixi, pyproject = folder / "pixi.toml", folder / "pyproject.toml"
    if pixi.is_file() and not (wants_workspace and _is_package_only(pixi)):
        return pixi
    if (
        pyproject.is_file()
        and _has_pixi_table(pyproject)
        and not (wants_workspace and _is_package_only(pyproject))
    ):
        return pyproject
    return None


def _is_package_only(path: Path) -> bool:
    text = _text(path)
    if "package" not in text:
        return False
    if path.name == "pyproject.toml":
        if not _PACKAGE_TABLE.search(text):
            return False
        tables = _tables(text).get("tool", {}).get("pixi", {})
    elif _WORKSPACE_TABLE.search(text):
        return False
    else:
        tables = _tables(text)
    return "package" in tables and not tables.keys() & {"workspace", "project"}


def _has_pixi_table(path: Path) -> bool:
    text = _text(path)
    if _PIXI_TABLE.search(text):
        return True
    # written in another form, such as `pixi = { … }` under [tool]
    tool = _tables(text).get("tool", {}) if "pixi" in text else {}
    return isinstance(tool, dict) and "pixi" in tool


def _text(path: Path) -> str:
    from pixi_jupyter.manifest.text import LARGEST

    try:
        return read_file(path, most_bytes=LARGEST).decode("utf-8", "replace")
    except OSError:
        return ""


def _tables(text: str) -> dict[str, Any]:
    from pixi_jupyter.adapters.toml import TomlError, parse_toml

    try:
        return parse_toml(text).unwrap()
    except TomlError:
        return {}
