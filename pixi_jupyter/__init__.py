"""Reproducible environments for notebooks: pixi workspaces as Jupyter kernels."""

from __future__ import annotations

from pixi_jupyter._version import PIXI_VERSION, __version__

__all__ = ["PIXI_VERSION", "__version__"]


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """Tell Jupyter Server which module is its extension."""
    return [{"module": "pixi_jupyter.server.app"}]
