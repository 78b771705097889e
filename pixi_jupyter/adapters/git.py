"""What git knows of the person in front of it."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_SECONDS = 5


def read_author(folder: Path) -> tuple[str, str] | None:
    """Give name and mail of who commits in a folder.

    Parameters
    ----------
    folder
        It, or the nearest folder above it that is there, says which repository.

    Returns
    -------
    tuple or None
        The mail may be empty; None without git, or without a name.
    """
    program = shutil.which("git")
    if program is None:
        return None
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    name, mail = (
        _configured(program, folder, key) for key in ("user.name", "user.email")
    )
    return (name, mail) if name else None


def _configured(program: str, folder: Path, key: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603  git, found in PATH
            [program, "config", "--get", key],
            cwd=folder,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    text = done.stdout.decode(errors="replace") if done.returncode == 0 else ""
    return " ".join(text.split())
