"""Remove what was downloaded, for all workspaces of this computer.

Names of the folders: pixi 0.77.0 (read 2026-11). An install by py-rattler, pixi's own
included, holds ``pkgs/.cache.lock`` from its first package to its last, and a reader
of repodata the ``.lock`` beside it: under these locks nothing is taken away that
somebody is about to link or to read. The lock files themselves stay, for whoever
waits at one must not end up with another file than those who come later.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from pixi_jupyter.config import read_settings
from pixi_jupyter.errors import (
    ConsentNeededError,
    ManifestNotFoundError,
    RemoveError,
)
from pixi_jupyter.install.fetch import PACKAGES_LOCK, scratch_folder, sweep_cache
from pixi_jupyter.install.filelock import FileLock
from pixi_jupyter.manifest.discovery import find_manifest
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.clean import CleanResult
from pixi_jupyter.verbs.request import Request
from pixi_jupyter.workspace.cleaning import Cleaner, Target, measured

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pixi_jupyter.events import Operation

_FOLDERS = {
    "pypi": ("uv-cache", "pypi-metadata-v1", "pypi-stubs-v1"),
    "conda": ("pkgs",),
    "mapping": ("conda-pypi-mapping",),
    "exec": ("cached-envs-v0",),
    "repodata": ("repodata",),
    "notices": ("channel-notices",),
    "build_backends": (
        "backends-v0",
        "cached-build-tool-envs-v0",
        "cached-build-envs-v0",
    ),
    "build": ("git-v0", "git-cache-v0", "url-v0", "work", "metadata", "bld"),
}
_IN_USE = "it is in use"


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanCacheRequest(Request):
    """Which caches; all where none is named."""

    manifest: Path | None = None
    """A workspace whose configuration may say where the cache is."""
    conda: bool = False
    """Packages."""
    pypi: bool = False
    repodata: bool = False
    mapping: bool = False
    """Names of conda packages on PyPI."""
    exec: bool = False
    notices: bool = False
    build_backends: bool = False
    build: bool = False
    yes: bool = False
    """Agreed that all caches go."""
    dry_run: bool = False
    """Remove nothing."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """The caches that are named."""
        return tuple(kind for kind in _FOLDERS if getattr(self, kind))


async def clean_cache(request: CleanCacheRequest, operation: Operation) -> CleanResult:
    """Remove caches that nobody is using at this moment.

    Raises
    ------
    ConsentNeededError
        If no cache was named, and nobody agreed that all go.
    RemoveError
        Something stays; all the rest is gone.

    Notes
    -----
    Never waits: what is in use stays, and is named in the result. Of a folder that is
    no cache of pixi's or ours nothing is removed.
    """
    if not (request.kinds or request.yes or request.dry_run):
        what = "Removing the whole cache"
        raise ConsentNeededError(what, agreed="{command} clean cache --yes")
    cache = cache_folder(request.manifest)
    cleaning = _Cleaning(cache, list(_rooms(cache, request)), operation)
    return (
        await asyncio.to_thread(cleaning.plan)
        if request.dry_run
        else (await cleaning.run())
    )


def cache_folder(manifest: Path | None = None) -> Path:
    """Give the root of the cache, as the configuration of a workspace says."""
    try:
        root = find_manifest(Path.cwd(), manifest).parent
    except ManifestNotFoundError:
        if manifest is not None:
            raise
        root = None
    return read_settings(root).cache_dir


def _rooms(cache: Path, request: CleanCacheRequest) -> Iterator[tuple[Path, str]]:
    """Give the folders that are to be emptied, and their kinds."""
    for kind in request.kinds or _FOLDERS:
        for name in _FOLDERS[kind]:
            if os.path.lexists(cache / name):
                yield cache / name, kind


@dataclass(frozen=True, slots=True)
class _Cleaning:
    cache: Path
    rooms: Sequence[tuple[Path, str]]
    operation: Operation

    def plan(self) -> CleanResult:
        """Tell what would go, without a lock."""
        targets, kept = [], []
        for path, kind in self.rooms:
            if kind == "conda" and _is_locked(path / PACKAGES_LOCK):
                kept.append((path, _IN_USE))
            else:
                targets.append(Target(path, kind))
        removed = measured(targets)
        some = tuple(each for each in removed if each.size_bytes)
        return CleanResult(removed=some, kept=tuple(kept), dry_run=True)

    async def run(self) -> CleanResult:
        """Move everything into one folder that is swept, then remove that."""
        if not self.rooms:
            return CleanResult()
        try:
            scratch = await asyncio.to_thread(scratch_folder, self.cache)
        except OSError as error:
            raise RemoveError([self.cache], reason=str(error)) from error
        cleaner = Cleaner(self.operation)
        kept: list[tuple[Path, str]] = []
        for number, (path, kind) in enumerate(self.rooms):
            aside = scratch / str(number)
            aside.mkdir()
            try:
                busy = await asyncio.to_thread(_EMPTY.get(kind, _move), path, aside)
            except OSError as error:
                cleaner.failed.append((path, error.strerror or str(error)))
            else:
                kept += [(each, _IN_USE) for each in busy]
            if any(aside.iterdir()):
                cleaner.aside.append(Target(path, kind, aside=aside))
        try:
            removed = await cleaner.remove(())
        finally:
            await asyncio.to_thread(shutil.rmtree, scratch, ignore_errors=True)
            await asyncio.to_thread(sweep_cache, self.cache)
        return CleanResult(removed=removed, kept=tuple(kept))


def _move(room: Path, aside: Path) -> list[Path]:
    room.rename(aside / room.name)
    return []


def _empty_packages(room: Path, aside: Path) -> list[Path]:
    """Move packages, and what killed processes left of them, under rattler's lock."""
    lock = FileLock(room / PACKAGES_LOCK)
    if not lock.acquire():
        return [room]
    try:
        _move_children(room, aside, lambda path: path.name.endswith(".lock"))
    finally:
        lock.release()
    return []


def _empty_repodata(room: Path, aside: Path) -> list[Path]:
    """Move what nobody is reading; a file belongs to the lock of the same stem."""
    busy = {
        path.stem
        for path in room.iterdir()
        if path.suffix == ".lock" and _is_locked(path)
    }
    _move_children(
        room,
        aside,
        lambda path: path.suffix == ".lock" or path.name.partition(".")[0] in busy,
    )
    return [room / f"{stem}.json" for stem in sorted(busy)]


def _move_children(room: Path, aside: Path, stays: Callable[[Path], bool]) -> None:
    for path in sorted(room.iterdir()):
        if not stays(path):
            try:
                path.rename(aside / path.name)
            except FileNotFoundError:
                continue


def _is_locked(path: Path) -> bool:
    if not path.exists():
        return False
    lock = FileLock(path)
    try:
        if lock.acquire():
            lock.release()
            return False
    except OSError:
        pass
    return True


_EMPTY: dict[str, Callable[[Path, Path], list[Path]]] = {
    "conda": _empty_packages,
    "repodata": _empty_repodata,
}
