"""The comment block of a notebook's first code cell, read and written.

As juv and uv write it (PEP 723, ``# /// script``), and as pixi 0.80 reads scripts of any
language (``# /// conda-script`` to ``# /// end-conda-script``, read 2026-11): `channels`
and `[dependencies]` as in a pixi.toml, more of it in `[tool.pixi]`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.config import read_settings
from pixi_jupyter.errors import (
    ManifestParseError,
    NotPortableError,
    ScriptBlockNotFoundError,
)
from pixi_jupyter.manifest.edits import format_value
from pixi_jupyter.manifest.parse import parse_manifest
from pixi_jupyter.manifest.script_block import FIRST, read_block, with_block
from pixi_jupyter.manifest.text import read_document
from pixi_jupyter.notebook.metadata import NotebookEnvironment
from pixi_jupyter.notebook.places import ENVIRONMENT, MANIFEST
from pixi_jupyter.notebook.portable import portable_manifest
from pixi_jupyter.notebook.tables import format_manifest
from pixi_jupyter.platforms import host_subdir

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping
    from pathlib import Path

CONDA_FIRST, CONDA_LAST = "# /// conda-script", "# /// end-conda-script"
_MARGIN = 2
_OF_ONE = ("feature", "environments", "dev")
"""Tables of a manifest that a block cannot have."""


def environment_of_block(
    notebook: Mapping[str, Any], path: Path
) -> NotebookEnvironment | None:
    """Read what the first code cell of a notebook asks for; None for no block.

    Parameters
    ----------
    notebook
        Its JSON.
    path
        Of the notebook; its stem is the workspace's name.

    Raises
    ------
    ManifestParseError
        If the block breaks a rule; lines are counted in the cell.
    NotPortableError
        If it asks for files beside the notebook.
    """
    text = _source(_first_code_cell(notebook))
    lines = text.splitlines()
    if CONDA_FIRST in lines:
        return NotebookEnvironment(manifest=_of_conda_script(lines, path))
    if FIRST not in lines:
        return None
    # the same rules as for a script of that name
    script = path.with_suffix(".py")
    channels = read_settings().default_channels
    manifest = parse_manifest(text, script, channels=channels)
    written, _ = portable_manifest(text, manifest, ENVIRONMENT, manifest.platforms)
    return NotebookEnvironment(manifest=written)


def has_block(notebook: Mapping[str, Any]) -> bool:
    """Tell whether the first code cell says what the notebook needs."""
    lines = _source(_first_code_cell(notebook)).splitlines()
    return FIRST in lines or CONDA_FIRST in lines


def write_block(notebook: MutableMapping[str, Any], manifest: str, path: Path) -> None:
    """Write what a manifest asks for into the first code cell, as PEP 723 has it.

    Parameters
    ----------
    notebook
        Its JSON; changed in place. Where its first code cell has no block, it gets a
        cell of its own, so that no cell of the user's changes.
    manifest
        The text of a pixi.toml with one environment.

    Raises
    ------
    NotPortableError
        If a block cannot say it.
    """
    toml = _as_script(read_document(manifest, path.with_name(MANIFEST)))
    cell = _first_code_cell(notebook)
    try:
        block = read_block(_source(cell), path)
    except (ScriptBlockNotFoundError, ManifestParseError):
        notebook["cells"].insert(0, _new_cell(notebook, with_block("", toml)))
        return
    written = block.with_toml(toml)
    if cell is not None and written != _source(cell):
        cell["source"] = written.splitlines(keepends=True)


def _first_code_cell(notebook: Mapping[str, Any]) -> MutableMapping[str, Any] | None:
    cells = notebook.get("cells", ())
    return next((each for each in cells if each.get("cell_type") == "code"), None)


def _source(cell: Mapping[str, Any] | None) -> str:
    source = cell.get("source", "") if cell is not None else ""
    return source if isinstance(source, str) else "".join(map(str, source))


def _new_cell(notebook: Mapping[str, Any], source: str) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "cell_type": "code",
        "execution_count": None,
        # folded away, as juv does
        "metadata": {"jupyter": {"source_hidden": True}},
        "outputs": [],
        "source": source.rstrip("\n").splitlines(keepends=True),
    }
    minor = notebook.get("nbformat_minor", 0)
    if isinstance(minor, int) and minor >= 5:  # noqa: PLR2004  cells have ids from 4.5 on
        cell["id"] = "pixi-jupyter-block"
    return cell


def _of_conda_script(lines: list[str], path: Path) -> str:
    first = lines.index(CONDA_FIRST)
    inside = lines[first + 1 :]
    if CONDA_LAST not in inside:
        reason = f"this block has no end: {CONDA_LAST}"
        raise _error(lines, first, path, reason)
    inside = inside[: inside.index(CONDA_LAST)]
    for number, line in enumerate(inside, first + 1):
        if line != "#" and not line.startswith("# "):
            reason = "a line of the block begins with `# `"
            raise _error(lines, number, path, reason)
    view = "\n" * (first + 1) + "".join(f"{line[_MARGIN:]}\n" for line in inside)
    said = read_document(view, path)
    tool = said.get("tool", {})
    pixi = tool.get("pixi", {}) if isinstance(tool, dict) else {}
    script = said.get("script", said)
    script = script if isinstance(script, dict) else {}
    workspace: dict[str, Any] = {
        "name": path.stem,
        "channels": script.get("channels", list(read_settings().default_channels)),
        "platforms": said.get("platforms", [host_subdir()]),
    }
    tables = dict(pixi) if isinstance(pixi, dict) else {}
    own = tables.pop("workspace", {})
    workspace |= own if isinstance(own, dict) else {}
    for key in ("dependencies", "pypi-dependencies", "target"):
        if key in said:
            tables[key] = _merged(said[key], tables.get(key, {}))
    text = format_manifest({"workspace": workspace, **tables})
    manifest = parse_manifest(text, path.with_name(MANIFEST))
    return portable_manifest(text, manifest, ENVIRONMENT, manifest.platforms)[0]


def _merged(one: object, other: object) -> object:
    return (
        {**one, **other} if isinstance(one, dict) and isinstance(other, dict) else one
    )


def _as_script(tables: Mapping[str, Any]) -> str:
    """Write the tables of a pixi.toml as the TOML of a block."""
    if odd := [key for key in _OF_ONE if tables.get(key)]:
        reasons = [f"a block has no [{key}]" for key in odd]
        raise NotPortableError(ENVIRONMENT, reasons=reasons)
    pypi = tables.get("pypi-dependencies", {})
    plain = {name: value for name, value in pypi.items() if isinstance(value, str)}
    requirements = [
        name if value == "*" else f"{name}{_specifier(value)}"
        for name, value in plain.items()
    ]
    rest = {
        key: value
        for key, value in tables.items()
        if key not in ("workspace", "tasks", "pypi-dependencies")
    }
    if others := {name: value for name, value in pypi.items() if name not in plain}:
        rest["pypi-dependencies"] = others
    workspace = {
        key: value for key, value in tables["workspace"].items() if key != "name"
    }
    lines = [f"dependencies = {format_value(requirements)}", ""]
    whole = {"workspace": workspace, **rest}
    written = format_manifest(whole).replace("\n[", "\n[tool.pixi.")
    return "\n".join([*lines, f"[tool.pixi.{written[1:]}"]).rstrip("\n") + "\n"


def _specifier(value: str) -> str:
    return value if value[:1] in "<>=!~" else f"=={value}"


def _error(
    lines: list[str], number: int, path: Path, reason: str
) -> ManifestParseError:
    return ManifestParseError(
        path, reason=reason, line=number + 1, column=1, source_line=lines[number]
    )
