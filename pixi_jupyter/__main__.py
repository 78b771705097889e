"""``python -m pixi_jupyter`` is the command ``pixi-jupyter``."""

from __future__ import annotations

from pixi_jupyter.cli.main import entry

if __name__ == "__main__":
    entry()
