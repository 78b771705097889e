"""Look for packages in the channels."""

from __future__ import annotations

import fnmatch
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixi_jupyter.config import read_settings
from pixi_jupyter.errors import (
    ManifestNotFoundError,
    PackageNotFoundError,
    nearest,
)
from pixi_jupyter.platforms import host_subdir
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.request import WorkspaceRequest
from pixi_jupyter.workspace.context import open_session, open_workspace

if TYPE_CHECKING:
    from pixi_jupyter.adapters.rattler import Session
    from pixi_jupyter.events import Operation

_SPEC = re.compile(r"\s*([^\s=<>~!\[:]*)(.*?)\s*", re.DOTALL)
"""A name, which may be a glob, and what is said of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest(WorkspaceRequest):
    """What to look for, and where."""

    package: str
    """A name, a glob (``*numpy*``) or a match spec."""
    channels: tuple[str, ...] = ()
    """Empty: the workspace's, or the configured ones outside of a workspace."""
    platform: str | None = None
    """A subdir; None for this machine's."""
    limit: int | None = None
    """How many builds of a package people are shown."""
    limit_packages: int | None = None
    most: int | None = None
    """How many packages are looked up at all, best first, each version once: for who
    searches while a person types."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """The records that were found, newest first."""

    found: dict[str, tuple[dict[str, Any], ...]]
    """By subdir."""
    channels: tuple[str, ...]
    limit: int | None = None
    limit_packages: int | None = None
    names: tuple[str, ...] = ()
    """In the order of showing; the others follow."""

    def by_name(self) -> dict[str, list[dict[str, Any]]]:
        """Give the records of each package, newest first."""
        named: dict[str, list[dict[str, Any]]] = {name: [] for name in self.names}
        for records in self.found.values():
            for record in records:
                named.setdefault(record["name"], []).append(record)
        if len(self.found) > 1:
            for each in named.values():
                each.sort(key=_age, reverse=True)
        return {name: each for name, each in named.items() if each}

    def to_json(self) -> dict[str, list[dict[str, Any]]]:
        """Give pixi's JSON form."""
        return {subdir: list(records) for subdir, records in self.found.items()}


async def search(request: SearchRequest, operation: Operation) -> SearchResult:
    """Find the records of a package, or of all packages that a glob matches.

    A bare name that no package has finds those whose names contain it.

    Raises
    ------
    PackageNotFoundError
        If nothing matches.
    InvalidSpecError, ChannelError, OfflineError
    """
    urls, session = _where(request)
    subdir = request.platform or host_subdir()
    subdirs = (subdir, "noarch") if subdir != "noarch" else ("noarch",)
    operation.say("search", request.package)
    specs = await _specs(request.package, urls, session, subdirs)
    if request.most is not None:
        specs = _best(specs, request.package)[: request.most]
    records = await session.query(urls, specs, subdirs=subdirs) if specs else []
    place = {name: number for number, name in enumerate(specs)}
    records.sort(key=lambda r: (place.get(r.name.normalized, 0), r.name.normalized))
    operation.finish("search")
    if not records:
        names = await session.names(urls, subdirs=subdirs)
        raise PackageNotFoundError(
            request.package,
            channels=urls,
            platform=subdir,
            close=nearest(request.package.strip("*"), names),
            verb="search",
        )
    found = _by_subdir(records)
    return SearchResult(
        found=found if request.most is None else _versions(found),
        channels=tuple(urls),
        limit=request.limit,
        limit_packages=request.limit_packages,
        names=tuple(dict.fromkeys(record.name.normalized for record in records)),
    )


def _where(request: SearchRequest) -> tuple[tuple[str, ...], Session]:
    from pixi_jupyter.adapters.rattler import channel_urls

    names = request.channels
    try:
        workspace = open_workspace(request.manifest, offline=request.offline)
        settings, root = workspace.settings, workspace.root
        names = names or workspace.composition.environment("default").channels
    except ManifestNotFoundError:
        if request.manifest is not None:
            raise
        root = Path.cwd()
        settings = read_settings(offline=request.offline, environ=os.environ)
        names = names or settings.default_channels
    session = open_session(settings, names, root=root)
    return channel_urls(names, root=root), session


async def _specs(
    text: str, urls: tuple[str, ...], session: Session, subdirs: tuple[str, ...]
) -> list[str]:
    name, rest = _SPEC.fullmatch(text).groups()  # type: ignore[union-attr]  # fits all
    wanted = name.lower()
    if any(sign in wanted for sign in "*?"):
        names = await session.names(urls, subdirs=subdirs)
        return [f"{found}{rest}" for found in fnmatch.filter(names, wanted)]
    if rest:
        return [text]
    names = await session.names(urls, subdirs=subdirs)
    if wanted in names:
        return [wanted]
    containing = [found for found in names if wanted in found]
    return sorted(containing, key=lambda found: (not found.startswith(wanted), found))


def _best(specs: list[str], text: str) -> list[str]:
    """Order names: the very one, those that begin with it, the short ones."""
    wanted = text.strip("*").lower()
    return sorted(
        specs,
        key=lambda name: (name != wanted, not name.startswith(wanted), len(name), name),
    )


def _versions(
    found: dict[str, tuple[dict[str, Any], ...]],
) -> dict[str, tuple[dict[str, Any], ...]]:
    """Keep the newest build of each version, and of it what a list shows."""
    kept = ("name", "version", "channel", "url", "summary")
    brief: dict[str, tuple[dict[str, Any], ...]] = {}
    for subdir, records in found.items():
        rows: dict[tuple[str, str], dict[str, Any]] = {}
        for record in records:
            row = {key: record[key] for key in kept if record.get(key)}
            rows.setdefault((record["name"], record["version"]), row)
        brief[subdir] = tuple(rows.values())
    return brief


def _by_subdir(records: list[Any]) -> dict[str, tuple[dict[str, Any], ...]]:
    from pixi_jupyter.adapters.rattler import record_mapping

    ordered = sorted(
        records,
        key=lambda r: (
            r.version,
            r.build_number,
            r.timestamp.timestamp() if r.timestamp else 0,
        ),
        reverse=True,
    )
    ordered.sort(key=lambda record: record.name.normalized)
    found: dict[str, list[dict[str, Any]]] = {}
    for record in ordered:
        found.setdefault(str(record.subdir), []).append(record_mapping(record))
    return {subdir: tuple(each) for subdir, each in sorted(found.items())}


def _age(record: dict[str, Any]) -> tuple[Any, ...]:
    from pixi_jupyter.adapters.rattler import parse_version

    version = parse_version(record["version"])
    return version, record["build_number"], record.get("timestamp") or 0
