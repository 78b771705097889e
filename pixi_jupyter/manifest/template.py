"""Texts that `init` writes.

Form and order of keys: pixi 0.77.0, init (read 2026-11).
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

_GITIGNORE = """\
# pixi environments
.pixi/*
!.pixi/config.toml
"""
_GITATTRIBUTES = """\
# a lock file is made by a program; it is not merged or compared line by line
"""
_GITHUB = """\
pixi.lock merge=binary linguist-language=YAML linguist-generated=true -diff
"""
_GITLAB = """\
pixi.lock merge=binary gitlab-language=yaml gitlab-generated=true -diff
"""


def new_manifest(
    name: str,
    channels: Iterable[str],
    platforms: Iterable[str],
    *,
    authors: Sequence[str] = (),
    version: str = "0.1.0",
) -> str:
    """Write a pixi.toml.

    Parameters
    ----------
    name
        Of the workspace.
    channels, platforms
        In order of priority.
    authors
        ``Name <mail>``.
    version
        Of the workspace.

    Examples
    --------
    >>> print(new_manifest("tides", ["conda-forge"], ["linux-64"]))
    [workspace]
    channels = ["conda-forge"]
    name = "tides"
    platforms = ["linux-64"]
    version = "0.1.0"
    <BLANKLINE>
    [tasks]
    <BLANKLINE>
    [dependencies]
    <BLANKLINE>
    """
    first = f"authors = {_array(authors)}\n" if authors else ""
    return (
        f"[workspace]\n{first}channels = {_array(channels)}\n"
        f"name = {_string(name)}\nplatforms = {_array(platforms)}\n"
        f"version = {_string(version)}\n\n[tasks]\n\n[dependencies]\n"
    )


def new_pyproject(
    name: str,
    channels: Iterable[str],
    platforms: Iterable[str],
    *,
    version: str = "0.1.0",
) -> str:
    """Write a pyproject.toml that is a Python project and a workspace.

    Unlike pixi's, it does not list the project among its own PyPI dependencies,
    because installing it is not supported yet.
    """
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-_.") or "new-workspace"
    return (
        f"[project]\ndependencies = []\nname = {_string(plain)}\n"
        f'requires-python = ">=3.11"\nversion = {_string(version)}\n\n'
        '[build-system]\nbuild-backend = "hatchling.build"\nrequires = ["hatchling"]\n'
        f"\n{pyproject_section(channels, platforms)}"
    )


def pyproject_section(
    channels: Iterable[str], platforms: Iterable[str], *, name: str | None = None
) -> str:
    """Write the tables that make a pyproject.toml a workspace.

    Parameters
    ----------
    channels, platforms
        In order of priority.
    name
        Given where `[project]` has none.
    """
    named = f"name = {_string(name)}\n" if name else ""
    return (
        f"[tool.pixi.workspace]\nchannels = {_array(channels)}\n{named}"
        f"platforms = {_array(platforms)}\n\n"
        "[tool.pixi.tasks]\n\n[tool.pixi.dependencies]\n"
    )


def extend_pyproject(
    text: str, path: Path, channels: Iterable[str], platforms: Iterable[str]
) -> str | None:
    """Make a workspace of a pyproject.toml that is there.

    Parameters
    ----------
    text
        What it says.
    path
        Where it is; names the workspace where it has no name of its own.
    channels, platforms
        In order of priority.

    Returns
    -------
    str or None
        The extended text; None if it is a workspace already.

    Raises
    ------
    ManifestParseError
        If it is not TOML.
    """
    from pixi_jupyter.manifest.dialects import PYPROJECT
    from pixi_jupyter.manifest.text import read_document

    document = read_document(text, path)
    if PYPROJECT.tables(document) is not None:
        return None
    name = path.absolute().parent.name if _is_nameless(document) else None
    newline = "\r\n" if "\r\n" in text else "\n"
    section = pyproject_section(channels, platforms, name=name)
    return _joined(text, section.replace("\n", newline), newline)


def extend_gitignore(text: str) -> str:
    """Add what git should not keep, unless it is there."""
    return text if _has_line(text, ".pixi/*", ".pixi") else _joined(text, _GITIGNORE)


def extend_gitattributes(text: str, scm: str = "github") -> str:
    """Add how git treats the lock file, unless it is there.

    Parameters
    ----------
    scm
        The server that shows it: github, codeberg or gitlab.
    """
    has = any(line.startswith("pixi.lock") for line in text.splitlines())
    more = _GITLAB if scm == "gitlab" else _GITHUB
    return text if has else _joined(text, _GITATTRIBUTES + more)


def _is_nameless(document: Mapping[str, object]) -> bool:
    project = document.get("project")
    tool = document.get("tool")
    poetry = tool.get("poetry") if isinstance(tool, dict) else None
    return not any(
        isinstance(table, dict) and table.get("name") for table in (project, poetry)
    )


def _has_line(text: str, *lines: str) -> bool:
    return any(line.strip().rstrip("/") in lines for line in text.splitlines())


def _joined(text: str, more: str, newline: str = "\n") -> str:
    if not text.strip():
        return more
    return text.rstrip("\r\n") + 2 * newline + more


def _array(values: Iterable[str]) -> str:
    return f"[{', '.join(_string(value) for value in values)}]"


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
