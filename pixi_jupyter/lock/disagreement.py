"""One reason why a lock does not fit its manifest, and how it is told."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Literal, TypeAlias

from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

Subject: TypeAlias = Literal[
    "environment",
    "environment-removed",
    "channels",
    "platform",
    "platform-removed",
    "virtual-packages",
    "strategy",
    "channel-priority",
    "exclude-newer",
    "requirement",
    "dependency",
    "constraint",
    "duplicate",
    "unused",
    "group",
    "source",
    "purls",
    "pypi",
    "pypi-by-conda",
    "pypi-indexes",
    "pypi-metadata",
    "pypi-no-build",
    "pypi-only-asked",
    "pypi-place",
    "pypi-prerelease",
    "pypi-python",
    "pypi-tags",
    "pypi-unused",
]
"""What the manifest and the lock disagree about."""

Scope: TypeAlias = Literal["all", "pypi"]
"""What has to be solved: all of it, or PyPI packages on the conda records there are."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found, before it is known whose and where."""

    kind: Subject
    text: str
    keys: tuple[str | int, ...] = ()
    """Path of keys in the manifest; empty where the lock itself is to blame."""
    keeps_hints: bool = field(default=True, kw_only=True)
    solve: bool = field(default=True, kw_only=True)
    scope: Scope = field(default="all", kw_only=True)

    def of(self, environment: str, platform: str | None = None) -> Disagreement:
        """Say whose it is."""
        return Disagreement(
            environment=environment,
            platform=platform,
            kind=self.kind,
            text=self.text,
            place="" if self.keys else "pixi.lock",
            keeps_hints=self.keeps_hints,
            solve=self.solve,
            scope=self.scope,
            keys=self.keys,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PypiFound:
    """What the walk through the PyPI packages of a row found."""

    findings: tuple[Finding, ...] = ()
    conda: frozenset[str] = frozenset()
    """Names of the conda packages that fulfil something."""
    unused: tuple[str, ...] = ()
    """Names of the packages that nothing asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """One reason why a lock does not fit its manifest."""

    environment: str
    platform: str | None = None
    """None: all platforms of the environment."""
    kind: Subject
    text: str
    """In plain words, without the place."""
    place: str = ""
    """``pixi.toml:14``; the manifest's name where no line is known, or empty."""
    keeps_hints: bool = True
    """Whether the locked records of its group are still worth preferring; with the
    scope ``pypi``, those of PyPI."""
    solve: bool = True
    """Whether it takes a solve, or writing the lock again is enough."""
    scope: Scope = "all"
    """Whether conda records have to be solved too."""
    keys: tuple[str | int, ...] = ()
    """Path of keys in the manifest."""


_PLACE_WIDTH = 18


def describe(disagreements: Iterable[Disagreement]) -> list[str]:
    """Tell disagreements to a person, what is the same everywhere only once.

    Returns
    -------
    list of str
        One text of two lines for each reason: what, and below it where.
    """
    merged: dict[tuple[str, str], dict[str, dict[str, None]]] = {}
    for each in disagreements:
        places = merged.setdefault((each.text, each.place), {})
        platforms = places.setdefault(each.environment, {})
        if each.platform is not None:
            platforms[each.platform] = None
    return [
        f"{text}\n  {place.ljust(_PLACE_WIDTH)}{_where(environments)}"
        if place
        else f"{text}\n  {_where(environments)}"
        for (text, place), environments in merged.items()
    ]


def _where(environments: dict[str, dict[str, None]]) -> str:
    alike: dict[tuple[str, ...], list[str]] = {}
    for environment, platforms in environments.items():
        alike.setdefault(tuple(platforms), []).append(environment)
    return "; ".join(
        ", ".join(names) + (f" on {', '.join(platforms)}" if platforms else "")
        for platforms, names in alike.items()
    )
