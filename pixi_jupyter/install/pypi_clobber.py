"""Which files of conda packages a wheel would replace, or has replaced."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING

from pixi_jupyter.errors import (
    ClobberError,
    DownloadError,
    OfflineError,
    PypiInstallError,
)
from pixi_jupyter.install.obstacles import move_aside, tell_moved
from pixi_jupyter.install.prefix import read_packages
from pixi_jupyter.install.pypi_dists import files_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pixi_jupyter.events import Operation
    from pixi_jupyter.install.pypi_dists import InstalledDist
    from pixi_jupyter.solve.archives import Metadata
    from pixi_jupyter.solve.metadata import MetadataStore
    from pixi_jupyter.solve.pypi_record import PypiRecord

_PROGRAMS = "Scripts" if sys.platform == "win32" else "bin"


def conda_owners(prefix: Path) -> dict[str, str]:
    """Give the conda package of each file of a prefix, by its path in it.

    Notes
    -----
    Blocks: reads all records of conda-meta.
    """
    return {
        file.path: package.name
        for package in read_packages(prefix)
        for file in package.files
    }


def refuse_conda_dists(
    prefix: Path, dists: Iterable[InstalledDist], owners: Mapping[str, str]
) -> None:
    """Look at distributions that would be replaced, whatever their INSTALLER says.

    Raises
    ------
    ClobberError
        If a conda package brought one of them.
    """
    files = {}
    for dist in dists:
        path = dist.path.relative_to(prefix).as_posix()
        for name in ("METADATA", "RECORD", "INSTALLER"):
            if owner := owners.get(f"{path}/{name}"):
                files[dist.name, owner] = [f"{path}/{name}"]
    if files:
        raise ClobberError(prefix, files=files)


async def refuse_clobbers(
    prefix: Path,
    site: str,
    records: Sequence[PypiRecord],
    *,
    owners: Mapping[str, str],
    store: MetadataStore,
    root: Path,
) -> dict[str, list[str]]:
    """Look into wheels before they are installed.

    Parameters
    ----------
    site
        The folder of packages, relative to the prefix.

    Returns
    -------
    dict
        By name of a package, the paths in the prefix that its files get.

    Raises
    ------
    ClobberError
        If one of them holds a file that a conda package has there.

    Notes
    -----
    Reads the end of each wheel, once for all prefixes. What cannot be read, and what
    has to be built, is looked at after the install.
    """

    async def listed(record: PypiRecord) -> Metadata | None:
        file = record.file(root)
        if file is None or not file.is_wheel:
            return None
        try:
            return await store.of(file, listing=True)
        except (OfflineError, DownloadError):
            return None

    found = await asyncio.gather(*map(listed, records))
    files = {
        record.name: list(_places(each, site))
        for record, each in zip(records, found, strict=True)
        if each is not None
    }
    _refuse(prefix, files, owners, is_done=False)
    return files


def clear_for_wheels(
    prefix: Path,
    files: Mapping[str, Iterable[str]],
    dists: Iterable[InstalledDist],
    owners: Mapping[str, str],
    operation: Operation,
) -> None:
    """Move what is the user's out of the way of wheels, and say so.

    Parameters
    ----------
    files
        By name of a package, the paths that its files get.
    dists
        What lies in the prefix: its files are nobody's obstacles.
    owners
        See `conda_owners`.

    Raises
    ------
    PypiInstallError
        If something cannot be moved; no package was touched.
    """
    owned = {path for dist in dists for path in files_of(dist, prefix)}
    found = {
        path: name
        for name, paths in files.items()
        for path in paths
        if path not in owned
        and path not in owners
        and os.path.lexists(prefix / path)
        and not (prefix / path).is_dir()
    }
    try:
        moved = {path: move_aside(prefix, path) for path in found}
    except OSError as error:
        raise PypiInstallError(prefix, reason=str(error)) from error
    tell_moved(prefix, found, moved, operation)


def report_clobbers(
    prefix: Path, dists: Iterable[InstalledDist], owners: Mapping[str, str]
) -> None:
    """Look at what was installed.

    Raises
    ------
    ClobberError
        If files of conda packages were replaced.
    """
    files = {dist.name: list(files_of(dist, prefix)) for dist in dists}
    _refuse(prefix, files, owners, is_done=True)


def _refuse(
    prefix: Path,
    files: Mapping[str, Sequence[str]],
    owners: Mapping[str, str],
    *,
    is_done: bool,
) -> None:
    pairs: dict[tuple[str, str], list[str]] = {}
    for name, paths in files.items():
        for path in paths:
            if path in owners:
                pairs.setdefault((name, owners[path]), []).append(path)
    if pairs:
        raise ClobberError(prefix, files=pairs, is_done=is_done)


def _places(metadata: Metadata, site: str) -> Iterator[str]:
    """Give the paths in a prefix that the files of a wheel get."""
    for path in metadata.files or ():
        folder, _, rest = path.partition("/")
        kind, _, inside = rest.partition("/")
        if not folder.endswith(".data"):
            yield f"{site}/{path}"
        elif kind in {"purelib", "platlib"}:
            yield f"{site}/{inside}"
        elif kind == "scripts":
            yield f"{_PROGRAMS}/{inside}"
        elif kind == "data":
            yield inside
    suffix = ".exe" if sys.platform == "win32" else ""
    for name in metadata.scripts:
        yield f"{_PROGRAMS}/{name}{suffix}"
