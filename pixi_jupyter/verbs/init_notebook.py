"""Give a notebook an environment of its own, with no workspace around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.config import read_settings
from pixi_jupyter.errors import NotebookEnvironmentExistsError
from pixi_jupyter.manifest.template import new_manifest
from pixi_jupyter.notebook.copies import begin_copy
from pixi_jupyter.notebook.files import (
    parse_notebook,
    read_notebook_bytes,
    write_notebook,
)
from pixi_jupyter.notebook.metadata import (
    NotebookEnvironment,
    read_environment,
    write_environment,
)
from pixi_jupyter.notebook.specs import kernelspec
from pixi_jupyter.platforms import host_subdir
from pixi_jupyter.trust.consent import trust_own

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_NAME = "notebook"
"""The same for all, so that equal environments are one content."""
_PLATFORMS = ("linux-64", "osx-arm64", "win-64")
"""What people have to whom a notebook is sent."""


def init_notebook(
    path: Path, *, channels: Sequence[str] = (), platforms: Sequence[str] = ()
) -> bool:
    """Write a new environment, with Python, into a notebook.

    Parameters
    ----------
    path
        Of the notebook; made where it is not there.
    channels
        Empty: those of the settings.
    platforms
        Empty: this computer's, and what most other people have.

    Returns
    -------
    bool
        Whether the notebook is new.

    Raises
    ------
    NotebookReadError, NotebookEnvironmentExistsError, WriteError
    """
    is_new = not path.exists()
    was = None if is_new else read_notebook_bytes(path)
    notebook = _empty() if was is None else parse_notebook(was, path)
    if read_environment(notebook, path=path) is not None:
        raise NotebookEnvironmentExistsError(path)
    wanted = platforms or dict.fromkeys((*_PLATFORMS, host_subdir()))
    text = new_manifest(
        _NAME, channels or read_settings().default_channels, sorted(wanted)
    )
    environment = NotebookEnvironment(manifest=f'{text}python = "*"\n')
    write_environment(notebook, environment)
    notebook["metadata"]["kernelspec"] = kernelspec()
    path.parent.mkdir(parents=True, exist_ok=True)
    write_notebook(path, notebook, was=was)
    begin_copy(path, environment)
    trust_own(environment)
    return is_new


def _empty() -> dict[str, Any]:
    cell: dict[str, Any] = {
        "cell_type": "code",
        "execution_count": None,
        "id": "first",
        "metadata": {},
        "outputs": [],
        "source": [],
    }
    return {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
