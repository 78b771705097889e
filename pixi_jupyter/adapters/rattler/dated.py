"""Channels in which packages that are too new do not exist.

The solver knows one cutoff for all packages. Where packages or channels have cutoffs
of their own it is given sources that leave out what is newer.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from rattler import Channel

from pixi_jupyter.adapters.rattler.absent import PresentGateway

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rattler import PackageName, RepoDataRecord, Subdir
    from rattler.repo_data import Gateway


class DatedChannel:
    """One channel, seen through its cutoffs; what the solver calls a source.

    Parameters
    ----------
    url
        Of the channel.
    gateway
        That reads it.
    cutoff
        Gives the aware moment after which a package of a name does not exist; None
        for no limit.
    names
        Of all its packages, by subdir.

    Notes
    -----
    A record's moment is that of its indexing, else that of its build, as in the
    solver; one without either is left out where there is a limit.
    """

    def __init__(
        self,
        url: str,
        gateway: Gateway | PresentGateway,
        cutoff: Callable[[str], dt.datetime | None],
        names: dict[str, list[str]],
    ) -> None:
        self._channel, self._gateway = Channel(url), gateway
        self._cutoff, self._names = cutoff, names

    async def fetch_package_records(
        self, platform: Subdir, name: PackageName
    ) -> list[RepoDataRecord]:
        """Give the records of one name that are old enough."""
        groups = await self._gateway.query(
            [self._channel], [platform], [name.normalized], recursive=False
        )
        limit = self._cutoff(name.normalized)
        return [
            record
            for group in groups
            for record in group
            if limit is None or _is_old_enough(record, limit)
        ]

    def package_names(self, platform: Subdir) -> list[str]:
        """List the names of all packages of a subdir."""
        return self._names.get(str(platform), [])


async def sources(
    urls: Sequence[str],
    gateway: Gateway | PresentGateway,
    subdirs: Sequence[str],
    cutoff: Callable[[str, str], dt.datetime | None] | None,
) -> list[Channel] | list[DatedChannel]:
    """Make a source for the solver of each channel.

    Parameters
    ----------
    urls
        Of the channels, in priority order.
    subdirs
        That are asked for.
    cutoff
        Gives the limit for a name in the channel of a URL; None where there is one
        limit for all, which the solver knows itself.
    """
    if cutoff is None and not isinstance(gateway, PresentGateway):
        return [Channel(url) for url in urls]
    limits = cutoff or _no_limit
    found = []
    for url in urls:
        names = {}
        for subdir in subdirs:
            listed = await gateway.names([Channel(url)], [subdir])  # type: ignore[list-item]  # any subdir
            names[subdir] = [name.normalized for name in listed]
        found.append(
            DatedChannel(url, gateway, lambda name, url=url: limits(name, url), names)  # type: ignore[misc]  # bound now
        )
    return found


def _no_limit(name: str, url: str) -> None:
    del name, url


def _is_old_enough(record: RepoDataRecord, limit: dt.datetime) -> bool:
    made = record.indexed_timestamp or record.timestamp
    if made is None:
        return False
    return made.astimezone(dt.timezone.utc) <= limit.astimezone(dt.timezone.utc)
