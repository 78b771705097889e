"""Stub wheels: what uv is shown in place of the packages that conda brings."""

from __future__ import annotations

import os
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pixi_jupyter.names import Project

_WHEN = (1980, 1, 1, 0, 0, 0)
_WHEEL = """\
Wheel-Version: 1.0
Generator: pixi-jupyter
Root-Is-Purelib: true
Tag: py3-none-any
"""


def write_stubs(folder: Path, projects: Iterable[Project]) -> dict[str, Path]:
    """Write a wheel without requirements for each project.

    Parameters
    ----------
    folder
        Of all stubs: uv knows a file again by its path.

    Returns
    -------
    dict
        The wheels, by the projects' names.

    Notes
    -----
    Several processes may do so at once.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return {each.name: _stub(folder, each.name, each.version) for each in projects}


def _stub(folder: Path, name: str, version: str) -> Path:
    stem = f"{name.replace('-', '_')}-{version.replace('-', '_')}"
    path = folder / f"{stem}-py3-none-any.whl"
    if path.is_file():
        return path
    info = f"{stem}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    content = {f"{info}/METADATA": metadata, f"{info}/WHEEL": _WHEEL}
    content[f"{info}/RECORD"] = "".join(
        f"{x},,\n" for x in (*content, f"{info}/RECORD")
    )
    handle, draft = tempfile.mkstemp(dir=folder, suffix=".draft")
    with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w") as archive:
        for inside, text in content.items():
            archive.writestr(zipfile.ZipInfo(inside, _WHEN), text)
    Path(draft).replace(path)
    return path
