"""Where the environment and the lock of a script are.

Rules: pixi 0.77.0, scripts (read 2026-11). A script has no folder of its own: its
environment is in the cache, and its lock beside it only where somebody asked for one.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FOLDER = "script-envs"
"""In the cache."""
_LONGEST = 100


def is_script(manifest: Path) -> bool:
    """Tell whether a manifest is the block of a script, by its name alone."""
    return manifest.suffix.lower() != ".toml"


def home_of(manifest: Path, environ: Mapping[str, str] = os.environ) -> Path:
    """Give the folder whose ``.pixi`` belongs to a manifest.

    Parameters
    ----------
    manifest
        Absolute path of the file.

    Notes
    -----
    Of a script it is one in the cache, or where environments are detached to, named
    after the script and its path.
    """
    if not is_script(manifest):
        return manifest.parent
    import xxhash

    from pixi_jupyter.config import read_settings

    settings = read_settings(environ=environ)
    base = settings.detached or settings.cache_dir / FOLDER
    slug = re.sub(r"[^a-z0-9]+", "-", manifest.name.lower()).strip("-")[:_LONGEST]
    # whichever way a person takes to it
    mark = xxhash.xxh3_64_hexdigest(os.fsencode(os.path.normpath(manifest)))
    return base / f"{slug or 'script'}-{mark}"


def lock_beside(script: Path) -> Path:
    """Give the place of the lock that goes where its script goes."""
    return script.with_name(f"{script.name}.pixi.lock")


def lock_of(manifest: Path, home: Path, *, beside: bool = False) -> Path:
    """Give the place of a manifest's lock.

    Parameters
    ----------
    home
        As `home_of` gives it.
    beside
        Of a script: the one beside it, whether it is there or not. Without it, one
        that only this computer knows will do.
    """
    if not is_script(manifest):
        return manifest.parent / "pixi.lock"
    kept = lock_beside(manifest)
    return kept if beside or kept.exists() else home / ".pixi" / "pixi.lock"
