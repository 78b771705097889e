"""Texts that `init` writes into a pyproject.toml.

Form and order of keys: pixi 0.77.0, init (read 2026-11).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pixi_jupyter.manifest.pyproject import groups_within, normalised
from pixi_jupyter.manifest.template import NOTHING_MORE, joined, section
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pixi_jupyter.manifest.template import Extras

_TOOL = ("tool", "pixi")


def new_pyproject(
    name: str,
    channels: Iterable[str],
    platforms: Iterable[str],
    *,
    extras: Extras = NOTHING_MORE,
    version: str = "0.1.0",
) -> str:
    """Write a pyproject.toml that is a Python project and a workspace.

    Parameters
    ----------
    name
        Of the folder.
    channels, platforms
        In order of priority.
    extras
        What else there is to say.
    version
        Of the project.
    """
    plain = safe_name(name)
    project: dict[str, object] = {}
    if extras.author:
        person, mail = extras.author
        project["authors"] = [{"name": person, **({"email": mail} if mail else {})}]
    project |= {"dependencies": [], "name": plain}
    project |= {"requires-python": ">= 3.11", "version": version}
    build = {"build-backend": "hatchling.build", "requires": ["hatchling"]}
    workspace: dict[str, object] = {
        "channels": list(channels),
        "platforms": list(platforms),
    }
    if extras.conda_pypi_map is not None:
        workspace["conda-pypi-map"] = extras.conda_pypi_map
    return "\n".join(
        (
            section(("project",), project),
            section(("build-system",), build),
            section((*_TOOL, "workspace"), workspace),
            *extras.sections(_TOOL),
            _itself(module_name(plain)),
            section((*_TOOL, "tasks"), {}),
        )
    )


def safe_name(name: str) -> str:
    """Give a name that PyPI would take.

    Examples
    --------
    >>> safe_name("-My tides.")
    'My-tides'
    """
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-_.") or "new-workspace"


def module_name(name: str) -> str:
    """Give the name of the folder with a project's modules.

    Examples
    --------
    >>> module_name("My-tides")
    'my_tides'
    """
    return normalised(name).replace("-", "_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Extended:
    """A pyproject.toml that has become a workspace."""

    text: str
    editable: str | None = None
    """The project, which is a dependency of its own workspace."""
    environments: tuple[str, ...] = ()
    """Made from its extras and dependency groups."""


def extend_pyproject(
    text: str,
    path: Path,
    channels: Iterable[str],
    platforms: Iterable[str],
    *,
    extras: Extras = NOTHING_MORE,
) -> Extended | None:
    """Make a workspace of a pyproject.toml that is there.

    Parameters
    ----------
    text
        What it says.
    path
        Where it is; names the workspace where it has no name of its own.
    channels, platforms
        In order of priority.
    extras
        What else there is to say.

    Returns
    -------
    Extended or None
        None if it is a workspace already.

    Raises
    ------
    ManifestParseError
        If it is not TOML.

    Notes
    -----
    Unlike pixi, which always does, it names the project among the dependencies only
    where there is one: a file for tools alone cannot be installed.
    """
    from pixi_jupyter.manifest.dialects import PYPROJECT
    from pixi_jupyter.manifest.text import read_document

    document = read_document(text, path)
    if PYPROJECT.tables(document) is not None:
        return None
    name = _name(document)
    workspace: dict[str, object] = {} if name else {"name": path.absolute().parent.name}
    workspace |= {"channels": list(channels), "platforms": list(platforms)}
    if extras.conda_pypi_map is not None:
        workspace["conda-pypi-map"] = extras.conda_pypi_map
    sections = [section((*_TOOL, "workspace"), workspace)]
    if name:
        sections.append(_itself(name))
    environments = _environments(document)
    if environments:
        group: dict[str, object] = {"solve-group": "default"}
        rows = {"default": group} | {
            each: {"features": list(features), **group}
            for each, features in environments.items()
        }
        sections.append(section((*_TOOL, "environments"), rows))
    sections += [*extras.sections(_TOOL), section((*_TOOL, "tasks"), {})]
    newline = "\r\n" if "\r\n" in text else "\n"
    more = "\n".join(sections).replace("\n", newline)
    return Extended(
        text=joined(text, more, newline),
        editable=name,
        environments=tuple(environments),
    )


def _itself(name: str) -> str:
    here = {name: {"path": ".", "editable": True}}
    return section((*_TOOL, "pypi-dependencies"), here)


def _name(document: Mapping[str, Any]) -> str | None:
    tool = document.get("tool")
    poetry = tool.get("poetry") if isinstance(tool, Mapping) else None
    for table in (document.get("project"), poetry):
        if isinstance(table, Mapping) and isinstance(name := table.get("name"), str):
            return name or None
    return None


def _environments(document: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Give an environment for each group, with the features it is made of."""
    found: dict[str, tuple[str, ...]] = {}
    for group, features in groups_within(document).items():
        name = re.sub(r"[^a-z0-9-]+", "-", group.lower()).strip("-")
        if name and name != "default":
            both = (*found.get(name, ()), *features)
            found[name] = tuple(dict.fromkeys(both))
    return found
