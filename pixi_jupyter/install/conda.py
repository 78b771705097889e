"""Bring a prefix to exactly the conda records that are locked.

The order is what makes it safe: lock, finish what a killed process began, compare,
fetch, and only then touch the prefix; a first install is staged, a change is
journalled. So a prefix is as it was until everything that is needed lies in the
cache, and whatever interrupts the rest is finished by the next install.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pixi_jupyter.errors import LinkError
from pixi_jupyter.install import linker
from pixi_jupyter.install.clobbers import tell_clobbers
from pixi_jupyter.install.fetch import Missing, fetch, find_missing
from pixi_jupyter.install.first import stage_first
from pixi_jupyter.install.journal import (
    Journal,
    read_journal,
    remove_journal,
    write_journal,
)
from pixi_jupyter.install.locks import prefix_lock
from pixi_jupyter.install.outcome import InstallOutcome
from pixi_jupyter.install.places import check_place
from pixi_jupyter.install.plan import InstallPlan, names, plan_install
from pixi_jupyter.install.prefix import META, is_bare, read_records, remove_empty
from pixi_jupyter.install.refusals import explain, explained
from pixi_jupyter.install.shut import accept_shut
from pixi_jupyter.install.space import check_cache_room, check_prefix_room
from pixi_jupyter.install.stage import empty_prefix, move_in, sweep_staging
from pixi_jupyter.install.state import (
    INSTALLING,
    UNKNOWN,
    fingerprint,
    read_state,
    write_state,
)
from pixi_jupyter.install.verify import Damage, verify_prefix

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from pixi_jupyter.adapters.rattler import RepoDataRecord, Session
    from pixi_jupyter.events import Operation
    from pixi_jupyter.install.locks import HeldLock
    from pixi_jupyter.install.scripts import LinkScripts


async def install_prefix(  # noqa: PLR0913  the door to all that an install can be
    prefix: Path,
    records: Sequence[RepoDataRecord],
    *,
    session: Session,
    operation: Operation,
    subdir: str | None = None,
    verify: bool = False,
    reinstall: Collection[str] = (),
    spared: Collection[str] = (),
    scripts: LinkScripts | None = None,
) -> InstallOutcome:
    """Make a prefix hold exactly `records`, and what is spared.

    Parameters
    ----------
    prefix
        Absolute path; made if it is not there.
    records
        All conda records of the environment on this platform.
    session
        Where packages come from.
    operation
        Speaks of the phases waiting, repair, verify, fetch, unlink and link.
    subdir
        The platform whose rules apply (None: this machine's).
    verify
        Compare every file with its hash, also of packages that look right.
    reinstall
        Names of packages to link again, from files whose hashes are compared.
    spared
        Names of packages that stay if they are there, and do not come if not.
    scripts
        Runs what packages want to run, or tells of it.

    Raises
    ------
    DownloadError, OfflineError
        The prefix is as it was.
    DiskFullError, NotWritableError, PrefixTooLongError, PrefixPlaceError
        The prefix is as it was unless the message says otherwise.
    LinkScriptError
        The package is there.
    LinkError
        The next install finishes, in another process: this one keeps the lock.
    PrefixBrokenError
        Files are missing after the install although the linker said otherwise.
    PrefixBusyError
        This process keeps the lock after a failed change.
    LinkerSpentError
        An install failed in this process before.

    Notes
    -----
    A cancel ends a wait, a fetch or a first install at once, the prefix is as it was.
    A change that has begun to link comes to its end before it is cancelled.
    """
    started = time.monotonic()
    await linker.ready(operation)
    check_place(prefix)
    what = f"install {prefix.name}"
    with explained(prefix, session, records):
        if not (verify or reinstall) and (
            unchanged := accept_shut(prefix, records, operation)
        ):
            return unchanged
        async with prefix_lock(prefix, operation, what=what) as held:
            work = _Work(prefix, session, operation, subdir, held, scripts)
            healed = await work.heal()
            if spared:
                stay = read_records(prefix, operation)
                records = [*records, *(x for x in stay if x.name.normalized in spared)]
            outcome = await work.bring(records, verify=verify, reinstall=reinstall)
            if scripts:
                await scripts.after_link(records)
    return replace(outcome.after(healed), seconds=time.monotonic() - started)


@dataclass(slots=True)
class _Work:
    """One install, under the prefix lock."""

    prefix: Path
    session: Session
    operation: Operation
    subdir: str | None
    held: HeldLock
    scripts: LinkScripts | None = None
    is_trusted: bool = field(default=False, init=False)
    """Whether what belongs to no package is the user's: not after a killed change."""
    validate: bool = field(default=False, init=False)
    """Whether cached files are compared with their hashes: after a change that
    did not end well, when the cache may be to blame."""
    folders: set[str] = field(default_factory=set, init=False)
    """Where packages were that a killed process took away."""

    async def heal(self) -> InstallOutcome:
        """Finish what an earlier process began and did not end."""
        sweep_staging(self.prefix)
        journal = read_journal(self.prefix)
        if journal is None:
            return InstallOutcome()
        if read_state(self.prefix) not in (INSTALLING, UNKNOWN):
            # the change came to its end, ours or one of pixi after it
            remove_journal(self.prefix)
            return InstallOutcome()
        self.validate = True
        self.operation.say("repair", f"{journal.what}, which did not end")
        if journal.fresh:
            await asyncio.to_thread(empty_prefix, self.prefix)
            self.operation.finish("repair")
            return InstallOutcome(changed=True)
        for path in (self.prefix / META).glob("prefix_record_*"):
            path.unlink(missing_ok=True)
        broken = await self._broken()
        target = journal.target()
        if target is None:
            target = list(read_records(self.prefix, self.operation))
        self.folders.update(journal.folders)
        outcome = await self._bring(target, broken)
        self._sign_off()
        self.operation.finish("repair")
        linked = {*outcome.added, *outcome.changed_names, *outcome.repaired}
        return replace(outcome, changed=True, repaired=tuple(linked))

    async def bring(
        self,
        records: Sequence[RepoDataRecord],
        *,
        verify: bool,
        reinstall: Collection[str] = (),
    ) -> InstallOutcome:
        """Compare, and change what differs."""
        broken: Collection[str] = ()
        self.is_trusted = read_state(self.prefix) != INSTALLING
        if not self.is_trusted:
            # pixi was interrupted, and does the same
            self.validate = True
            broken = names(read_records(self.prefix, self.operation))
        elif verify:
            broken = await self._broken()
        if reinstall:
            self.validate = True
            broken = {*broken, *reinstall}
        return await self._bring(records, broken)

    async def _broken(self) -> Damage:
        self.operation.say("verify")
        damage = await asyncio.to_thread(verify_prefix, self.prefix, hashes=True)
        self.operation.finish("verify")
        self.validate = self.validate or bool(damage)
        return damage

    async def _bring(
        self, records: Sequence[RepoDataRecord], broken: Collection[str]
    ) -> InstallOutcome:
        installed = read_records(self.prefix, self.operation)
        plan = plan_install(records, installed, broken=broken)
        if plan.is_empty:
            self._write_fingerprint(plan)
            return InstallOutcome(state=fingerprint(plan.wanted))
        is_first = is_bare(self.prefix)
        missing = await find_missing(
            plan.to_link, self.session, self.operation, look=not is_first
        )
        check_cache_room(self.session.cache_dir, missing.size_bytes)
        if is_first:
            await self._first(plan, missing)
        else:
            await self._change(plan, missing)
        return InstallOutcome.of(
            plan,
            fetched=len(missing.records),
            fetched_bytes=missing.size_bytes,
            state=fingerprint(plan.wanted),
        )

    async def _first(self, plan: InstallPlan, missing: Missing) -> None:
        what = f"install {self.prefix.name}"
        check_prefix_room(self.prefix, self.session.packages_dir, plan)
        try:
            staged = await stage_first(
                self.prefix,
                plan,
                missing,
                self.session,
                self.operation,
                subdir=self.subdir,
                validate=self.validate,
            )
        except LinkError as error:
            if explain(error, self.prefix, self.session.cache_dir) is None:
                # perhaps the cache is damaged: the next one looks at it
                write_journal(self.prefix, Journal(what=what, fresh=True))
            raise
        move_in(staged, self.prefix, what=what)
        self._finish(plan)

    async def _change(self, plan: InstallPlan, missing: Missing) -> None:
        await fetch(
            missing,
            plan.wanted,
            self.session,
            self.operation,
            prefix=self.prefix,
            subdir=self.subdir,
            validate=plan.to_link if self.validate else missing.edited,
        )
        from pixi_jupyter.install.change import change  # a first install has none

        try:
            cancelled = await change(
                self.prefix,
                plan,
                self.session,
                self.operation,
                subdir=self.subdir,
                folders=self.folders,
                scripts=self.scripts,
                clear=self.is_trusted,
            )
        except BaseException:
            # py-rattler may still be at work, and nobody else must be
            if linker.spent() or linker.is_lingering():
                self.held.keep()
            raise
        self._finish(plan)
        if cancelled:
            raise asyncio.CancelledError

    def _finish(self, plan: InstallPlan) -> None:
        tell_clobbers(self.prefix, plan.touched, self.operation)
        if self.scripts:
            self.scripts.remember(plan.to_link)
        self._write_fingerprint(plan)
        self._sign_off()

    def _sign_off(self) -> None:
        remove_empty(self.prefix, self.folders)
        self.folders.clear()
        remove_journal(self.prefix)

    def _write_fingerprint(self, plan: InstallPlan) -> None:
        state = fingerprint(plan.wanted)
        if read_state(self.prefix) != state:
            write_state(self.prefix, state)
