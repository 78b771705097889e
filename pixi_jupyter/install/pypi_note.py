"""The names of PyPI packages that an install began with: for the one after a kill."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

from pixi_jupyter.errors import PypiInstallError

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

NOTE_FILE = "pixi-jupyter-pypi"
"""In conda-meta, while packages are changed."""


def noted(prefix: Path) -> frozenset[str]:
    """Read the names that an install began with and did not end."""
    try:
        found = json.loads((prefix / "conda-meta" / NOTE_FILE).read_bytes())
    except (OSError, ValueError):
        return frozenset()
    return frozenset(map(str, found)) if isinstance(found, list) else frozenset()


def note(prefix: Path, names: Collection[str]) -> None:
    """Write the names that an install begins with; none ends it.

    Raises
    ------
    PypiInstallError
    """
    path = prefix / "conda-meta" / NOTE_FILE
    if not names:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(sorted(names)), encoding="utf-8")
    except OSError as error:
        raise PypiInstallError(prefix, reason=str(error)) from error
