"""What a workspace's own `conda-pypi-map` says, its files and pages included."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from pixi_jupyter.adapters.files import read_file
from pixi_jupyter.errors import NamesMapError
from pixi_jupyter.names import locations, read_names

if TYPE_CHECKING:
    from pixi_jupyter.names import Names
    from pixi_jupyter.workspace.context import Workspace


async def workspace_names(workspace: Workspace) -> Names:
    """Read which conda packages are which projects of PyPI.

    Raises
    ------
    NamesMapError
        If a file or page of the map cannot be read, or is none.
    DownloadError, OfflineError
    """
    table = _table(workspace)
    if table is None:
        return {}
    pages = [x for x in locations(table) if x.startswith(("http://", "https://"))]
    texts = _files(workspace, table)
    if pages:
        texts |= await _downloaded(workspace, pages)
    return _read(workspace, texts)


def _table(workspace: Workspace) -> object:
    return workspace.manifest.metadata.get("conda-pypi-map")


def _read(workspace: Workspace, texts: dict[str, str]) -> Names:
    names = {x for e in workspace.composition.environments.values() for x in e.channels}
    urls = {name: workspace.channel_url(name) for name in names}
    try:
        return read_names(_table(workspace), urls, texts)
    except ValueError as error:
        raise NamesMapError(workspace.manifest.path.name, reason=str(error)) from error


def _files(workspace: Workspace, table: object) -> dict[str, str]:
    found = {}
    for place in locations(table):
        if place.startswith(("http://", "https://")):
            continue
        try:
            path = workspace.root / place.removeprefix("file://")
            found[place] = read_file(path).decode()
        except (OSError, UnicodeDecodeError) as error:
            raise NamesMapError(place, reason=str(error)) from error
    return found


async def _downloaded(workspace: Workspace, pages: list[str]) -> dict[str, str]:
    from pixi_jupyter.adapters.web import Web

    offline = workspace.settings.offline
    async with Web((), workspace.environ, offline=offline) as web:
        found = await asyncio.gather(*(web.whole(page) for page in pages))
    return {
        page: content.decode(errors="replace")
        for page, content in zip(pages, found, strict=True)
    }
