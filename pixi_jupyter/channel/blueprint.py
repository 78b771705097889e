"""A package that could be written: what it says, and where its files come from.

A blueprint is cheap to make. Its `signature` tells whether its source is still
that of the last time, without reading a file; only when it is not are the files
read, and the digest of what they hold becomes part of the build string. So one
file name always means one content.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any, TypeAlias

from pixi_jupyter.platforms import baseline
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pixi_jupyter.channel.archive import Entry

Sources: TypeAlias = Mapping[str, "Path"]
"""Files of this machine, by what they become in a package."""

FORMAT = 1
"""Raised when the way packages are made changes, so that none is reused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blueprint:
    """One package that could be written."""

    name: str
    version: str
    """A conda version."""
    subdir: str
    build: str
    """Build string with the fields ``{digest}`` and ``{number}``."""
    fields: Mapping[str, Any]
    """The rest of index.json."""
    about: Mapping[str, Any] = field(default_factory=dict)
    link: Mapping[str, Any] | None = None
    sources: Sources = field(default_factory=dict)
    """Files whose size and time tell whether anything changed."""
    read: Callable[[], Iterable[Entry]]
    """Reads the files; may raise OSError or ChannelBuildError."""

    def signature(self) -> str:
        """Give a text that changes when the source does.

        Notes
        -----
        Looks at every source file, and reads none.
        """
        seen = hashlib.sha256(f"{FORMAT} {self._description()}".encode())
        for path, file in sorted(self.sources.items()):
            status = file.stat()
            seen.update(
                f"{path}\0{file}\0{status.st_size}\0{status.st_mtime_ns}\n".encode()
            )
        return seen.hexdigest()

    def digest(self, entries: Iterable[Entry]) -> str:
        """Give eight characters that stand for the content, wherever it came from."""
        seen = hashlib.sha256(self._description().encode())
        for entry in sorted(entries, key=lambda each: each.path):
            content = hashlib.sha256(entry.data).hexdigest()
            kind = (entry.mode, entry.link, entry.placeholder)
            seen.update(f"{entry.path}\0{kind}\0{content}\n".encode())
        return seen.hexdigest()[:8]

    def index(self, digest: str, number: int) -> dict[str, Any]:
        """Give index.json for one build."""
        return {
            **self.fields,
            "name": self.name,
            "version": self.version,
            "build": self.build.format(digest=digest, number=number),
            "build_number": number,
            "subdir": self.subdir,
        }

    def _description(self) -> str:
        parts = (
            self.name,
            self.version,
            self.subdir,
            self.build,
            self.fields,
            self.about,
            self.link,
        )
        return json.dumps(parts, sort_keys=True)


def system_dependency(name: str, version: str, subdir: str) -> list[str]:
    """Say what is needed of the system, as far as a solve can know of it.

    A need above pixi's baseline is left out: the files come from this machine and
    run here, while every solve that does not declare its system would fail.

    Parameters
    ----------
    name
        ``__glibc`` or ``__osx``.
    version
        The oldest that will do; empty where none is needed.

    Examples
    --------
    >>> system_dependency("__glibc", "2.17", "linux-64")
    ['__glibc >=2.17']
    >>> system_dependency("__glibc", "2.99", "linux-64")
    []
    """
    known = {each.name: each.version for each in baseline(subdir)}
    assumed = version_numbers(known.get(name, ""))
    if not version or version_numbers(version) > assumed:
        return []
    return [f"{name} >={version}"]


def version_numbers(version: str) -> tuple[int, ...]:
    """Give the parts of a plain version for comparison."""
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def abi_tag(major_minor: str, *, free_threaded: bool = False) -> str:
    """Give the tag of CPython's binary interface, such as ``cp311``."""
    return f"cp{major_minor.replace('.', '')}{'t' if free_threaded else ''}"
