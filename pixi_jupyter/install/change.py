"""A change of a prefix that holds something: journalled, linked, looked at."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from pixi_jupyter.errors import PrefixBrokenError
from pixi_jupyter.install import linker
from pixi_jupyter.install.bytecode import drop_bytecode, wait_for_compiler
from pixi_jupyter.install.journal import Journal, write_journal
from pixi_jupyter.install.obstacles import clear_the_way
from pixi_jupyter.install.places import check_length
from pixi_jupyter.install.plan import names
from pixi_jupyter.install.prefix import read_packages
from pixi_jupyter.install.reporter import InstallReporter
from pixi_jupyter.install.space import check_prefix_room
from pixi_jupyter.install.state import INSTALLING, write_state
from pixi_jupyter.install.verify import MISSING, Damage, verify_prefix

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from rattler import InstallerReporter

    from pixi_jupyter.adapters.rattler import Session
    from pixi_jupyter.events import Operation
    from pixi_jupyter.install.plan import InstallPlan
    from pixi_jupyter.install.prefix import InstalledPackage
    from pixi_jupyter.install.scripts import LinkScripts


async def change(
    prefix: Path,
    plan: InstallPlan,
    session: Session,
    operation: Operation,
    *,
    subdir: str | None,
    folders: Collection[str] = (),
    scripts: LinkScripts | None = None,
    clear: bool = True,
) -> bool:
    """Carry out a plan whose packages are all cached, under the prefix lock.

    Parameters
    ----------
    prefix, plan, session, operation, subdir
        As for `install_prefix`.
    folders
        Folders that an earlier change, which did not end, may have left empty.
    scripts
        Runs what packages want to run before they are removed.
    clear
        Move files of the user that are in the way aside.

    Returns
    -------
    bool
        Whether it was cancelled: it was brought to its end all the same.

    Raises
    ------
    LinkError, DownloadError, PrefixBrokenError
        The journal stays, and py-rattler may still be at work.
    DiskFullError, PrefixTooLongError, OSError
        Nothing was touched.

    Notes
    -----
    Journal and state stay for the caller to sign off.
    """
    leaving = list(read_packages(prefix, plan.to_unlink))
    check_length(prefix, session.packages_dir, plan.to_link)
    check_prefix_room(prefix, session.packages_dir, plan)
    if clear:
        clear_the_way(prefix, plan, leaving, session.packages_dir, operation)
    journal = Journal.toward(
        plan.wanted,
        what=f"install {prefix.name}",
        touched=plan.touched,
        folders=set(folders).union(*(each.folders for each in leaving)),
    )
    write_journal(prefix, journal)
    if scripts:
        await scripts.before_unlink(plan.leaving)
    write_state(prefix, INSTALLING)
    work = _Change(prefix, plan, session, operation, subdir)
    return await linker.run_to_end(work.run(leaving))


@dataclass(slots=True)
class _Change:
    """A change, under the prefix lock."""

    prefix: Path
    plan: InstallPlan
    session: Session
    operation: Operation
    subdir: str | None

    async def run(self, leaving: Sequence[InstalledPackage]) -> None:
        await wait_for_compiler(self.prefix)
        drop_bytecode(self.prefix, leaving)
        await self._install(names(self.plan.repaired))
        if damage := await self._damage():
            await self._install(damage)
            self._judge(await self._damage())

    async def _install(self, reinstall: Collection[str]) -> None:
        reporter = InstallReporter(
            self.operation, links=names(self.plan.to_link), unlinks=self.plan.to_unlink
        )
        await self.session.install(
            self.plan.wanted,
            self.prefix,
            subdir=self.subdir,
            reinstall=reinstall,
            reporter=cast("InstallerReporter", reporter),
        )
        reporter.close()

    async def _damage(self) -> Damage:
        linked = frozenset(names(self.plan.to_link))
        return await asyncio.to_thread(verify_prefix, self.prefix, linked)

    def _judge(self, damage: Damage) -> None:
        """Say what is wrong still, after everything was linked twice.

        A wrong size is a warning only: packages exist whose own list is wrong.
        """
        lost = {
            name
            for name, files in damage.items()
            if any(why == MISSING for _, why in files)
        }
        if lost:
            raise PrefixBrokenError(self.prefix, packages=sorted(lost))
        for name in sorted(damage):
            self.operation.warn(f"Files of {name} are not as it lists them")
