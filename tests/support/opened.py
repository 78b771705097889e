"""Notebooks in a real JupyterLab whose kernels are of a workspace in its root."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat

from pixi_jupyter.kernelspecs.names import kernel_name
from pixi_jupyter.platforms import host_subdir

MANIFEST = """\
[workspace]
name = "climate"
channels = ["{channel}"]
platforms = ["{platform}"]

[dependencies]
python = "*"
{package} = "*"
"""


def write_workspace(channel: str, package: str) -> None:
    """Make the workspace in the current folder."""
    text = MANIFEST.format(channel=channel, platform=host_subdir(), package=package)
    Path("pixi.toml").write_text(text)


def open_notebook(page: Any, *cells: str) -> None:
    """Open a notebook whose kernel is the default environment's."""
    made = nbformat.v4.new_notebook()
    name = kernel_name("climate", Path.cwd(), "default")
    made.metadata["kernelspec"] = {"name": name, "display_name": "climate: default"}
    made.cells = [nbformat.v4.new_code_cell(each) for each in cells]
    nbformat.write(made, "start.ipynb")
    page.goto(page.url.partition("/lab")[0] + "/lab/tree/start.ipynb?reset")


def run_cell(page: Any) -> None:
    """Run the first cell."""
    page.click(".jp-Notebook .cm-content >> nth=0")
    page.keyboard.press("Shift+Enter")
