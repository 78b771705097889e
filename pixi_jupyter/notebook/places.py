"""Where the environments of notebooks are kept.

Two places: a working copy for each notebook of this computer's own, by the path of the
file, which is a workspace like any other; and one prefix for each content, which
notebooks with equal environments share and nobody changes.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from pixi_jupyter.config import read_settings

FOLDER = "notebook-envs"
"""In the cache: environments addressed by content."""
SHORT = 16
"""Characters of a digest that name a folder."""
ENVIRONMENT = "default"
"""The name that an environment has in what a notebook carries."""
MANIFEST, LOCK = "pixi.toml", "pixi.lock"
_LONGEST = 60


def user_data() -> Path:
    """Give the folder of what this person made or agreed to."""
    import platformdirs

    return Path(platformdirs.user_data_path("pixi-jupyter", appauthor=False))


def working_copy(path: Path) -> Path:
    """Give the folder of a notebook's own workspace, whether it is there or not.

    Parameters
    ----------
    path
        Of the notebook. Whichever way a person takes to it, the folder is the same.
    """
    import xxhash

    real = os.path.realpath(path)
    stem = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-")[:_LONGEST]
    mark = xxhash.xxh3_64_hexdigest(os.fsencode(real))
    return user_data() / "notebooks" / f"{stem or 'notebook'}-{mark}"


def content_home(digest: str, *, cache_dir: Path | None = None) -> Path:
    """Give the folder of the workspace that stands for a content.

    Parameters
    ----------
    digest
        Of a `NotebookEnvironment`; hexadecimal.
    cache_dir
        None for the one of the settings.
    """
    if not re.fullmatch(r"[0-9a-f]{64}", digest):
        msg = f"{digest!r} is no sha256"
        raise ValueError(msg)
    return (cache_dir or read_settings().cache_dir) / FOLDER / digest[:SHORT]


def content_prefix(digest: str, *, cache_dir: Path | None = None) -> Path:
    """Give the prefix that all notebooks with this content share."""
    home = content_home(digest, cache_dir=cache_dir)
    return home / ".pixi" / "envs" / ENVIRONMENT
