"""Bring the PyPI packages of a prefix to what is locked; conda's files stay.

uv downloads and builds all of it before it touches the prefix. Before that the names
are noted: what a killed process left half is installed again by the next one.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pixi_jupyter.adapters.uv import Build, install, uninstall
from pixi_jupyter.errors import ClobberError, PypiInstallError
from pixi_jupyter.install.locks import prefix_lock
from pixi_jupyter.install.prefix import python_of, site_packages
from pixi_jupyter.install.pypi_clobber import (
    clear_for_wheels,
    conda_owners,
    refuse_clobbers,
    refuse_conda_dists,
    report_clobbers,
)
from pixi_jupyter.install.pypi_dists import UV, forget, read_dists, sign
from pixi_jupyter.install.pypi_note import note, noted
from pixi_jupyter.install.pypi_orphans import empty_site
from pixi_jupyter.install.pypi_plan import PypiPlan, not_isolated, plan_pypi
from pixi_jupyter.solve.metadata import MetadataStore
from pixi_jupyter.solve.pypi_options import PypiOptions

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from pixi_jupyter.adapters.rattler import RepoDataRecord
    from pixi_jupyter.adapters.uv import Uv
    from pixi_jupyter.events import Operation
    from pixi_jupyter.solve.pypi_record import PypiRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class PypiTarget:
    """What a prefix is to hold of PyPI, and how it gets there."""

    prefix: Path
    python: RepoDataRecord
    """The record of the python in the prefix."""
    records: tuple[PypiRecord, ...]
    root: Path
    """The workspace's folder."""
    environment: str = "default"
    editable: frozenset[str] = frozenset()
    """Names of the folders that are installed by reference."""
    options: PypiOptions = field(default_factory=PypiOptions)
    variables: Mapping[str, str] = field(default_factory=dict)
    """Of the activated prefix, for builds."""
    reinstall: frozenset[str] = frozenset()
    """Names to install again, whatever the prefix says."""
    spared: frozenset[str] = frozenset()
    """Names that stay if they are there, and do not come if not."""
    old_site: str | None = None
    """Where packages were before python moved, relative to the prefix."""

    @property
    def site(self) -> str:
        """The folder of packages, relative to the prefix."""
        return site_packages(self.python)


@dataclass(frozen=True, slots=True, kw_only=True)
class PypiOutcome:
    """What was done to a prefix."""

    added: tuple[str, ...] = ()
    reinstalled: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def changed(self) -> bool:
        """Whether anything was touched."""
        return bool(self.added or self.reinstalled or self.removed)


async def install_pypi(target: PypiTarget, uv: Uv, operation: Operation) -> PypiOutcome:
    """Make a prefix hold exactly the locked packages of PyPI, beside conda's.

    Parameters
    ----------
    target
        The conda part of the prefix has to be there already.

    Raises
    ------
    ClobberError
        If a package would replace files of conda; nothing was changed, unless it
        says so.
    DownloadError, HashMismatchError, OfflineError, PypiBuildError
        Something cannot be had; the prefix is as it was.
    PypiInstallError, ToolNotFoundError, ToolFailedError, PrefixBusyError

    Notes
    -----
    Takes the prefix lock. A cancel ends uv; the next install finishes.
    """
    started = time.monotonic()
    what = f"install PyPI packages of {target.prefix.name}"
    async with prefix_lock(target.prefix, operation, what=what):
        outcome = await _Work(target, uv, operation).bring()
    return replace(outcome, seconds=time.monotonic() - started)


@dataclass(slots=True)
class _Work:
    """One install, under the prefix lock."""

    target: PypiTarget
    uv: Uv
    operation: Operation

    async def bring(self) -> PypiOutcome:
        """Compare, and change what differs."""
        target = self.target
        suspects = noted(target.prefix)
        left = await self._leave_old_site(suspects)
        plan = await asyncio.to_thread(self._plan, suspects)
        later = suspects & target.spared
        if plan.is_empty:
            note(target.prefix, later)
            return PypiOutcome(removed=left)
        if plan.contested:
            pairs = {
                (dist.name, dist.name): [f"{target.site}/{dist.path.name}"]
                for dist in plan.contested
            }
            raise ClobberError(target.prefix, files=pairs)
        owners, files = await self._owners(plan)
        await self._prepare(plan)
        removed = [dist.name for dist in plan.removed]
        names = {*suspects, *removed, *(x.name for x in plan.to_install)}
        fresh = {name: x for name, x in files.items() if name not in suspects}
        await asyncio.to_thread(self._clear, fresh, owners)
        note(target.prefix, names)
        for dist in plan.forgotten:
            await asyncio.to_thread(forget, dist)
        await self._remove(removed)
        await self._install(plan)
        await asyncio.to_thread(self._finish, plan, owners)
        note(target.prefix, later)
        return PypiOutcome(
            added=tuple(x.name for x in plan.added),
            reinstalled=tuple(x.name for x in plan.reinstalled),
            removed=(*left, *removed),
        )

    @property
    def _site(self) -> Path:
        return self.target.prefix / self.target.site

    @property
    def _build(self) -> Build:
        target = self.target
        options = replace(target.options.uv, no_build_isolation=False)
        return Build(
            python=python_of(target.prefix),
            environment=target.environment,
            options=options,
            variables=target.variables,
        )

    def _plan(self, suspects: Collection[str]) -> PypiPlan:
        return plan_pypi(
            self.target.records,
            read_dists(self._site),
            root=self.target.root,
            editable=self.target.editable,
            suspects=suspects,
            reinstall=self.target.reinstall,
            spared=self.target.spared,
        )

    async def _leave_old_site(self, suspects: Collection[str]) -> tuple[str, ...]:
        """Take our packages out of where python no longer looks."""
        target = self.target
        if target.old_site is None or target.old_site == target.site:
            return ()
        old = target.prefix / target.old_site
        return await empty_site(old, suspects, self.uv, self._build)

    def _clear(
        self, files: Mapping[str, Sequence[str]], owners: Mapping[str, str]
    ) -> None:
        prefix, dists = self.target.prefix, read_dists(self._site)
        clear_for_wheels(prefix, files, dists, owners, self.operation)

    async def _owners(
        self, plan: PypiPlan
    ) -> tuple[Mapping[str, str], Mapping[str, Sequence[str]]]:
        """Give conda's packages by their files, and the files that are to come."""
        target = self.target
        if not plan.to_install:
            return {}, {}
        owners = await asyncio.to_thread(conda_owners, target.prefix)
        replaced = {record.name for record in plan.reinstalled}
        strangers = [
            dist
            for dist in await asyncio.to_thread(read_dists, self._site)
            if dist.name in replaced and not dist.is_ours
        ]
        refuse_conda_dists(target.prefix, strangers, owners)
        sources = target.options.uv.sources
        async with self.uv.web(sources) as web:
            files = await refuse_clobbers(
                target.prefix,
                target.site,
                plan.to_install,
                owners=owners,
                store=MetadataStore(self.uv.cache_dir.parent / "pypi-metadata-v1", web),
                root=target.root,
            )
        return owners, files

    async def _prepare(self, plan: PypiPlan) -> None:
        """Fetch and build before something is taken away."""
        batch, _ = self._batches(plan)
        if not batch or not (plan.removed or plan.forgotten):
            return
        self.operation.say("fetch", _count(batch))
        with tempfile.TemporaryDirectory(prefix="pixi-jupyter-wheels-") as name:
            await self._run(batch, replace(self._build, target=Path(name)))

    async def _remove(self, names: Sequence[str]) -> None:
        if names:
            self.operation.say("unlink", f"{', '.join(names)} of PyPI")
            await uninstall(self.uv, names, self._build)

    async def _install(self, plan: PypiPlan) -> None:
        batch, single = self._batches(plan)
        again = tuple(record.name for record in plan.reinstalled)
        if batch:
            self.operation.say("link", _count(batch))
            await self._run(batch, replace(self._build, reinstall=again))
        for record in single:
            # each may be needed to build the next
            self.operation.say("link", f"{record.name} of PyPI")
            options = replace(self._build.options, no_build_isolation=True)
            build = replace(self._build, reinstall=again, options=options)
            await self._run([record], build)
        self.operation.finish("link")

    def _batches(self, plan: PypiPlan) -> tuple[list[PypiRecord], Sequence[PypiRecord]]:
        """Split into what is installed at once, and what is built in the prefix."""
        options = self.target.options.uv
        single = list(not_isolated(plan.to_install, options, self.target.root))
        return [x for x in plan.to_install if x not in single], single

    async def _run(self, records: Sequence[PypiRecord], build: Build) -> None:
        editable = self.target.editable if build.target is None else frozenset()
        packages = [
            record.package(self.target.root, editable=record.name in editable)
            for record in records
        ]
        await install(self.uv, packages, build)

    def _finish(self, plan: PypiPlan, owners: Mapping[str, str]) -> None:
        """Sign what is there now, and see that it is what was wanted."""
        wanted = {record.name for record in plan.to_install}
        dists = [x for x in read_dists(self._site) if x.name in wanted]
        lacking = wanted - {dist.name for dist in dists if dist.has_record}
        if lacking:
            reason = f"uv did not leave {', '.join(sorted(lacking))} there"
            raise PypiInstallError(self.target.prefix, reason=reason)
        try:
            for dist in dists:
                if dist.installer == UV:
                    sign(dist)
        except OSError as error:
            raise PypiInstallError(self.target.prefix, reason=str(error)) from error
        report_clobbers(self.target.prefix, dists, owners)


def _count(records: Sequence[PypiRecord]) -> str:
    return f"{len(records)} {'package' if len(records) == 1 else 'packages'} of PyPI"
