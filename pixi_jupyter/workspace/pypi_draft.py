"""A pyproject.toml that is going to be written, for uv to read before it is.

A workspace may be a package of its own environment: ``mine = { path = "." }``. What it
asks for is what its manifest will say, and nothing is written before there is a solution.
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pixi_jupyter.errors import PixiJupyterError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pixi_jupyter.adapters.rattler import Session
    from pixi_jupyter.events import Operation
    from pixi_jupyter.workspace.context import Workspace
    from pixi_jupyter.workspace.relaxed import Relaxed
    from pixi_jupyter.workspace.solution import Solution


@contextmanager
def drafted(workspace: Workspace) -> Iterator[Path | None]:
    """Give a folder with the manifest as it is going to be, for as long as it lasts.

    Returns
    -------
    Path or None
        None where the manifest is as it is on disk, is no project, or leaves to a
        build what the project is: uv builds from the files that are there then.
    """
    if not _is_edited(workspace) or not _is_static(workspace.text):
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="pixi-jupyter-draft-") as name:
        folder = Path(name).resolve()
        path = folder / workspace.manifest.path.name
        path.write_bytes(workspace.text.encode())
        yield folder


async def settled(
    workspace: Workspace,
    solution: Solution,
    operation: Operation,
    *,
    session: Session,
    relaxed: Collection[Relaxed],
) -> Solution:
    """Give a solution that says what the manifest asks for once it is pinned.

    Parameters
    ----------
    workspace
        With its versions pinned to what was found.
    solution
        Of the same without them.

    Raises
    ------
    SolveError

    Notes
    -----
    Only a workspace that is a package of its own environment is solved again: its
    requirements are in the lock.
    """
    from pixi_jupyter.workspace.solution import provide_solution

    rows = (
        package.location
        for environment in solution.lock.environments.values()
        for row in environment.packages.values()
        for package in row
        if package.kind == "pypi"
    )
    if not _is_edited(workspace) or not any(x in {".", "./"} for x in rows):
        return solution
    return await provide_solution(
        workspace, operation, session=session, relaxed=relaxed
    )


def _is_edited(workspace: Workspace) -> bool:
    from pixi_jupyter.manifest.text import read_text

    path = workspace.manifest.path
    try:
        return path.name == "pyproject.toml" and read_text(path) != workspace.text
    except PixiJupyterError:
        return False


def _is_static(text: str) -> bool:
    from pixi_jupyter.solve.archives import read_project

    found = read_project(text)
    return found is not None and bool(found.version)
