"""Whether the files of a prefix are those that its packages brought."""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pixi_jupyter.install.prefix import read_packages

if TYPE_CHECKING:
    from collections.abc import Collection

    from pixi_jupyter.install.prefix import InstalledFile, InstalledPackage

Damage = dict[str, list[tuple[str, str]]]
"""(path, what is wrong with it) of all damaged files, by package."""

MISSING, SIZE, CONTENT = "missing", "size", "content"

_CHUNK = 1 << 20


def verify_prefix(
    prefix: Path, only: Collection[str] | None = None, *, hashes: bool = False
) -> Damage:
    """Find the packages whose files are not as they were linked.

    Parameters
    ----------
    prefix
        Absolute path.
    only
        Names of the packages in question; None for all.
    hashes
        Read every file. Without, a file counts as right if it is there and has
        the right size; the size of a file that the linker patched is not known.

    Notes
    -----
    Blocks: 17,000 files take 0.1 s by size and 0.4 s by hash from a warm page
    cache. Call it in a thread.
    """
    check = partial(_damage, prefix, hashes=hashes)
    packages = list(read_packages(prefix, only))
    workers = min(4, os.cpu_count() or 1)
    if hashes and workers > 1:
        with ThreadPoolExecutor(workers) as pool:
            found = list(pool.map(check, packages))
    else:
        found = list(map(check, packages))
    return {
        package.name: damage
        for package, damage in zip(packages, found, strict=True)
        if damage
    }


def _damage(
    prefix: Path, package: InstalledPackage, *, hashes: bool
) -> list[tuple[str, str]]:
    found = []
    for file in package.files:
        # strings, because a Path for each of 10,000 files costs more than lstat
        path = f"{prefix}/{file.path}"
        if wrong := _wrong(path, file, hashes=hashes):
            found.append((file.path, wrong))
    return found


def _wrong(path: str, file: InstalledFile, *, hashes: bool) -> str | None:
    try:
        size = os.lstat(path).st_size
        if file.is_link:
            return None
        if file.size is not None and size != file.size:
            return SIZE
        if hashes and file.sha256 and sha256_of(Path(path)) != file.sha256:
            return CONTENT
    except OSError:
        return MISSING
    return None


def sha256_of(path: Path) -> str:
    """Hash a file.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
