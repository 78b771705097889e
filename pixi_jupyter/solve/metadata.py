"""What each found package requires: from metadata files, parts of wheels, sdists.

The order for a wheel: our cache (by hash), what uv has just read, the ``.metadata`` file
beside it (PEP 658), its last part, all of it. Only what says nothing for good is built.
"""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pixi_jupyter.adapters.toml import TomlError
from pixi_jupyter.adapters.uv import Build, cached_wheel, install
from pixi_jupyter.adapters.web import check
from pixi_jupyter.errors import DownloadError, InstallError
from pixi_jupyter.solve.archives import (
    Metadata,
    MissingPartError,
    Parts,
    parse_metadata,
    read_project,
    read_sdist,
    read_wheel,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pixi_jupyter.adapters.uv import File, Package, Uv
    from pixi_jupyter.adapters.web import Web

_TAIL = 1 << 16
_OK, _PARTIAL = 200, 206
_MOST_PARTS = 4


@dataclass(frozen=True, slots=True)
class MetadataStore:
    """Reads metadata once for all workspaces: a file of that hash never changes."""

    folder: Path
    web: Web
    reading: dict[str, asyncio.Lock] = field(default_factory=dict, repr=False)
    """Of each file that was asked for: who comes later finds what the first kept."""
    uv_cache: Path | None = None
    """Of the uv that found the files a moment ago."""

    async def of(self, file: File, *, listing: bool = False) -> Metadata | None:
        """Read what a wheel or sdist says of itself.

        Parameters
        ----------
        listing
            Whether the paths in a wheel are wanted too.

        Returns
        -------
        Metadata or None
            None where an archive of sources says nothing.

        Raises
        ------
        DownloadError, HashMismatchError, OfflineError
        """
        async with self.reading.setdefault(file.location, asyncio.Lock()):
            return await self._read(file, listing=listing)

    async def _read(self, file: File, *, listing: bool) -> Metadata | None:
        known = self._cached(file)
        if known is not None and (known.files is not None or not listing):
            return known
        if file.is_wheel:
            found = None if listing else await self._before(file)
            found = found or await self._inside(file)
        else:
            found = read_sdist(await self._whole(file))
        if found is not None and found.is_whole:
            self._keep(file, found)
        return found

    def _path(self, file: File) -> Path:
        return self.folder / file.sha256[:2] / f"{file.sha256}.json"

    def _cached(self, file: File) -> Metadata | None:
        if not file.sha256:
            return None
        try:
            return Metadata.from_json(json.loads(self._path(file).read_bytes()))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _keep(self, file: File, found: Metadata) -> None:
        if not file.sha256:
            return
        path = self._path(file)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, draft = tempfile.mkstemp(dir=path.parent)
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                json.dump(found.to_json(), out)
            Path(draft).replace(path)
        except OSError:
            return  # a cache that cannot be written is a slower cache

    async def _before(self, file: File) -> Metadata | None:
        """Ask for little: uv's own note, or the file beside a wheel."""
        if self.uv_cache is None:
            return await self._beside(file)
        known = await asyncio.to_thread(cached_wheel, self.uv_cache, file.url)
        if known is None:
            return await self._beside(file)
        return Metadata(
            version=known.version,
            requires_dist=known.requires_dist,
            requires_python=known.requires_python,
        )

    async def _beside(self, file: File) -> Metadata | None:
        if not file.url.startswith("http"):
            return None
        answer = await self.web.ask(f"{_bare(file.url)}.metadata")
        return parse_metadata(answer.content) if answer.status == _OK else None

    async def _inside(self, file: File) -> Metadata:
        if not file.url.startswith("http"):
            return _wheel(await self._whole(file), file)
        answer = await self.web.ask(file.url, part=f"bytes=-{_TAIL}")
        parts = {answer.start: answer.content}
        for _ in range(_MOST_PARTS):
            if answer.status != _PARTIAL:
                break
            try:
                return read_wheel(Parts(answer.total, parts))
            except MissingPartError as missing:
                end = max(missing.end, missing.start + _TAIL)
                span = f"bytes={missing.start}-{min(end, answer.total) - 1}"
                answer = await self.web.ask(file.url, part=span)
                parts[answer.start] = answer.content
            except ValueError:
                break
        return _wheel(await self._whole(file), file)

    async def _whole(self, file: File) -> bytes:
        if file.url:
            return await self.web.whole(file.url, sha256=file.sha256)
        try:
            content = await asyncio.to_thread(Path(file.path).read_bytes)
        except OSError as error:
            raise DownloadError(file.path, reason=str(error)) from error
        check(content, file.sha256, file.path)
        return content


def _bare(url: str) -> str:
    return url.partition("#")[0]


def _wheel(content: bytes, file: File) -> Metadata:
    try:
        return read_wheel(Parts(len(content), {0: content}))
    except ValueError as error:
        raise DownloadError(file.location, reason=str(error)) from error


async def read_all(
    chosen: Mapping[str, tuple[Package, File | None]],
    store: MetadataStore,
    *,
    uv: Uv,
    build: Build,
    root: Path,
) -> dict[str, Metadata]:
    """Read what packages say of themselves, by name.

    Parameters
    ----------
    chosen
        Each with the file that will be installed, if it comes as a file.
    build
        How those are built that do not say it otherwise.
    root
        What relative paths of folders start from.

    Raises
    ------
    DownloadError, HashMismatchError, OfflineError
    """
    names = list(chosen)
    reads = (_one(*chosen[name], store, root) for name in names)
    found = dict(zip(names, await asyncio.gather(*reads), strict=True))
    unsure = [name for name, each in found.items() if each is None or not each.is_whole]
    built = await _built([chosen[name][0] for name in unsure], uv, build)
    return {
        name: built.get(name) or each or Metadata(version=chosen[name][0].version)
        for name, each in found.items()
    }


async def _one(
    package: Package, file: File | None, store: MetadataStore, root: Path
) -> Metadata | None:
    if file is not None:
        return await store.of(file)
    if package.directory is None:
        return None
    folder = root / package.directory.path / package.directory.subdirectory
    try:
        path = folder / "pyproject.toml"
        return read_project(await asyncio.to_thread(path.read_text, encoding="utf-8"))
    except (OSError, TomlError, UnicodeError):
        return None


async def _built(
    packages: Sequence[Package], uv: Uv, build: Build
) -> dict[str, Metadata]:
    """Build what cannot be known otherwise; uv keeps the wheels for the install."""
    if not packages:
        return {}
    with tempfile.TemporaryDirectory(prefix="pixi-jupyter-built-") as name:
        plain = [_not_editable(package) for package in packages]
        try:
            await install(uv, plain, replace(build, target=Path(name)))
        except InstallError:
            if build.options.no_build:
                return {}
            raise
        return await asyncio.to_thread(_installed, Path(name))


def _not_editable(package: Package) -> Package:
    if package.directory is None:
        return package
    return replace(package, directory=replace(package.directory, editable=False))


def _installed(folder: Path) -> dict[str, Metadata]:
    from pixi_jupyter.names import normalised

    found = {}
    for path in folder.glob("*.dist-info/METADATA"):
        name = path.parent.name.partition("-")[0]
        found[normalised(name)] = replace(
            parse_metadata(path.read_bytes()), is_whole=True
        )
    return found
