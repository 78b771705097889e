"""For tests and notebooks alike: the command is found, whatever PATH says."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def pytest_configure() -> None:
    """Put the folder of this Python's programs first, as an activated venv does."""
    programs = str(Path(sys.executable).parent)
    os.environ["PATH"] = os.pathsep.join([programs, os.environ.get("PATH", "")])
