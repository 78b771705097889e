"""Kernels as real processes, asked in code."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_client.blocking.client import BlockingKernelClient

SITE_PACKAGES = sysconfig.get_paths()["purelib"]
"""Where the ipykernel of the tests' own interpreter is."""


class CellError(Exception):
    """Code raised in the kernel."""


def run_cell(client: BlockingKernelClient, code: str, timeout: float = 30) -> str:
    """Execute code and give what it printed."""
    printed: list[str] = []

    def hook(message: dict[str, Any]) -> None:
        if message["msg_type"] == "stream":
            printed.append(message["content"]["text"])

    reply = client.execute_interactive(code, timeout=timeout, output_hook=hook)
    if reply["content"]["status"] != "ok":
        raise CellError(reply["content"].get("ename"), reply["content"].get("evalue"))
    return "".join(printed)


def ask(client: BlockingKernelClient, expression: str) -> Any:
    """Evaluate an expression whose value JSON can hold; leaves no name behind."""
    return json.loads(
        run_cell(client, f"print(__import__('json').dumps({expression}))")
    )


def make_environment(folder: Path, *, ipykernel: bool) -> Path:
    """Make something like an installed environment, and give its interpreter.

    Parameters
    ----------
    folder
        Where to make it.
    ipykernel
        Whether it has ipykernel: that of the tests' own interpreter.
    """
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True
    )
    (folder / "conda-meta").mkdir()
    (folder / "conda-meta" / "python-3.99.0-0.json").write_text("{}")
    python = folder / (
        "Scripts/python.exe" if sys.platform == "win32" else "bin/python"
    )
    if ipykernel:
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        packages = folder / "lib" / version / "site-packages"
        if sys.platform == "win32":
            packages = folder / "Lib" / "site-packages"
        (packages / "tests.pth").write_text(SITE_PACKAGES)
    return python
