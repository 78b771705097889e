"""One operation's reading of channels, tried again where that can help."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from rattler import Channel
from rattler.repo_data import Gateway

from pixi_jupyter.adapters.rattler.absent import (
    PresentGateway,
    is_absent,
    missing_folder,
    remember,
)
from pixi_jupyter.adapters.rattler.causes import is_broken_cache, is_cut
from pixi_jupyter.adapters.rattler.failures import mapped, readable
from pixi_jupyter.adapters.rattler.network import Network, make_client, source_configs
from pixi_jupyter.adapters.rattler.shards import mend_shards
from pixi_jupyter.adapters.rattler.specs import match_spec
from pixi_jupyter.errors import ChannelError, OfflineError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path

    from rattler import RepoDataRecord
    from rattler.networking import Client

T = TypeVar("T")


@dataclass
class Reader:
    """One operation's use of channels.

    Parameters
    ----------
    cache_dir
        Root of rattler's cache; ``repodata`` lies below it.
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
    _absent: set[str] = field(default_factory=set, repr=False)
    """URLs of folders that channels are known not to have."""
    _gateway: Gateway | None = field(default=None, repr=False)
    _client: Client | None = field(default=None, repr=False)

    @property
    def repodata_dir(self) -> Path:
        """Where the repodata of channels lie."""
        return self.cache_dir / "repodata"

    @property
    def gateway(self) -> Gateway:
        """The session's gateway, made at first use."""
        if self._gateway is None:
            self._gateway = self._new_gateway(offline=self.offline)
        return self._gateway

    def _new_gateway(self, *, offline: bool) -> Gateway:
        general, special = source_configs(self.network, offline=offline)
        return Gateway(
            cache_dir=self.repodata_dir,
            default_config=general,
            per_channel_config=special,
            max_concurrent_requests=self.concurrent_requests,
            client=self.client,
        )

    @property
    def _reader(self) -> Gateway | PresentGateway:
        """The gateway, kept from what is known to be absent."""
        gateway = self.gateway
        return PresentGateway(gateway, self._absent) if self._absent else gateway

    @property
    def client(self) -> Client:
        """The session's client, made at first use."""
        if self._client is None:
            self._client = make_client(self.network)
        return self._client

    async def _asked(
        self,
        channels: Sequence[str],
        subdirs: Sequence[str],
        ask: Callable[[], Awaitable[T]],
    ) -> T:
        """Ask the gateway; again where that can help."""
        found = await self._tried(", ".join(channels), ask)
        if not self.offline:
            new = partial(self._new_gateway, offline=True)
            await remember(self.repodata_dir, new, channels, subdirs)
        return found

    async def _tried(self, what: str, ask: Callable[[], Awaitable[T]]) -> T:
        is_second = False
        while True:
            try:
                with mapped(what):
                    return await ask()
            except (ChannelError, OfflineError) as error:
                # of folders that are not there it hears one after the other
                last = is_second and isinstance(error, ChannelError)
                if last or not self._mended(readable(error.__cause__ or error)):
                    raise
                is_second = is_second or isinstance(error, ChannelError)
            self._gateway = None

    def _mended(self, text: str) -> bool:
        """Do something about a failure; tell whether a second try is worth it."""
        folder = missing_folder(text)
        if folder and is_absent(self.repodata_dir, folder):
            is_news = folder not in self._absent
            self._absent.add(folder)
            return is_news
        if is_broken_cache(text):
            said = mend_shards(self.repodata_dir, all_of_them=not self.offline)
            self.notes += [said] if said else []
            return bool(said)
        # a request that failed is sent again below us, a body that broke off is not
        return is_cut(text) and self.network.retries > 0 and not self.offline

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
            subdirs,
            lambda: self._reader.query(
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
            subdirs,
            lambda: self._reader.names(
                [Channel(url) for url in channels],
                list(subdirs),  # type: ignore[arg-type]  # any subdir
            ),
        )
        return sorted({name.normalized for name in found})
