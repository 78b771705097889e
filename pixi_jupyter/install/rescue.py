"""Files of the user in a prefix that is going to be removed."""

from __future__ import annotations

import shutil
from pathlib import Path

from pixi_jupyter.install.clobbers import CLOBBERS
from pixi_jupyter.install.obstacles import files_below, free_place
from pixi_jupyter.install.prefix import META, read_packages
from pixi_jupyter.install.pypi_dists import pypi_files

_TOOLS = frozenset((META, CLOBBERS, "CACHEDIR.TAG", ".trash"))
"""What tools make in a prefix, by its first name; py-rattler puts programs that run
while they are replaced into ``.trash``, on Windows."""


def rescue(prefix: Path, into: Path) -> list[str]:
    """Move what belongs to no package out of a prefix that is going to be removed.

    Parameters
    ----------
    prefix
        An environment.
    into
        A folder; made if something goes there.

    Returns
    -------
    list of str
        What was moved, relative to the prefix.

    Raises
    ------
    OSError
        If something cannot be moved.
    """
    owned = {file.path for package in read_packages(prefix) for file in package.files}
    owned.update(pypi_files(prefix))
    moved = []
    for found in files_below(str(prefix)):
        path = Path(found).relative_to(prefix).as_posix()
        if path in owned or _is_made_by_tools(path):
            continue
        shutil.move(found, free_place(into, path))
        moved.append(path)
    return moved


def _is_made_by_tools(path: str) -> bool:
    return path.partition("/")[0] in _TOOLS or "__pycache__/" in path
