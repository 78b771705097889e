"""One operation's use of channels, of the package cache, and of the linker."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import rattler
from rattler import PackageCache
from rattler.exceptions import SolverError
from rattler.package_cache import ValidationMode

from pixi_jupyter.adapters.rattler.dated import sources
from pixi_jupyter.adapters.rattler.failures import mapped, readable
from pixi_jupyter.adapters.rattler.reader import Reader
from pixi_jupyter.adapters.rattler.specs import generic, match_spec
from pixi_jupyter.errors import UnsatisfiableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from rattler import InstallerReporter, RepoDataRecord

    from pixi_jupyter.platforms import VirtualPackage

_PRIORITIES = {
    "strict": rattler.ChannelPriority.Strict,
    "flexible": rattler.ChannelPriority.Flexible,
    "disabled": rattler.ChannelPriority.Disabled,
}


@dataclass
class Session(Reader):
    """One operation's use of channels, of the package cache, and of the linker."""

    @property
    def packages_dir(self) -> Path:
        """Where extracted packages lie."""
        return self.cache_dir / "pkgs"

    async def solve(
        self,
        channels: Sequence[str],
        specs: Sequence[str],
        *,
        subdir: str,
        virtual_packages: Iterable[VirtualPackage] = (),
        locked: Sequence[RepoDataRecord] = (),
        pinned: Sequence[RepoDataRecord] = (),
        options: Mapping[str, Any] | None = None,
        label: tuple[str, str] = ("default", ""),
    ) -> list[RepoDataRecord]:
        """Find records that satisfy all `specs`.

        Parameters
        ----------
        channels
            URLs, in priority order.
        specs
            Match specs.
        subdir
            The platform's subdir; ``noarch`` is always read too.
        locked
            Records that are preferred.
        pinned
            Records that must not be replaced.
        options
            constraints (texts), channel_priority, strategy, exclude_newer (an
            aware `datetime`), cutoff (gives such for a name and a channel's URL,
            in the place of exclude_newer).
        label
            (environment, platform) for the message of a failure.

        Raises
        ------
        UnsatisfiableError, ChannelError, OfflineError, InvalidSpecError
        """
        given = dict(options or {})
        cutoff = given.get("cutoff")
        newer = None if cutoff else given.get("exclude_newer")
        subdirs = [subdir, "noarch"]

        async def ask() -> list[RepoDataRecord]:
            try:
                return await rattler.solve(
                    await sources(channels, self._reader, subdirs, cutoff),
                    [match_spec(text) for text in specs],
                    gateway=self.gateway,
                    platforms=subdirs,  # type: ignore[arg-type]  # any subdir
                    locked_packages=list(locked),
                    pinned_packages=list(pinned),
                    virtual_packages=[generic(each) for each in virtual_packages],
                    channel_priority=_PRIORITIES[
                        given.get("channel_priority", "strict")
                    ],
                    # py-rattler takes the wall clock of any zone for UTC
                    exclude_newer=newer and newer.astimezone(dt.timezone.utc),
                    strategy=given.get("strategy", "highest"),
                    constraints=[match_spec(x) for x in given.get("constraints", ())],
                    timeout=dt.timedelta(minutes=10),
                )
            except SolverError as error:
                raise UnsatisfiableError(
                    label[0], platform=label[1] or subdir, report=_report(error)
                ) from error

        return await self._asked(channels, subdirs, ask)

    async def uncached(self, records: Sequence[RepoDataRecord]) -> list[RepoDataRecord]:
        """List those of `records` that the package cache does not hold."""
        if not self.packages_dir.is_dir():
            return list(records)
        with mapped(str(self.packages_dir)):
            index = await PackageCache(self.packages_dir).index()
            return [record for record in records if not index.contains_record(record)]

    async def install(
        self,
        records: Sequence[RepoDataRecord],
        prefix: Path,
        *,
        subdir: str | None = None,
        reinstall: Iterable[str] = (),
        ignored: Iterable[str] = (),
        final_prefix: Path | None = None,
        reporter: InstallerReporter | None = None,
        validate: bool = False,
    ) -> None:
        """Make `prefix` hold exactly `records`; cannot be cancelled.

        Parameters
        ----------
        records
            All records of the prefix, also those that are there already.
        prefix
            Absolute path.
        subdir
            The platform whose rules apply (None: this machine's).
        reinstall
            Names that are linked again although they look right.
        ignored
            Names of `records` that are left as they are.
        final_prefix
            Where the prefix will be moved to afterwards.
        validate
            Compare the cached files of what is linked with their hashes, and
            fetch a package again whose files differ.

        Raises
        ------
        DownloadError, LinkError
        """
        cache = self.cache_dir_for_install()
        urls = {record.file_name: record.url for record in records}
        with mapped(str(final_prefix or prefix), urls):
            await rattler.install(
                list(records),
                str(prefix),
                cache_dir=cache,
                reinstall_packages=set(reinstall) or None,
                ignored_packages=set(ignored) or None,
                platform=None if subdir is None else rattler.Subdir(subdir),
                show_progress=False,
                client=self.client,
                reporter=reporter,
                alternative_target_prefix=final_prefix,
                package_cache=PackageCache.new_layered(
                    [cache], validation_mode=ValidationMode.full()
                )
                if validate
                else None,
            )

    def cache_dir_for_install(self) -> Path:
        """Give the folder that py-rattler's installer takes for its cache."""
        self.packages_dir.mkdir(parents=True, exist_ok=True)
        return self.packages_dir


def _report(error: Exception) -> str:
    text = readable(error)
    _, _, tree = text.partition("Cannot solve the request because of:")
    return (tree or text).strip("\n ").strip()
