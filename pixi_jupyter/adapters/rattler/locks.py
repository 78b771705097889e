"""Lock files, as py-rattler reads and renews them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from rattler import LockFile, RepoDataRecord

from pixi_jupyter.adapters.rattler.failures import mapped


def newest_lock_text(text: str, what: str) -> str:
    """Bring the text of an older lock file to the newest version.

    Raises
    ------
    LockParseError
    """
    with tempfile.TemporaryDirectory(prefix="pixi-jupyter-") as folder:
        path = Path(folder) / "pixi.lock"
        path.write_text(text, encoding="utf-8")
        with mapped(what):
            LockFile.from_path(path).to_path(path)
        return path.read_text(encoding="utf-8")


LockedRecords = dict[str, dict[str, list[RepoDataRecord]]]
"""Conda records by environment and platform name."""


def read_lock_records(path: Path) -> LockedRecords:
    """Read the conda records of every environment and platform of a lock.

    Raises
    ------
    LockParseError
        If py-rattler does not accept the file.
    """
    with mapped(str(path)):
        lock = LockFile.from_path(path)
        found: LockedRecords = {}
        for name, environment in lock.environments():
            rows = found.setdefault(name, {})
            for platform in environment.platforms():
                rows[platform.name] = (
                    environment.conda_repodata_records_for_platform(platform) or []
                )
    return found
