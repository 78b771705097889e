"""What a lock file says, as frozen values.

Source of the format: pixi.lock version 7 as pixi 0.77.0 and rattler_lock write it
(reference, read 2026-11).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Literal, TypeAlias

from pixi_jupyter.errors import LockParseError
from pixi_jupyter.values import dataclass

Kind: TypeAlias = Literal["conda", "conda_source", "pypi"]

KINDS: tuple[Kind, ...] = ("conda", "conda_source", "pypi")
"""In the order in which a lock lists them."""

NEWEST_VERSION = 7
"""Of the format; the one that is written."""


class UnreadFields(Mapping[str, object]):
    """The fields of one package, read from their text when first asked for.

    Most of the time a lock is read for its rows only, and reading a thousand
    packages takes half a second.
    """

    __slots__ = ("_data", "_path", "_text")

    def __init__(self, text: str, path: object) -> None:
        self._text, self._path = text, path
        self._data: Mapping[str, object] | None = None

    def _read(self) -> Mapping[str, object]:
        if self._data is None:
            from pixi_jupyter.adapters.yaml import YamlError, parse_yaml

            try:
                data = parse_yaml(self._text)
            except YamlError as error:
                raise LockParseError(str(self._path), reason=str(error)) from error
            if not isinstance(data, Mapping):
                reason = f"this is not a package:\n{self._text}"
                raise LockParseError(str(self._path), reason=reason)
            self._data = {k: v for k, v in data.items() if k not in KINDS}
        return self._data

    def mentions(self, key: str) -> bool:
        """Tell whether the text has `key`, without reading it."""
        return f"\n{key}:" in self._text

    def hexadecimal(self, key: str) -> str | None:
        """Give a hash without reading all the rest."""
        found = re.search(rf"\n{key}: '?([0-9a-f]+)'?(?:\n|$)", self._text)
        return found[1] if found else None

    def __getitem__(self, key: str) -> object:
        return self._read()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())

    def __eq__(self, other: object) -> bool:
        if isinstance(other, UnreadFields) and self._text == other._text:
            return True
        return isinstance(other, Mapping) and dict(self) == dict(other)

    __hash__ = None  # type: ignore[assignment]  # as every mapping

    def __repr__(self) -> str:
        return repr(dict(self))


@dataclass(frozen=True, slots=True)
class LockedPackage:
    """One package of a lock."""

    kind: Kind
    location: str
    """URL or path; of a source package ``NAME[HASH] @ LOCATION``."""
    fields: Mapping[str, object] = field(hash=False)
    """All else that the lock says, in the order and words of the format."""

    @property
    def name(self) -> str:
        """The package's name."""
        if self.kind == "conda_source":
            return self.location.split("[", 1)[0]
        return self._told("name", 0).lower()

    @property
    def version(self) -> str:
        """The version; empty where the lock has none."""
        return self._told("version", 1)

    @property
    def build(self) -> str:
        """The build string; empty for anything but conda packages."""
        return self._told("build", 2)

    @property
    def subdir(self) -> str:
        """The channel directory; empty for PyPI packages."""
        told = self._told("subdir")
        folders = self.location.split("/")[:-1] if self.kind == "conda" else []
        return told or (folders[-1] if folders else "")

    @property
    def file_name(self) -> str:
        """The last part of the location."""
        return re.split(r"[/\\]", self.location)[-1]

    @property
    def digest(self) -> bytes:
        """The sha256, else the md5; empty where the lock has neither."""
        fields = self.fields
        for key in ("sha256", "md5"):
            if isinstance(fields, UnreadFields):
                value: object = fields.hexadecimal(key)
            else:
                value = fields.get(key)
            if value:
                return bytes.fromhex(str(value))
        return b""

    def _told(self, key: str, position: int | None = None) -> str:
        """Give a field, or what the file name says where there is none."""
        fields = self.fields
        known = not isinstance(fields, UnreadFields) or fields.mentions(key)
        if known and (told := fields.get(key)) is not None:
            return str(told)
        if self.kind != "conda" or position is None:
            return ""
        return archive_parts(self.file_name)[position]


def archive_parts(file_name: str) -> tuple[str, str, str]:
    """Split ``NAME-VERSION-BUILD.conda``; empty texts where it is none."""
    found = re.fullmatch(r"(.+)-([^-]+)-([^-]+)\.(?:conda|tar\.bz2)", file_name)
    return (found[1], found[2], found[3]) if found else ("", "", "")


@dataclass(frozen=True, slots=True)
class LockedPlatform:
    """One platform that a lock was solved for."""

    name: str
    """Equal to the subdir, or an alias (``p1``) of a rich platform."""
    subdir: str
    virtual_packages: tuple[str, ...] = ()
    """What the solver was given, as ``__name=version[=build]``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedEnvironment:
    """One environment of a lock."""

    channels: tuple[Mapping[str, object], ...] = ()
    """Each with ``url``, in priority order."""
    packages: Mapping[str, tuple[LockedPackage, ...]] = field(default_factory=dict)
    """The rows, by the platform's name."""
    options: Mapping[str, object] = field(default_factory=dict)
    """strategy, channel-priority, pypi-prerelease-mode, where not the default."""
    indexes: tuple[str, ...] | None = None
    find_links: tuple[object, ...] | None = None

    @property
    def channel_urls(self) -> tuple[str, ...]:
        """The channels' URLs, with a trailing slash."""
        return tuple(str(each["url"]).rstrip("/") + "/" for each in self.channels)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """A whole lock file."""

    version: int = NEWEST_VERSION
    """Of the file that was read; what is written is always version 7."""
    platforms: tuple[LockedPlatform, ...] = ()
    environments: Mapping[str, LockedEnvironment] = field(default_factory=dict)
    build_time: tuple[LockedPackage, ...] = ()
    """Packages in no row, which source packages were, or may be, built with."""

    def platform(self, name: str) -> LockedPlatform | None:
        """Find a platform by its name."""
        return next((each for each in self.platforms if each.name == name), None)
