"""ipykernel beside an environment that does not have it.

The overlay is solved with every record of the environment pinned, so nothing in it
differs from what the environment has; it is linked into a folder of its own, which
is never changed afterwards, and only the kernel's import path knows of it.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import secrets
import shutil
from typing import TYPE_CHECKING, cast

from pixi_jupyter.errors import (
    LinkError,
    NoKernelError,
    OverlayError,
    UnsatisfiableError,
)
from pixi_jupyter.install import linker
from pixi_jupyter.install.blockers import find_blockers
from pixi_jupyter.install.bytecode import compile_closure
from pixi_jupyter.install.fetch import find_missing
from pixi_jupyter.install.locks import prefix_lock
from pixi_jupyter.install.plan import is_same_package, names
from pixi_jupyter.install.prefix import site_packages
from pixi_jupyter.install.reporter import InstallReporter
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from rattler import InstallerReporter

    from pixi_jupyter.adapters.rattler import RepoDataRecord, Session
    from pixi_jupyter.events import Operation
    from pixi_jupyter.platforms import Platform, VirtualPackage

WANTED = ("ipykernel", "ipywidgets")
"""The first one alone where they do not fit together."""

logger = logging.getLogger(__name__)

KEPT = 2
"""How many overlays of one environment stay: a kernel may still run on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """What makes a kernel of an environment."""

    path: Path
    """The folder to be appended to the import path."""
    prefix: Path
    """The folder that holds it, with a conda-meta of its own."""
    records: tuple[RepoDataRecord, ...]
    """The whole solution, those of the environment included, by name."""
    solved: bool
    """Whether it is another solution than the one that was given, and should be kept
    instead of that."""
    changed: bool = False
    """Whether anything was linked."""


async def ensure_overlay(
    prefix: Path,
    *,
    folder: Path,
    channels: Sequence[str],
    platform: Platform,
    session: Session,
    operation: Operation,
    locked: Sequence[RepoDataRecord] | None = None,
    virtual_packages: Iterable[VirtualPackage] | None = None,
) -> Overlay:
    """Give the overlay of an installed prefix that has python and no ipykernel.

    Parameters
    ----------
    prefix
        Absolute path; its name is the environment's.
    folder
        Where overlays of all environments lie, such as ``.pixi/overlays``.
    channels
        URLs, in priority order.
    platform
        What the prefix was installed for.
    locked
        The records of an earlier solution; they are taken if they hold exactly
        what the prefix holds, and something else is solved if they do not.
    virtual_packages
        None: those of `platform`.

    Raises
    ------
    NoKernelError
        If the prefix has no python.
    OverlayError
        If no ipykernel fits.
    DownloadError, OfflineError, LinkError, ChannelError
        If one fits and cannot be had.

    Notes
    -----
    Holds the prefix lock. Overlays are made beside their place and moved in whole;
    all but the newest two of the environment are removed.
    """
    await linker.ready(operation)
    async with prefix_lock(prefix, operation, what=f"overlay of {prefix.name}"):
        work = _Work(prefix, folder, session, operation, platform)
        if locked is not None and work.fits(locked):
            return await work.provide(locked, solved=False)
        if (found := work.newest()) is not None:
            return found
        given = (
            platform.virtual_packages if virtual_packages is None else virtual_packages
        )
        solution = await work.solve(channels, tuple(given))
        return await work.provide(solution, solved=True)


class _Work:
    """One overlay, under the lock of its prefix."""

    def __init__(
        self,
        prefix: Path,
        folder: Path,
        session: Session,
        operation: Operation,
        platform: Platform,
    ) -> None:
        from pixi_jupyter.adapters.rattler import installed_records

        self.prefix, self.folder = prefix, folder
        self.session, self.operation, self.platform = session, operation, platform
        self.installed = sorted(
            installed_records(prefix), key=lambda each: each.name.normalized
        )
        self.by_name = {each.name.normalized: each for each in self.installed}
        if "python" not in self.by_name:
            raise NoKernelError(prefix.name)
        self.site = site_packages(self.by_name["python"])
        self.key = _digest(self.installed)

    def fits(self, records: Sequence[RepoDataRecord]) -> bool:
        """Tell whether a solution was made on top of just this prefix."""
        given = {record.name.normalized: record for record in records}
        return "ipykernel" in given and all(
            name in given and is_same_package(given[name], record)
            for name, record in self.by_name.items()
        )

    def newest(self) -> Overlay | None:
        """Give the overlay that was last made for just this prefix."""
        from pixi_jupyter.adapters.rattler import installed_records

        for place in self._overlays():
            if place.name.startswith(f"{self.prefix.name}-{self.key}-"):
                records = [*self.installed, *installed_records(place)]
                return self._overlay(place, records, solved=True)
        return None

    def _overlays(self) -> list[Path]:
        """List the overlays of this environment, the newest first."""
        pattern = re.compile(
            rf"{re.escape(self.prefix.name)}-[0-9a-f]{{12}}-[0-9a-f]{{12}}"
        )
        if not self.folder.is_dir():
            return []
        found = [path for path in self.folder.iterdir() if pattern.fullmatch(path.name)]
        return sorted(found, key=lambda path: path.stat().st_mtime_ns, reverse=True)

    def _overlay(
        self,
        place: Path,
        records: Sequence[RepoDataRecord],
        *,
        solved: bool = False,
        changed: bool = False,
    ) -> Overlay:
        return Overlay(
            path=place / self.site,
            prefix=place,
            records=tuple(sorted(records, key=lambda each: each.name.normalized)),
            solved=solved,
            changed=changed,
        )

    async def solve(
        self, channels: Sequence[str], virtual_packages: Sequence[VirtualPackage]
    ) -> list[RepoDataRecord]:
        """Find ipykernel, and ipywidgets if possible, that fit on top."""
        pins = [
            f"{each.name.normalized} =={each.version} {each.build}"
            for each in self.installed
        ]
        self.operation.say("overlay", "solve")

        async def attempt(wanted: tuple[str, ...]) -> list[RepoDataRecord]:
            return await self.session.solve(
                channels,
                [*wanted, *pins],
                subdir=self.platform.subdir,
                virtual_packages=virtual_packages,
                pinned=self.installed,
                label=(self.prefix.name, self.platform.name),
            )

        try:
            return await attempt(WANTED)
        except UnsatisfiableError:
            logger.debug("ipywidgets does not fit %s", self.prefix, exc_info=True)
        try:
            return await attempt(WANTED[:1])
        except UnsatisfiableError as error:
            raise OverlayError(
                self.prefix.name,
                report=error.report,
                blockers=find_blockers(error.report, self.installed, channels),
            ) from error

    async def provide(
        self, records: Sequence[RepoDataRecord], *, solved: bool
    ) -> Overlay:
        """Link a solution, unless that was done before."""
        extra = [each for each in records if each.name.normalized not in self.by_name]
        place = self.folder / f"{self.prefix.name}-{self.key}-{_digest(extra)}"
        changed = not place.is_dir()
        if changed:
            await self._link(records, extra, place)
        else:
            os.utime(place)  # the newest is the one that was used last
        for old in self._overlays()[KEPT:]:
            shutil.rmtree(old, ignore_errors=True)
        return self._overlay(place, records, solved=solved, changed=changed)

    async def _link(
        self,
        records: Sequence[RepoDataRecord],
        extra: Sequence[RepoDataRecord],
        place: Path,
    ) -> None:
        missing = await find_missing(extra, self.session, self.operation)
        reporter = InstallReporter(
            self.operation, sizes=missing.sizes, links=names(extra)
        )
        stem = f".{self.prefix.name}.new-"
        for path in self.folder.glob(f"{stem}*"):
            shutil.rmtree(path, ignore_errors=True)
        staged = self.folder / f"{stem}{os.getpid()}-{secrets.token_hex(4)}"
        self._mkdir()
        await linker.run_abandonable(
            self.session.install(
                records,
                staged,
                subdir=self.platform.subdir,
                ignored=set(self.by_name),
                # scripts of the overlay start the python that is there
                final_prefix=self.prefix,
                reporter=cast("InstallerReporter", reporter),
            ),
            after=lambda: shutil.rmtree(staged, ignore_errors=True),
        )
        reporter.close()
        await compile_closure(
            self.prefix,
            self.operation,
            sites=[(staged / self.site, place / self.site)],
        )
        try:
            staged.rename(place)
        except OSError as error:
            shutil.rmtree(staged, ignore_errors=True)
            raise LinkError(place, reason=str(error)) from error
        self.operation.finish("overlay")

    def _mkdir(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LinkError(self.folder, reason=str(error)) from error


def _digest(records: Iterable[RepoDataRecord]) -> str:
    lines = sorted(
        f"{each.name.normalized} {each.version} {each.build} {each.subdir}"
        f" {(each.sha256 or b'').hex()}"
        for each in records
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]
