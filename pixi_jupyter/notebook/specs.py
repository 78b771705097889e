"""The kernel "Pixi: this notebook": one name for whatever a notebook carries."""

from __future__ import annotations

from typing import Any

KERNEL_NAME = "pixi-notebook"
"""The same on every computer, so that a notebook finds it wherever it is opened."""
DISPLAY_NAME = "Pixi: this notebook"
MODULE = "pixi_jupyter.kernels.launch"


def kernelspec(language: str = "python") -> dict[str, str]:
    """Give what a notebook's metadata says of its kernel."""
    return {"display_name": DISPLAY_NAME, "language": language, "name": KERNEL_NAME}


def kernel_json() -> dict[str, Any]:
    """Give the content of its kernel.json, which holds no path of a computer."""
    return {
        # Jupyter takes its own Python for the first word
        "argv": ["python", "-m", MODULE, "--notebook", "-f", "{connection_file}"],
        "display_name": DISPLAY_NAME,
        "language": "python",
        "interrupt_mode": "signal",
        "metadata": {
            "debugger": True,
            "kernel_provisioner": {
                "provisioner_name": "pixi-jupyter",
                "config": {"notebook": True},
            },
        },
    }
