"""One operation's use of channels, of the package cache, and of the linker."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import rattler
from rattler import Channel, GenericVirtualPackage, PackageCache, PackageName, Version
from rattler.exceptions import SolverError
from rattler.package_cache import ValidationMode
from rattler.repo_data import Gateway, SourceConfig

from pixi_jupyter.adapters.rattler.failures import mapped, readable
from pixi_jupyter.adapters.rattler.specs import match_spec
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
class Session:
    """One operation's use of channels and of the package cache.

    Parameters
    ----------
    cache_dir
        Root of rattler's cache; ``pkgs`` and ``repodata`` lie below it.
    offline
        Read repodata from the cache only, and never fetch a package.
    """

    cache_dir: Path
    offline: bool = False
    concurrent_requests: int = 50
    _gateway: Gateway | None = field(default=None, repr=False)

    @property
    def packages_dir(self) -> Path:
        """Where extracted packages lie."""
        return self.cache_dir / "pkgs"

    @property
    def gateway(self) -> Gateway:
        """The session's gateway, made at first use."""
        if self._gateway is None:
            action = "force-cache-only" if self.offline else "cache-or-fetch"
            self._gateway = Gateway(
                cache_dir=self.cache_dir / "repodata",
                default_config=SourceConfig(
                    bz2_enabled=False,
                    cache_action=action,  # type: ignore[arg-type]  # a literal
                ),
                max_concurrent_requests=self.concurrent_requests,
            )
        return self._gateway

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
            aware `datetime`).
        label
            (environment, platform) for the message of a failure.

        Raises
        ------
        UnsatisfiableError, ChannelError, OfflineError, InvalidSpecError
        """
        given = dict(options or {})
        newer = given.get("exclude_newer")
        with mapped(", ".join(channels)):
            try:
                return await rattler.solve(
                    [Channel(url) for url in channels],
                    [match_spec(text) for text in specs],
                    gateway=self.gateway,
                    platforms=[subdir, "noarch"],  # type: ignore[list-item]  # any subdir
                    locked_packages=list(locked),
                    pinned_packages=list(pinned),
                    virtual_packages=[_generic(each) for each in virtual_packages],
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

    async def query(
        self,
        channels: Sequence[str],
        specs: Sequence[str],
        *,
        subdirs: Sequence[str],
        recursive: bool = False,
    ) -> list[RepoDataRecord]:
        """List the records of `channels` that match any of `specs`."""
        with mapped(", ".join(channels)):
            found = await self.gateway.query(
                [Channel(url) for url in channels],
                list(subdirs),  # type: ignore[arg-type]  # any subdir
                [match_spec(text) for text in specs],
                recursive=recursive,
            )
        return [record for group in found for record in group]

    async def names(
        self, channels: Sequence[str], *, subdirs: Sequence[str]
    ) -> list[str]:
        """List the names of all packages of `channels`, sorted."""
        with mapped(", ".join(channels)):
            found = await self.gateway.names(
                [Channel(url) for url in channels],
                list(subdirs),  # type: ignore[arg-type]  # any subdir
            )
        return sorted({name.normalized for name in found})

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
        with mapped(str(final_prefix or prefix)):
            await rattler.install(
                list(records),
                str(prefix),
                cache_dir=cache,
                reinstall_packages=set(reinstall) or None,
                ignored_packages=set(ignored) or None,
                platform=None if subdir is None else rattler.Subdir(subdir),
                show_progress=False,
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


def _generic(package: VirtualPackage) -> GenericVirtualPackage:
    return GenericVirtualPackage(
        PackageName(package.name),
        Version(package.version),
        rattler.BuildString(package.build or "0"),
    )


def _report(error: Exception) -> str:
    text = readable(error)
    _, _, tree = text.partition("Cannot solve the request because of:")
    return (tree or text).strip("\n ").strip()
