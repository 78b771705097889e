"""What the check of a lock has to know of PyPI, and rooms beside this one can tell."""

from __future__ import annotations

import re
from dataclasses import field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping, Sequence
    from pathlib import Path

    from packaging.requirements import Requirement
    from packaging.tags import Tag

    from pixi_jupyter.adapters.rattler import RepoDataRecord
    from pixi_jupyter.adapters.uv import UvOptions
    from pixi_jupyter.lock.models import LockedPackage
    from pixi_jupyter.manifest.merge import Merged
    from pixi_jupyter.names import ChannelNames
    from pixi_jupyter.platforms import Platform


class Wanted(Protocol):
    """One thing that a manifest asks of PyPI."""

    @property
    def name(self) -> str:
        """Normalised."""

    @property
    def text(self) -> str:
        """PEP 508; without the place where `source` has one."""

    @property
    def source(self) -> Mapping[str, Any] | None:
        """git, path or url, and what goes with it; None for an index."""

    @property
    def index(self) -> str | None:
        """URL of the one index that has it."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Path of the requirement in the file."""


class Options(Protocol):
    """`[pypi-options]` of an environment."""

    @property
    def uv(self) -> UvOptions:
        """Indexes, what may be built, pre-releases."""

    @property
    def find_links(self) -> tuple[Mapping[str, str], ...]:
        """As written: each with ``path`` or ``url``."""

    @property
    def overrides(self) -> Mapping[str, object]:
        """Requirements as written, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PypiRules:
    """How the tables of a manifest about PyPI are read."""

    requirements: Callable[[Merged, Platform], Sequence[Wanted]]
    parse: Callable[[str, object], Sequence[Wanted]]
    """Reads one value of a table of PyPI dependencies."""
    options: Callable[[Merged], Options]
    markers: Callable[[Platform, str], Mapping[str, str]]
    """Of a platform and a version of Python."""
    tags: Callable[[Platform, str], Container[Tag]]
    """Of the wheels that a platform and a version of Python can use."""
    names: Mapping[str, ChannelNames] = field(default_factory=dict)
    """What the workspace says of conda packages that are projects of PyPI."""
    default_index: str = ""
    """Where nothing names an index; empty where it is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PypiRow:
    """What is asked of PyPI, and what is locked, on one platform."""

    wanted: tuple[Wanted, ...]
    packages: tuple[LockedPackage, ...]
    records: tuple[RepoDataRecord, ...]
    overrides: Mapping[str, tuple[Wanted, ...]]
    markers: Callable[[str], Mapping[str, str]]
    names: Mapping[str, ChannelNames]
    root: Path
    manifest: str
    """Name of the file, for messages."""
    origins: tuple[str, ...] = ()
    """Indexes and places of links that the lock names."""
    default_index: str = ""
    version: int = 7
    """Of the lock."""


@lru_cache(maxsize=16384)
def requirement_of(text: str) -> Requirement | None:
    """Read a requirement (PEP 508); None where nobody can."""
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        return Requirement(text)
    except InvalidRequirement:
        return None


def is_meant(
    requirement: Requirement, markers: Mapping[str, str], extras: Sequence[str] = ("",)
) -> bool:
    """Tell whether the marker of a requirement holds, for any of some extras."""
    from packaging.markers import UndefinedComparison, UndefinedEnvironmentName

    marker = requirement.marker
    try:
        return marker is None or any(
            marker.evaluate({**markers, "extra": extra}) for extra in extras
        )
    except (UndefinedComparison, UndefinedEnvironmentName):
        return False


def version_text(requirement: Requirement) -> str:
    """Give what a requirement says of the version, sorted as it is written."""
    return ",".join(re.findall(r"[^,]+", str(requirement.specifier))) or "any version"
