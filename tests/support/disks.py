"""Small and read-only disks, in a process that has its own mounts.

A test gives steps, each ``(name, *values)`` with the name of a function of
`support.disk_child`, and gets what each of them gave.
"""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
CHILD = Path(__file__).with_name("disk_child.py")


@functools.cache
def _unshare() -> list[str] | None:
    """Give the words that start a process with its own mounts; None if forbidden."""
    for words in (["unshare", "-m"], ["unshare", "-rm"]):
        try:
            tried = subprocess.run(
                [*words, "mount", "-t", "tmpfs", "none", "/mnt"],
                capture_output=True,
                check=False,
            )
        except OSError:
            return None
        if tried.returncode == 0:
            return words
    return None


def on_disks(*steps: tuple[Any, ...]) -> list[Any]:
    """Take steps one after the other, with mounts that nobody else sees."""
    words = _unshare()
    if words is None:
        pytest.skip("a process must not have its own mounts here")
    done = subprocess.run(
        [*words, sys.executable, str(CHILD), json.dumps(steps, default=str)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    found: list[Any] = json.loads(done.stdout)
    return found
