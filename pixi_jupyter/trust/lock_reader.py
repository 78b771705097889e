"""What a lock from elsewhere would fetch, row by row, and whether it says the truth.

A lock is believed in nothing that can be compared: each file has to be in a channel
that the manifest names, be called as the package is, and have a hash.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from pixi_jupyter.errors import PixiJupyterError
from pixi_jupyter.lock.models import NEWEST_VERSION, archive_parts
from pixi_jupyter.lock.parse import parse_lock
from pixi_jupyter.names import normalised
from pixi_jupyter.platforms import SUBDIRS, emulated
from pixi_jupyter.trust.addresses import address, has_hidden, same, shown
from pixi_jupyter.trust.models import NOWHERE, Amount

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pixi_jupyter.lock.models import Lock, LockedEnvironment, LockedPackage
    from pixi_jupyter.trust.findings import Findings

LARGEST = 8_000_000
"""Characters; a thousand packages on four platforms have two million."""
MOST_PACKAGES = 10_000
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9.!+_*~-]{0,127}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_COMMIT = re.compile(r"[#@][0-9a-f]{40}$")
_VERSION_LINE = re.compile(rf"\s*version: {NEWEST_VERSION}\n")


def read(text: str, found: Findings, *, what: str = "lock") -> Lock | None:
    """Note what a lock would fetch; None where it cannot be read.

    Parameters
    ----------
    found
        Has the channels and indexes of the manifest already.
    what
        How it is called.

    Notes
    -----
    Pure: touches neither disk nor network.
    """
    amount = text.count("\n- ")
    if len(text) > LARGEST or amount > 2 * MOST_PACKAGES:
        found.refuse("size", f"its {what} has {len(text):,} characters")
        return None
    if not _VERSION_LINE.match(text):
        # older ones are brought to it by whoever embeds them
        found.refuse("unreadable", f"its {what} is not of version {NEWEST_VERSION}")
        return None
    try:
        lock = parse_lock(text, NOWHERE.with_name(what))
        _Reader(lock, found, what).read()
    except PixiJupyterError as error:
        reason = " ".join([error.message, *error.details[:1]])
        found.refuse("unreadable", f"its {what} cannot be read: {shown(reason)}")
        return None
    except (ValueError, TypeError, RecursionError, OverflowError) as error:
        found.refuse("unreadable", f"its {what} cannot be read: {shown(str(error))}")
        return None
    return lock


class _Reader:
    """Goes through the packages of one lock."""

    def __init__(self, lock: Lock, found: Findings, what: str) -> None:
        self.lock, self.found, self.what = lock, found, what
        self.channels: list[str] = []
        self.indexes: list[str] = []

    def read(self) -> None:
        known = tuple(self.found.channels)
        self.indexes += self.found.indexes
        for environment in self.lock.environments.values():
            self._channels(environment, known)
            self._indexes(environment)
        seen: set[int] = set()
        for package in self._packages():
            if id(package) not in seen:
                seen.add(id(package))
                self._package(package)

    def _packages(self) -> Iterable[LockedPackage]:
        for environment in self.lock.environments.values():
            for row in environment.packages.values():
                yield from row
        yield from self.lock.build_time

    def _channels(self, environment: LockedEnvironment, known: tuple[str, ...]) -> None:
        for url in environment.channel_urls:
            if not self.found.accepts(url):
                continue
            if not any(same(url, each) for each in known):
                text = f"its {self.what} takes packages from {shown(url)}, which its"
                self.found.refuse("mismatch", f"{text} manifest does not name")
            elif url not in self.channels:
                self.channels.append(url)

    def _indexes(self, environment: LockedEnvironment) -> None:
        found = self.found
        links: list[object] = []
        for each in environment.find_links or ():
            links += each.values() if isinstance(each, dict) else [each]
        for url in (*(environment.indexes or ()), *map(str, links)):
            if found.accepts(url):
                if url not in self.indexes:
                    self.indexes.append(url)
                if any(each.kind == "pypi" for each in self._packages()):
                    found.put(found.indexes, url)

    def _package(self, package: LockedPackage) -> None:
        # every field is read, so that none can be hidden from what is checked
        fields = dict(package.fields)
        name = str(fields.get("name") or package.name)
        version = str(fields.get("version") or package.version)
        said = f"{shown(name)} {shown(version)}".strip()
        if not _NAME.fullmatch(name) or ".." in name:
            self.found.refuse("name", f"{shown(name)!r} is no name of a package")
            return
        if version and not _VERSION.fullmatch(version):
            text = f"{shown(version)!r} is no version of {shown(name)}"
            self.found.refuse("name", text)
            return
        if has_hidden(package.location):
            text = f"the address of {said} has characters that cannot be seen"
            self.found.refuse("hidden", text)
            return
        if package.kind == "conda":
            self._conda(package, name, said)
        elif package.kind == "pypi":
            self._pypi(package, name, said)
        else:
            self._source(package, said)

    def _conda(self, package: LockedPackage, name: str, said: str) -> None:
        found, location = self.found, package.location
        if not found.accepts(location, said):
            return
        base, _, _ = location.rpartition("/")
        channel, _, subdir = base.rpartition("/")
        file = archive_parts(unquote(package.file_name))
        if file[0] != name:
            text = f"what is locked as {said} is the file {shown(package.file_name)}"
            found.refuse("mismatch", text)
        told = package.fields.get("channel")
        mine = next((each for each in self.channels if same(each, channel)), None)
        if told is not None and not same(str(told), channel):
            text = f"{said} is said to be of {shown(str(told))}, and is fetched from"
            found.refuse("mismatch", f"{text} {shown(channel)}")
        elif mine is not None and subdir in SUBDIRS:
            key = next(each for each in found.channels if same(each, mine))
            found.put(found.channels, key, said)
        elif not self._is_asked(location, name, said):
            text = f"{said} is fetched from {shown(channel)}, which its manifest"
            found.refuse("mismatch", f"{text} does not name")
        if not _is_hash(package.fields.get("sha256")):
            found.unhashed[said] = None

    def _pypi(self, package: LockedPackage, name: str, said: str) -> None:
        found, location = self.found, package.location
        if not found.accepts(location, said):
            return
        if location.startswith("git+"):
            found.builds[said] = None
            self._asked_or_refused(location, name, said)
            if not _COMMIT.search(location):
                found.unhashed[said] = None
            return
        url = location.removeprefix("direct+").partition("#")[0]
        file = unquote(url.rpartition("/")[2])
        project = re.split(r"-\d", file)[0] if not file.endswith(".whl") else ""
        project = project or file.split("-")[0]
        if normalised(project) != normalised(name):
            text = f"what is locked as {said} is the file {shown(file)}"
            found.refuse("mismatch", text)
        if not file.endswith(".whl"):
            found.builds[said] = None
        if index := package.fields.get("index"):
            found.put(found.indexes, str(index))
        if not self._is_asked(location, name, said):
            found.put(found.indexes, self._index_of(url), said)
        if not _is_hash(package.fields.get("sha256")):
            found.unhashed[said] = None

    def _source(self, package: LockedPackage, said: str) -> None:
        _, _, place = package.location.partition(" @ ")
        self.found.builds[said] = None
        if self.found.accepts(place, said):
            self._asked_or_refused(place, package.name, said)

    def _index_of(self, url: str) -> str:
        """Give the index on whose host a file is, else that host."""
        mine = address(url)
        for index in self.indexes:
            other = address(index)
            if (
                mine
                and other
                and (mine.scheme, mine.host) == (other.scheme, other.host)
            ):
                return index
        return f"{mine.scheme}://{mine.host}/" if mine else url

    def _is_asked(self, location: str, name: str, said: str) -> bool:
        """Tell whether the manifest names this very place for the package."""
        bare = _bare(location)
        for url, packages in self.found.direct.items():
            names = {normalised(each.partition(" ")[0]) for each in packages}
            if normalised(name) in names and same(_bare(url), bare):
                for each in [x for x in packages if normalised(x) == normalised(name)]:
                    del packages[each]
                packages[said] = None
                return True
        return False

    def _asked_or_refused(self, location: str, name: str, said: str) -> None:
        if not self._is_asked(location, name, said):
            text = f"{said} is fetched from {shown(location)}, which its manifest"
            self.found.refuse("mismatch", f"{text} does not name")


def _bare(location: str) -> str:
    location = location.removeprefix("direct+").removeprefix("git+")
    location = location.partition("#")[0].partition("?")[0]
    return location.removesuffix(".git")


def _is_hash(value: object) -> bool:
    return bool(_SHA256.fullmatch(str(value or "").lower()))


def amount_of(lock: Lock, host: str) -> Amount:
    """Count what would be installed on a computer.

    Parameters
    ----------
    host
        Its subdir.
    """
    for subdir in emulated(host):
        for platform in lock.platforms:
            if platform.subdir != subdir:
                continue
            rows = [
                package
                for environment in lock.environments.values()
                for package in environment.packages.get(platform.name, ())
            ]
            sizes = [_size(each) for each in rows]
            return Amount(
                platform=shown(platform.name),
                conda=sum(each.kind != "pypi" for each in rows),
                pypi=sum(each.kind == "pypi" for each in rows),
                size_bytes=sum(filter(None, sizes)),
                unsized=sum(each is None for each in sizes),
            )
    return Amount()


def _size(package: LockedPackage) -> int | None:
    size = package.fields.get("size")
    is_size = isinstance(size, int) and not isinstance(size, bool) and size >= 0
    return size if isinstance(size, int) and is_size else None
