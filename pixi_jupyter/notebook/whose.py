"""Which notebook a kernel is started for.

A kernel is not told. A Jupyter server says it in a variable; of the programs that run
notebooks without a server none does, so their own arguments are looked at.

=====================================  ================================================
``PIXI_JUPYTER_NOTEBOOK``              whoever starts a kernel by a program of their own
``JPY_SESSION_NAME``                   Jupyter servers: JupyterLab, Notebook 7, voila
``PYTEST_CURRENT_TEST``                nbval; the notebook's folder is the kernel's
arguments of the process               nbconvert, ``jupyter execute``, papermill
=====================================  ================================================
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from pixi_jupyter.errors import NotThisNotebookError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

VARIABLE = "PIXI_JUPYTER_NOTEBOOK"
_SUFFIX = ".ipynb"


def notebook_of(
    environ: Mapping[str, str], cwd: Path, arguments: Sequence[str], *, here: Path
) -> Path:
    """Find the notebook of a kernel that is about to start.

    Parameters
    ----------
    environ
        That the kernel would be started with.
    cwd
        The kernel's folder, absolute; most programs make it the notebook's.
    arguments
        Of the process that starts the kernel, the program first.
    here
        That process' folder.

    Returns
    -------
    Path
        Absolute. Where a server says it, it may have been renamed since.

    Raises
    ------
    NotThisNotebookError
        If nothing says it, or there are several. Nothing is guessed: with the wrong
        notebook it would be somebody else's environment.
    """
    if said := environ.get(VARIABLE):
        return (here / Path(said).expanduser()).absolute()
    session = environ.get("JPY_SESSION_NAME", "")
    if session.endswith(_SUFFIX):
        return (cwd / session).absolute()
    if found := _tested(environ.get("PYTEST_CURRENT_TEST", ""), cwd):
        return found
    named = [here / word for word in arguments[1:] if word.endswith(_SUFFIX)]
    named = [path.absolute() for path in named if path.is_file()]
    if len(named) > 1 and Path(arguments[0]).stem.startswith("papermill"):
        return named[0]  # what is read, and then what is written
    beside = [path for path in named if _same(path.parent, cwd)]
    candidates = list(dict.fromkeys(beside if len(named) > 1 else named))
    if len(candidates) == 1:
        return candidates[0]
    reason = "nothing says for which notebook it is started"
    if candidates:
        names = ", ".join(path.name for path in candidates)
        reason = f"it could be any of {names}"
    raise NotThisNotebookError(reason=reason)


def _tested(node: str, cwd: Path) -> Path | None:
    """Give the notebook of ``folder/a.ipynb::Cell 0 (setup)``."""
    name = node.partition("::")[0]
    path = cwd / os.path.basename(name)  # noqa: PTH119  of the other system's too
    return path if name.endswith(_SUFFIX) and path.is_file() else None


def _same(one: Path, other: Path) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)
