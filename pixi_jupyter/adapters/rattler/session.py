"""One operation's use of channels, of the package cache, and of the linker."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import rattler
from rattler import Channel, PackageCache
from rattler.exceptions import SolverError
from rattler.package_cache import ValidationMode
from rattler.repo_data import Gateway

from pixi_jupyter.adapters.rattler.causes import is_broken_cache, is_cut
from pixi_jupyter.adapters.rattler.dated import sources
from pixi_jupyter.adapters.rattler.failures import mapped, readable
from pixi_jupyter.adapters.rattler.network import Network, make_client, source_configs
from pixi_jupyter.adapters.rattler.shards import drop_broken_shards
from pixi_jupyter.adapters.rattler.specs import generic, match_spec
from pixi_jupyter.errors import ChannelError, UnsatisfiableError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from rattler import InstallerReporter, RepoDataRecord
    from rattler.networking import Client

    from pixi_jupyter.platforms import VirtualPackage

T = TypeVar("T")

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
    network
        How channels are reached.
    """

    cache_dir: Path
    offline: bool = False
    concurrent_requests: int = 50
    network: Network = field(default_factory=Network, repr=False)
    notes: list[str] = field(default_factory=list, repr=False)
    """Sentences for a person; whoever shows them takes them out."""
    _gateway: Gateway | None = field(default=None, repr=False)
    _client: Client | None = field(default=None, repr=False)

    @property
    def packages_dir(self) -> Path:
        """Where extracted packages lie."""
        return self.cache_dir / "pkgs"

    @property
    def repodata_dir(self) -> Path:
        """Where the repodata of channels lie."""
        return self.cache_dir / "repodata"

    @property
    def gateway(self) -> Gateway:
        """The session's gateway, made at first use."""
        if self._gateway is None:
            general, special = source_configs(self.network, offline=self.offline)
            self._gateway = Gateway(
                cache_dir=self.repodata_dir,
                default_config=general,
                per_channel_config=special,
                max_concurrent_requests=self.concurrent_requests,
                client=self.client,
            )
        return self._gateway

    @property
    def client(self) -> Client:
        """The session's client, made at first use."""
        if self._client is None:
            self._client = make_client(self.network)
        return self._client

    async def _asked(
        self, channels: Sequence[str], ask: Callable[[], Awaitable[T]]
    ) -> T:
        """Ask the gateway; once more where that can help."""
        what = ", ".join(channels)
        try:
            with mapped(what):
                return await ask()
        except ChannelError as error:
            if not self._mended(readable(error.__cause__ or error)):
                raise
        self._gateway = None
        with mapped(what):
            return await ask()

    def _mended(self, text: str) -> bool:
        """Do something about a failure; tell whether a second try is worth it."""
        if is_broken_cache(text):
            count = drop_broken_shards(self.repodata_dir, all_of_them=not self.offline)
            if count:
                noun = "file" if count == 1 else "files"
                self.notes.append(
                    f"{count} broken {noun} in {self.repodata_dir} "
                    f"{'was' if count == 1 else 'were'} removed"
                )
            return count > 0
        # a request that failed is sent again below us, a body that broke off is not
        return is_cut(text) and self.network.retries > 0 and not self.offline

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
                    await sources(channels, self.gateway, subdirs, cutoff),
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

        return await self._asked(channels, ask)

    async def query(
        self,
        channels: Sequence[str],
        specs: Sequence[str],
        *,
        subdirs: Sequence[str],
        recursive: bool = False,
    ) -> list[RepoDataRecord]:
        """List the records of `channels` that match any of `specs`."""
        found = await self._asked(
            channels,
            lambda: self.gateway.query(
                [Channel(url) for url in channels],
                list(subdirs),  # type: ignore[arg-type]  # any subdir
                [match_spec(text) for text in specs],
                recursive=recursive,
            ),
        )
        return [record for group in found for record in group]

    async def names(
        self, channels: Sequence[str], *, subdirs: Sequence[str]
    ) -> list[str]:
        """List the names of all packages of `channels`, sorted."""
        found = await self._asked(
            channels,
            lambda: self.gateway.names(
                [Channel(url) for url in channels],
                list(subdirs),  # type: ignore[arg-type]  # any subdir
            ),
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
