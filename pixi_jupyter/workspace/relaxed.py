"""Which locked packages a solve is to look at anew.

What each verb relaxes, and what is solved then: pixi 0.77.0, minimal change (read
2026-11). A locked version is a preference; a relaxed one is no longer, and where one
was locked is solved again although the lock fits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from pixi_jupyter.manifest.selectors import parse_selector
from pixi_jupyter.names import normalised
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from pixi_jupyter.adapters.rattler import LockedRecords
    from pixi_jupyter.lock.file import Lock
    from pixi_jupyter.workspace.context import Workspace


Kind: TypeAlias = Literal["conda", "pypi"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxed:
    """Packages whose locked version is not preferred; None stands for all."""

    names: frozenset[str] | None = None
    """In lower case; of PyPI normalised."""
    environments: frozenset[str] | None = None
    platforms: frozenset[str] | None = None
    """Names of platforms."""
    kind: Kind | None = None
    """None: both conda's and PyPI's."""

    def covers(
        self, environment: str, platform: str, name: str, kind: Kind = "conda"
    ) -> bool:
        """Tell whether a package that is locked there is meant."""
        return (
            self.kind in (None, kind)
            and (self.environments is None or environment in self.environments)
            and (self.platforms is None or platform in self.platforms)
            and (self.names is None or name in self.names)
        )


def is_relaxed(
    relaxed: Iterable[Relaxed],
    environment: str,
    platform: str,
    name: str,
    *,
    kind: Kind = "conda",
) -> bool:
    """Tell whether any of some covers a package."""
    return any(each.covers(environment, platform, name, kind) for each in relaxed)


def relaxes(
    relaxed: Collection[Relaxed],
    records: LockedRecords,
    *,
    environments: Iterable[str],
    platform: str | None = None,
) -> bool:
    """Tell whether anything that is locked in some places is covered.

    Parameters
    ----------
    platform
        None for all.
    """
    return bool(relaxed) and any(
        is_relaxed(relaxed, environment, place, record.name.normalized)
        for environment in environments
        for place, row in records.get(environment, {}).items()
        if platform in (None, place)
        for record in row
    )


def relaxes_pypi(
    relaxed: Collection[Relaxed],
    lock: Lock | None,
    *,
    environments: Iterable[str],
    platform: str | None = None,
) -> bool:
    """Tell the same of PyPI packages."""
    if not relaxed or lock is None:
        return False
    return any(
        is_relaxed(relaxed, name, place, normalised(package.name), kind="pypi")
        for name in environments
        if name in lock.environments
        for place, row in lock.environments[name].packages.items()
        if platform in (None, place)
        for package in row
        if package.kind == "pypi"
    )


def relaxed_dependencies(
    workspace: Workspace,
    names: Iterable[str],
    *,
    kind: Kind | None = "conda",
    environments: Iterable[str],
    selectors: Collection[str] = (),
) -> Relaxed:
    """Relax what a change of some dependencies is about, as `add` does.

    Parameters
    ----------
    environments
        Those that have the dependencies; the others of their solve groups, which
        have to agree with them, are taken in.
    selectors
        Of the tables that were changed; empty for the table of all platforms.
    """
    mates = {
        mate
        for name in environments
        for mate in workspace.composition.group_of(name).environments
    }
    return Relaxed(
        names=frozenset(name.lower() for name in names),
        kind=kind,
        environments=frozenset(mates),
        platforms=platforms_with(workspace, selectors),
    )


def platforms_with(
    workspace: Workspace, selectors: Collection[str]
) -> frozenset[str] | None:
    """Name the platforms that some target tables hold for; None for all."""
    if not selectors:
        return None
    return frozenset(
        platform.name
        for platform in workspace.composition.platforms
        if any(parse_selector(text).matches(platform) for text in selectors)
    )
