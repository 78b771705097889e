"""The fetch phase: what is missing goes into the cache before a prefix is touched.

py-rattler takes files away before it downloads (py-rattler 0.28.0, reference,
spine, A), so a lost network, a wrong hash or a full disk in the middle of an
install would leave a prefix without its packages. Nothing of py-rattler fills the
cache alone; an install into a scratch prefix does.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from pixi_jupyter.errors import DownloadError, OfflineError
from pixi_jupyter.install.edited import edited_packages
from pixi_jupyter.install.filelock import FileLock
from pixi_jupyter.install.linker import run_abandonable
from pixi_jupyter.install.locks import is_alive
from pixi_jupyter.install.plan import names
from pixi_jupyter.install.reporter import InstallReporter
from pixi_jupyter.install.verify import sha256_of
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rattler import InstallerReporter

    from pixi_jupyter.adapters.rattler import RepoDataRecord, Session
    from pixi_jupyter.events import Operation

ORPHANED_AFTER_SECONDS = 24 * 3600
"""A folder of an unfinished download that is older belongs to nobody."""

_SCRATCH = ".pixi-jupyter-scratch"

PACKAGES_LOCK = ".cache.lock"
"""In the folder of packages: py-rattler holds it from the first package to the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What has to be fetched."""

    records: tuple[RepoDataRecord, ...] = ()
    edited: tuple[RepoDataRecord, ...] = ()
    """Cached packages whose files were written to, and have to be looked at."""

    @property
    def sizes(self) -> dict[str, int]:
        """Bytes to fetch by name, 0 where unknown."""
        return {each.name.normalized: each.size or 0 for each in self.records}

    @property
    def size_bytes(self) -> int:
        """Bytes to fetch, as far as known."""
        return sum(self.sizes.values())


async def find_missing(
    records: Sequence[RepoDataRecord],
    session: Session,
    operation: Operation,
    *,
    look: bool = True,
) -> Missing:
    """Find which of `records` are not cached, and that they can be fetched.

    Parameters
    ----------
    records
        Whatever is going to be linked.
    look
        Find out about edited packages too; else `with_edited` has to.

    Raises
    ------
    OfflineError
        If a package is not cached, and the network may not be used.
    DownloadError
        If a package of a channel on this machine is not there, or is not what
        its record says: py-rattler does not look at the hash of such packages.

    Notes
    -----
    Reads packages of local channels; changes nothing.
    """
    missing = Missing(records=tuple(await session.uncached(records)))
    if look:
        missing = await with_edited(missing, records, session, operation)
    remote = [each for each in missing.records if local_path(each.url) is None]
    if session.offline and remote:
        raise _offline(remote)
    local = [each for each in missing.records if local_path(each.url) is not None]
    if local:
        operation.say("fetch", total=len(missing.records), unit="packages")
        await asyncio.to_thread(_check_archives, local)
    return missing


async def with_edited(
    missing: Missing,
    records: Sequence[RepoDataRecord],
    session: Session,
    operation: Operation,
) -> Missing:
    """Find which of `records` are cached, and were written to there.

    Notes
    -----
    One `lstat` for each file, in a thread.
    """
    absent = set(names(missing.records))
    cached = [each for each in records if each.name.normalized not in absent]
    edited = await asyncio.to_thread(edited_packages, cached, session.packages_dir)
    if not edited:
        return missing
    said = f"{', '.join(names(edited))} in the package cache: files were edited there"
    if session.offline:
        operation.warn(f"{said}; used as they are, for --offline")
        return missing
    operation.warn(f"{said}; unpacked anew")
    return replace(missing, edited=edited)


def local_path(url: str) -> Path | None:
    """Give the path of a ``file://`` URL; None for any other."""
    parts = urlsplit(url)
    if parts.scheme != "file":
        return None
    from urllib.request import url2pathname  # brings http and email along, 10 ms

    return Path(url2pathname(parts.path))


def _offline(records: Sequence[RepoDataRecord]) -> OfflineError:
    listed = ", ".join(names(records))
    noun = "Package" if len(records) == 1 else "One of the packages"
    return OfflineError(
        f"{noun} {listed}", reason="\n".join(record.url for record in records)
    )


def _check_archives(records: Sequence[RepoDataRecord]) -> None:
    for record in records:
        path = local_path(record.url)
        if path is None:
            continue
        try:
            found = sha256_of(path)
        except OSError as error:
            reason = error.strerror or str(error)
            raise DownloadError(record.url, reason=reason) from error
        if record.sha256 and found != record.sha256.hex():
            reason = f"its sha256 is {found}\nthe lock says    {record.sha256.hex()}"
            raise DownloadError(record.url, reason=reason)


async def fetch(
    missing: Missing,
    wanted: Sequence[RepoDataRecord],
    session: Session,
    operation: Operation,
    *,
    prefix: Path,
    subdir: str | None = None,
    validate: Sequence[RepoDataRecord] = (),
) -> None:
    """Fill the cache; no prefix is touched.

    Parameters
    ----------
    missing
        What `find_missing` found.
    wanted
        All records of the prefix: a noarch python package cannot be linked
        without python being known.
    prefix
        What is going to be changed; its length is what a package may limit.
    validate
        Cached packages whose files are compared with their hashes, and fetched
        again where they differ: a file that was edited in a prefix is the
        cache's own wherever it is hardlinked.

    Raises
    ------
    DownloadError, LinkError
        The process may not install any more then.

    Notes
    -----
    A cancel returns at once; what was begun goes on in the background, see
    `linker.is_lingering`.
    """
    fetched = {*names(missing.records), *names(validate)}
    if not fetched:
        return
    sweep_cache(session.cache_dir)
    scratch = scratch_folder(session.cache_dir)
    reporter = InstallReporter(operation, sizes=missing.sizes)

    def remove() -> None:
        shutil.rmtree(scratch, ignore_errors=True)

    await run_abandonable(
        session.install(
            wanted,
            scratch,
            subdir=subdir,
            ignored=set(names(wanted)) - fetched,
            final_prefix=prefix,
            reporter=cast("InstallerReporter", reporter),
            validate=bool(validate),
        ),
        after=remove,
        beside=True,
    )
    reporter.close()
    await asyncio.to_thread(remove)


def scratch_folder(cache_dir: Path) -> Path:
    """Make a folder on the cache's own file system, so that linking is cheap.

    It is swept when its process is gone.
    """
    cache_dir.mkdir(parents=True, exist_ok=True)
    prefix = f"{_SCRATCH}-{socket.gethostname()}-{os.getpid()}-"
    return Path(tempfile.mkdtemp(prefix=prefix, dir=cache_dir))


def sweep_cache(
    cache_dir: Path, *, older_than_seconds: float = ORPHANED_AFTER_SECONDS
) -> None:
    """Remove what killed processes left in the cache.

    Parameters
    ----------
    cache_dir
        Root of the cache.
    older_than_seconds
        Age of what no other sign tells to be left behind.

    Notes
    -----
    No clock decides about what this machine can know: its own processes live or do
    not, and half a package is nobody's while nobody holds py-rattler's lock.
    """
    for path in cache_dir.glob(f"{_SCRATCH}-*"):
        alive = _is_alive(path.name)
        if alive is False or (alive is None and _is_old(path, older_than_seconds)):
            shutil.rmtree(path, ignore_errors=True)
    # py-rattler extracts into .NAME-VERSION-BUILDxxxxxx and renames that
    halves = [path for path in (cache_dir / "pkgs").glob(".*") if path.is_dir()]
    halves = [path for path in halves if _is_old(path, older_than_seconds)]
    lock = FileLock(cache_dir / "pkgs" / PACKAGES_LOCK)
    if not halves or not lock.acquire():
        return
    try:
        for path in halves:
            shutil.rmtree(path, ignore_errors=True)
    finally:
        lock.release()


def _is_old(path: Path, seconds: float) -> bool:
    try:
        return time.time() - path.lstat().st_mtime > seconds
    except OSError:
        return False


def _is_alive(name: str) -> bool | None:
    """Tell whether the process of a scratch folder lives; None where unknown."""
    here = f"{_SCRATCH}-{socket.gethostname()}-"
    pid = name.removeprefix(here).partition("-")[0]
    if not name.startswith(here) or not pid.isdigit():
        return None
    return is_alive(int(pid))
