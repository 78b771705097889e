"""The files by which pixi knows its own prefixes.

Source: pixi 0.77.0, ``core/environment`` (reference, run 6.1 and 6.3, read 2026-11).
Standard library only.
"""

from __future__ import annotations

import errno
import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from pixi_jupyter._version import PIXI_VERSION
from pixi_jupyter.adapters.files import read_file
from pixi_jupyter.errors import WriteError
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pixi_jupyter.platforms import Platform

MARKER_FILE = "pixi"
"""In conda-meta."""

INVALID_HASH = "invalid-hash"
"""Written after an install that left packages out: no lock ever agrees with it."""

_HISTORY = "// not relevant for pixi but for `conda run -p`"

_IGNORE_FILES = {
    ".gitignore": "*\n!config.toml\n",
    ".condapackageignore": ".pixi\n!.pixi/config.toml\n",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """What pixi wrote, or would write, after a complete install."""

    manifest_path: str
    environment_name: str
    environment_lock_file_hash: str
    pixi_version: str = PIXI_VERSION
    resolved_platform: Mapping[str, Any] | None = None
    """``{subdir, virtual_packages}`` of the platform that was installed."""
    minimum_supported_platform: Mapping[str, Any] | None = None
    """``{subdir, requirements}`` that the locked packages really have."""


def write_marker(
    prefix: Path,
    *,
    manifest: Path,
    environment: str,
    lock_hash: str,
    platform: Platform | None = None,
    minimum: Mapping[str, Any] | None = None,
) -> None:
    """Write the marker, and what else pixi puts beside it.

    Parameters
    ----------
    prefix
        Whole, and in ``.pixi/envs`` or wherever environments are detached to.
    manifest
        Absolute path.
    environment
        Its name.
    lock_hash
        ``environment_hash`` of the lock, or `INVALID_HASH`.
    platform
        What was installed.
    minimum
        What the locked packages really need; null is as good for pixi.

    Raises
    ------
    WriteError
        If a file cannot be written; the prefix is whole all the same.
    """
    meta = prefix / "conda-meta"
    resolved = platform and {
        "subdir": platform.subdir,
        "virtual_packages": [str(each) for each in platform.virtual_packages],
    }
    data = {
        "manifest_path": str(manifest),
        "environment_name": environment,
        "pixi_version": PIXI_VERSION,
        "environment_lock_file_hash": lock_hash,
        "resolved_platform": resolved,
        "minimum_supported_platform": minimum,
    }
    _write(meta / MARKER_FILE, json.dumps(data, indent=2))
    _write(meta / "pixi_env_prefix", str(meta))
    _write(meta / "history", _HISTORY)


def write_pixi_files(pixi_dir: Path) -> None:
    """Keep ``.pixi`` out of git and of package builds.

    Files that are there stay as they are; a read-only file system is no error.

    Raises
    ------
    WriteError
        If a file cannot be written for any other reason.
    """
    for name, text in _IGNORE_FILES.items():
        if (pixi_dir / name).exists():
            continue
        try:
            _write(pixi_dir / name, text)
        except WriteError as error:
            cause = error.__cause__
            if not (isinstance(cause, OSError) and cause.errno == errno.EROFS):
                raise


def read_marker(prefix: Path) -> Marker | None:
    """Read the marker; None where there is none that can be read.

    Markers of older versions of pixi, which lack the platforms, are read too.
    """
    try:
        data = json.loads(read_file(prefix / "conda-meta" / MARKER_FILE))
        return Marker(
            manifest_path=str(data["manifest_path"]),
            environment_name=str(data["environment_name"]),
            pixi_version=str(data["pixi_version"]),
            environment_lock_file_hash=str(data["environment_lock_file_hash"]),
            resolved_platform=_table(data.get("resolved_platform")),
            minimum_supported_platform=_table(data.get("minimum_supported_platform")),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _table(value: object) -> dict[str, Any] | None:
    return value if isinstance(value, dict) else None


def moved_from(prefix: Path) -> str | None:
    """Tell where a prefix was made, if that is not where it is.

    Returns
    -------
    str or None
        The conda-meta folder that the prefix was made with. Files in it hold that
        path, so it has to be removed and made anew.
    """
    meta = prefix / "conda-meta"
    try:
        made = read_file(meta / "pixi_env_prefix").decode("utf-8", "surrogateescape")
    except (OSError, ValueError):
        return None
    return made if made and made != str(meta) else None


def _write(path: Path, text: str) -> None:
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # a path may hold bytes that are no text
        temporary.write_bytes(text.encode("utf-8", "surrogateescape"))
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise WriteError(path, reason=str(error)) from error
