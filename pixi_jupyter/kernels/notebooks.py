"""The kernel of whichever environment a notebook carries or names."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixi_jupyter.kernels.start import KernelTarget
from pixi_jupyter.notebook.whose import notebook_of

if TYPE_CHECKING:
    from collections.abc import Mapping


def started_notebook(environ: Mapping[str, str], cwd: str | None) -> Path:
    """Find the notebook that a kernel of this process is started for.

    Parameters
    ----------
    environ
        That the kernel would have without us.
    cwd
        Its folder; None for that of this process.

    Raises
    ------
    NotThisNotebookError
    """
    here = Path.cwd()
    arguments = sys.argv or [""]
    return notebook_of(environ, here / (cwd or ""), arguments, here=here)


def opening(path: Path) -> dict[str, Any]:
    """Give what an engine is asked to make the environment of a notebook ready."""
    return {"verb": "notebook_open", "request": {"path": str(path), "kernel": True}}


def opened_target(path: Path, result: Mapping[str, Any], host: str) -> KernelTarget:
    """Give the kernel that can start, from an engine's answer."""
    return KernelTarget(
        manifest=Path(result["manifest"]),
        environment=result["environment"],
        host=host,
        notebook=Path(os.path.abspath(path)),  # noqa: PTH100  links stay as they are
    )
