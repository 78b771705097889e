"""What an environment from elsewhere would fetch, build and run, as frozen values."""

from __future__ import annotations

import os
from dataclasses import field
from pathlib import Path
from typing import Any, Protocol

from pixi_jupyter.values import dataclass

NOWHERE = Path(os.path.abspath(os.sep), "notebook", "pixi.toml")  # noqa: PTH100  the root of this system
"""What relative paths in it start from: nothing is there."""


class Carried(Protocol):
    """An environment as a notebook carries it."""

    @property
    def manifest(self) -> str:
        """The text of a pixi.toml."""

    @property
    def lock(self) -> str | None:
        """The text of its lock; None: it is not solved yet."""

    @property
    def overlay(self) -> str | None:
        """The text of a lock for what a kernel needs beside it."""

    @property
    def environment(self) -> str:
        """What it is called where it comes from."""

    @property
    def digest(self) -> str:
        """The sha256 of all three texts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A place that something would be fetched from."""

    where: str
    """A URL without secrets, fit to be shown."""
    name: str = ""
    """The short name that stands for just this URL, if there is one."""
    is_known: bool = False
    """Whether settings name it, or it is what everybody has."""
    packages: tuple[str, ...] = ()
    """What comes from there, as ``name version``."""

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "where": self.where,
            "name": self.name or None,
            "known": self.is_known,
            "packages": list(self.packages),
        }


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something is not installed, whatever the user says."""

    code: str
    """Stable: credentials, mismatch, path, …"""
    text: str
    """A sentence without a period."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable that a manifest sets at each start."""

    name: str
    is_flagged: bool
    """Whether it can change which programs run, or what they trust."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """How much would be installed on this computer."""

    platform: str | None = None
    """The locked one that this computer runs; None where it runs none of them."""
    conda: int = 0
    pypi: int = 0
    size_bytes: int = 0
    """To download, as far as the lock says it."""
    unsized: int = 0
    """Packages whose size the lock does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that a person agrees to."""

    digest: str
    environment: str
    channels: tuple[Origin, ...] = ()
    indexes: tuple[Origin, ...] = ()
    """Of PyPI packages, and other hosts that their files are on."""
    direct: tuple[Origin, ...] = ()
    """Packages by an address of their own."""
    others: tuple[Origin, ...] = ()
    """What else would be asked: maps of names, stores."""
    is_locked: bool = False
    amount: Amount = field(default_factory=Amount)
    unhashed: tuple[str, ...] = ()
    """Packages that nothing could be compared with."""
    builds: tuple[str, ...] = ()
    """What would be built here, which runs code of its authors."""
    variables: tuple[Variable, ...] = ()
    scripts: tuple[str, ...] | None = None
    """What runs at each start; None: not known before the packages are here."""
    link_scripts: bool = False
    """Whether settings let packages run scripts when they are installed."""
    tasks: tuple[str, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    """What nobody can agree to."""
    forbidden: tuple[str, ...] = ()
    """What this computer's administrator does not allow."""

    @property
    def is_flagged(self) -> bool:
        """Whether anything in it deserves a second look."""
        origins = (*self.channels, *self.indexes)
        return bool(
            any(not each.is_known for each in origins)
            or self.direct
            or self.others
            or self.builds
            or self.unhashed
            or self.scripts
            or any(each.is_flagged for each in self.variables)
            or not self.is_locked
        )

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        amount = self.amount
        return {
            "digest": self.digest,
            "environment": self.environment,
            "channels": [each.to_json() for each in self.channels],
            "indexes": [each.to_json() for each in self.indexes],
            "direct": [each.to_json() for each in self.direct],
            "others": [each.to_json() for each in self.others],
            "locked": self.is_locked,
            "platform": amount.platform,
            "conda": amount.conda,
            "pypi": amount.pypi,
            "size_bytes": amount.size_bytes,
            "unsized": amount.unsized,
            "unhashed": list(self.unhashed),
            "builds": list(self.builds),
            "variables": [
                {"name": each.name, "flagged": each.is_flagged}
                for each in self.variables
            ],
            "scripts": None if self.scripts is None else list(self.scripts),
            "link_scripts": self.link_scripts,
            "tasks": list(self.tasks),
            "refusals": [
                {"code": each.code, "text": each.text} for each in self.refusals
            ],
            "forbidden": list(self.forbidden),
            "flagged": self.is_flagged,
        }
