"""Whether there is room for what is going to be fetched and linked.

What is counted is the least that can be needed, so that nothing is refused that
would fit; a disk that is full all the same is found on the way.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from pixi_jupyter.errors import DiskFullError
from pixi_jupyter.install.cached import package_folder, read_files
from pixi_jupyter.install.prefix import read_packages
from pixi_jupyter.install.refusals import AS_IT_WAS

if TYPE_CHECKING:
    from pathlib import Path

    from pixi_jupyter.install.plan import InstallPlan

UNPACKED_RATIO = 20
"""A disk with this many times the size of the archives is not looked at closer."""


def check_cache_room(cache_dir: Path, needed: int) -> None:
    """See that the archives that are fetched fit into the cache.

    Parameters
    ----------
    cache_dir
        Need not be there yet.
    needed
        Bytes of all archives; unpacked they are larger.

    Raises
    ------
    DiskFullError
        Nothing was changed.
    """
    free = free_bytes(cache_dir) if needed else None
    if free is not None and free < needed:
        raise DiskFullError(
            cache_dir, needed=needed, free=free, is_cache=True, state=AS_IT_WAS
        )


def check_prefix_room(prefix: Path, packages_dir: Path, plan: InstallPlan) -> None:
    """See that packages fit into a prefix before anything is taken out of it.

    Parameters
    ----------
    prefix
        What is going to be changed.
    packages_dir
        Where the packages lie.
    plan
        What is going to be done.

    Raises
    ------
    DiskFullError
        Nothing was changed.

    Notes
    -----
    Costs one look at the disk unless that is nearly full.
    """
    free = free_bytes(prefix)
    archives = sum(each.size or 0 for each in plan.to_link)
    if free is None or free > archives * UNPACKED_RATIO + len(plan.to_link) * 100_000:
        return
    linked = _device(prefix) == _device(packages_dir)
    needed = sum(
        _size(package_folder(packages_dir, record), record.size or 0, linked=linked)
        for record in plan.to_link
    )
    if free < needed and free + _leaving(prefix, plan) < needed:
        raise DiskFullError(prefix, needed=needed, free=free, state=AS_IT_WAS)


def _size(folder: Path, archive: int, *, linked: bool) -> int:
    """Give the room that a package takes in a prefix."""
    files = read_files(folder)
    if not files:
        return 0 if linked else archive
    # on one disk, only what the prefix is written into is a copy
    return sum(
        file.size
        for file in files
        if not file.is_link and (file.placeholder or not linked)
    )


def _leaving(prefix: Path, plan: InstallPlan) -> int:
    """Give the room that is free again before anything is linked."""
    size = 0
    for package in read_packages(prefix, plan.to_unlink):
        for file in package.files:
            with suppress(OSError):
                found = (prefix / file.path).lstat()
                size += found.st_size if found.st_nlink == 1 else 0
    return size


def free_bytes(folder: Path) -> int | None:
    """Give the room on the disk of a folder, or of where it is going to be.

    Returns
    -------
    int or None
        None where the file system does not tell.
    """
    try:
        place = _existing(folder)
        if not hasattr(os, "statvfs"):
            return shutil.disk_usage(place).free
        found = os.statvfs(place)
    except OSError:
        return None
    if not found.f_blocks:
        return None  # some file systems of networks answer with zeros
    blocks = found.f_bfree if os.geteuid() == 0 else found.f_bavail
    return blocks * found.f_frsize


def _device(folder: Path) -> int:
    return _existing(folder).stat().st_dev


def _existing(folder: Path) -> Path:
    for place in (folder, *folder.parents):
        if place.exists():
            return place
    return folder
