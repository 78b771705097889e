"""Where the uv program is."""

from __future__ import annotations

import importlib
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from pixi_jupyter.errors import ToolNotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping


def find_uv(environ: Mapping[str, str] = os.environ, *, package: str = "uv") -> Path:
    """Give the uv that came with us, else the first on PATH.

    Parameters
    ----------
    package
        The module that knows where it put the program.

    Raises
    ------
    ToolNotFoundError
    """
    searched = []
    try:
        return Path(importlib.import_module(package).find_uv_bin())
    except ImportError:
        searched.append(f"the Python package {package}, which is not installed")
    except FileNotFoundError as error:
        searched.append(str(error).splitlines()[0])
    path = environ.get("PATH", os.defpath)
    if found := shutil.which("uv", path=path):
        return Path(found)
    tool = "uv"
    searched.append(f"PATH: {path}")
    install = "python -m pip install uv"
    raise ToolNotFoundError(tool, places=searched, install=install)
