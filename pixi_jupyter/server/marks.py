"""Which state the files of a workspace are in, cheaply enough to ask each second."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeAlias

from pixi_jupyter.install.state import STATE_FILE
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from pathlib import Path

Mark: TypeAlias = tuple[int, int, int] | None
"""Time, size and number of a file; None where there is none."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What would be another one if anything of a workspace were."""

    manifest: Mark
    lock: Mark
    prefixes: tuple[tuple[str, Mark, Mark], ...]
    """Environment, its state file and its folder of records."""
    operations: tuple[tuple[str, Mark], ...]
    """Record of an operation."""


def mark(path: str | Path) -> Mark:
    """Read time, size and number of a file."""
    try:
        status = os.stat(path)  # noqa: PTH116  asked many times a second
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def read_marks(manifest: Path, envs: Path | None = None) -> Marks:
    """Look at a workspace's files; blocks for as long as its disk takes.

    Parameters
    ----------
    envs
        Folder of its prefixes, where it is not in the workspace.
    """
    root = manifest.parent
    folder = envs or root / ".pixi" / "envs"
    prefixes = (
        (
            entry.name,
            mark(os.path.join(entry.path, "conda-meta", STATE_FILE)),  # noqa: PTH118
            mark(os.path.join(entry.path, "conda-meta")),  # noqa: PTH118
        )
        for entry in _entries(folder)
        if not entry.name.startswith(".")
    )
    operations = (
        (entry.name, mark(entry.path))
        for entry in _entries(root / ".pixi" / "operations")
        if entry.name.endswith(".json") and not entry.name.startswith(".")
    )
    return Marks(
        manifest=mark(manifest),
        lock=mark(root / "pixi.lock"),
        prefixes=tuple(sorted(prefixes, key=lambda each: each[0])),
        operations=tuple(sorted(operations, key=lambda each: each[0])),
    )


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []
