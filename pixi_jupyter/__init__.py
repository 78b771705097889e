"""Reproducible environments for notebooks: pixi workspaces as Jupyter kernels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter._version import PIXI_VERSION, __version__

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["PIXI_VERSION", "__version__"]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    """Tell Jupyter Server which class is its extension."""
    from pixi_jupyter.server.app import PixiJupyter

    return [{"module": "pixi_jupyter.server.app", "app": PixiJupyter}]


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Tell JupyterLab where the panel is, for development."""
    return [{"src": "labextension", "dest": "pixi-jupyter"}]


def load_ipython_extension(ip: InteractiveShell) -> None:
    """Give a shell ``%pixi``; called by ``%load_ext pixi_jupyter``."""
    from pixi_jupyter import inkernel

    inkernel.load_ipython_extension(ip)


def unload_ipython_extension(ip: InteractiveShell) -> None:
    """Take ``%pixi`` away; called by ``%unload_ext pixi_jupyter``."""
    from pixi_jupyter import inkernel

    inkernel.unload_ipython_extension(ip)
