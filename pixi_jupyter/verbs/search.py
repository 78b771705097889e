"""Look for packages in the channels."""

from __future__ import annotations

import fnmatch
import os
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


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """The records that were found, newest first."""

    found: dict[str, tuple[dict[str, Any], ...]]
    """By subdir."""
    channels: tuple[str, ...]
    limit: int | None = None
    limit_packages: int | None = None

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
    records = await session.query(urls, specs, subdirs=subdirs) if specs else []
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
    return SearchResult(
        found=_by_subdir(records),
        channels=tuple(urls),
        limit=request.limit,
        limit_packages=request.limit_packages,
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
    if not any(sign in text for sign in "*?") or any(sign in text for sign in " =<>["):
        if any(sign in text for sign in " =<>[:"):
            return [text]
        names = await session.names(urls, subdirs=subdirs)
        if text in names:
            return [text]
        containing = [name for name in names if text.lower() in name]
        return sorted(containing, key=lambda name: (not name.startswith(text), name))
    names = await session.names(urls, subdirs=subdirs)
    return fnmatch.filter(names, text.lower())


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
