"""Which channels are known to have no folder for a platform.

Such a folder is nothing that a cache could hold, so that py-rattler, told to read
from the cache alone, takes a channel without it for one that was never asked. What
was found out while there was a network is noted in a file of our own beside the cache.
"""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from rattler import Channel
from rattler.exceptions import GatewayError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from rattler import PackageName, RepoDataRecord
    from rattler.repo_data import Gateway

_FILE = "pixi-jupyter-subdirs.json"
_NOWHERE = "pixi-jupyter-has-no-such-package"
_MISSING = re.compile(r"no usable repodata cache for (\S+?)/?$", re.MULTILINE)
_MOST = 2000


def missing_folder(text: str) -> str | None:
    """Give the URL of the folder that py-rattler says is not cached."""
    found = _MISSING.search(text)
    return found[1] if found else None


def is_absent(repodata_dir: Path, folder: str) -> bool:
    """Tell whether the server said that there is no such folder."""
    return _read(repodata_dir).get(folder) is False


async def remember(
    repodata_dir: Path,
    offline_gateway: Callable[[], Gateway],
    channels: Iterable[str],
    subdirs: Sequence[str],
) -> None:
    """Note which folders there are, after all were read from their servers.

    Parameters
    ----------
    offline_gateway
        Makes one that reads from the cache alone; what that holds is there.

    Notes
    -----
    A folder that was found is not looked at again; the others cost next to nothing.
    """
    known = _read(repodata_dir)
    found = dict(known)
    gateway = None
    for channel in channels:
        for subdir in subdirs:
            folder = f"{channel.rstrip('/')}/{subdir}"
            if known.get(folder) or not channel.startswith(("http://", "https://")):
                continue
            gateway = gateway or offline_gateway()
            with suppress(GatewayError):
                found[folder] = await _is_cached(gateway, channel, subdir)
    if found != known:
        _write(repodata_dir, found)


async def _is_cached(gateway: Gateway, channel: str, subdir: str) -> bool:
    try:
        await gateway.query(
            [Channel(channel)],
            [subdir],  # type: ignore[list-item]  # any subdir
            [_NOWHERE],
            recursive=False,
        )
    except GatewayError as error:
        if missing_folder(str(error)) is None:
            raise
        return False
    return True


class PresentGateway:
    """A gateway that is not asked for folders that are not there.

    Parameters
    ----------
    gateway
        That reads the others.
    absent
        URLs of the folders.
    """

    def __init__(self, gateway: Gateway, absent: Iterable[str]) -> None:
        self._gateway, self._absent = gateway, frozenset(absent)

    async def query(
        self,
        sources: Iterable[Channel],
        platforms: Iterable[Any],
        specs: Sequence[Any],
        *,
        recursive: bool,
    ) -> list[list[RepoDataRecord]]:
        """List the records that match any of `specs`, by channel."""
        platforms = list(platforms)
        return [
            [
                record
                for group in await self._gateway.query(
                    [source], here, specs, recursive=recursive
                )
                for record in group
            ]
            for source in sources
            if (here := self._present(source, platforms))
        ]

    async def names(
        self, sources: Iterable[Channel], platforms: Iterable[Any]
    ) -> list[PackageName]:
        """List the names of all packages."""
        platforms = list(platforms)
        return [
            name
            for source in sources
            if (here := self._present(source, platforms))
            for name in await self._gateway.names([source], here)
        ]

    def _present(self, source: Channel, platforms: Iterable[Any]) -> list[Any]:
        above = str(source.base_url).rstrip("/")
        return [each for each in platforms if f"{above}/{each}" not in self._absent]


def _read(repodata_dir: Path) -> dict[str, bool]:
    try:
        found = json.loads((repodata_dir / _FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(repodata_dir: Path, found: dict[str, bool]) -> None:
    kept = dict(list(found.items())[-_MOST:])
    path = repodata_dir / _FILE
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    with suppress(OSError):
        temporary.write_text(json.dumps(kept, indent=0), encoding="utf-8")
        temporary.replace(path)
