"""Write the ``repodata.json`` of a channel's folder.

Differs from py-rattler's own indexer in one field: there is no
``indexed_timestamp``, which is the time of indexing, and which a cut-off by date
prefers to the ``timestamp`` of the package.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import zipfile
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import ChannelBuildError
from pixi_jupyter.platforms import SUBDIRS, host_subdir

if TYPE_CHECKING:
    from pathlib import Path


def write_repodata(channel: Path) -> None:
    """Bring the repodata of every subdir up to date with its archives.

    Parameters
    ----------
    channel
        Folder of the channel. Its ``noarch`` and this machine's subdir are made
        if they are not there, since a subdir without repodata cannot be read
        offline.

    Raises
    ------
    ChannelBuildError
        If an archive cannot be read.

    Notes
    -----
    Each file is replaced whole. Archives older than the repodata that names them
    are not read again.
    """
    found = {path.name for path in channel.glob("*/") if path.name in SUBDIRS}
    for subdir in sorted(found | {"noarch", host_subdir({})}):
        folder = channel / subdir
        folder.mkdir(parents=True, exist_ok=True)
        _write_subdir(folder)


def _write_subdir(folder: Path) -> None:
    target = folder / "repodata.json"
    old, written_at = _read_old(target)
    records: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.glob("*.conda")):
        if path.name.startswith("."):
            continue
        status = path.stat()
        known = old.get(path.name)
        changed_at = max(status.st_mtime_ns, status.st_ctime_ns)
        if known and known.get("size") == status.st_size and changed_at < written_at:
            records[path.name] = known
        else:
            records[path.name] = _record(path)
    text = json.dumps(
        {
            "info": {"subdir": folder.name},
            "packages": {},
            "packages.conda": records,
            "repodata_version": 1,
        },
        indent=1,
        sort_keys=True,
    )
    partial = folder / f".repodata.json.{os.getpid()}.partial"
    partial.write_text(text + "\n", encoding="utf-8")
    partial.replace(target)


def _read_old(path: Path) -> tuple[dict[str, dict[str, Any]], int]:
    """Give the records of the last time, and when that was in nanoseconds."""
    try:
        written_at = path.stat().st_mtime_ns
        content = json.loads(path.read_text(encoding="utf-8"))
        return dict(content["packages.conda"]), written_at
    except (OSError, ValueError, KeyError, TypeError):
        return {}, 0


def _record(path: Path) -> dict[str, Any]:
    """Read what repodata says of one archive."""
    import zstandard

    data = path.read_bytes()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            packed = archive.read(f"info-{path.stem}.tar.zst")
        with (
            zstandard.ZstdDecompressor().stream_reader(packed) as stream,
            tarfile.open(fileobj=stream, mode="r|") as info,
        ):
            index = _member(info, "info/index.json")
    except (
        KeyError,
        ValueError,
        tarfile.TarError,
        zipfile.BadZipFile,
        zstandard.ZstdError,
    ) as error:
        raise ChannelBuildError(
            str(path), reason=f"it is not a whole package: {error}"
        ) from error
    return {
        **index,
        "md5": hashlib.md5(data, usedforsecurity=False).hexdigest(),
        "sha256": hashlib.sha256(data).hexdigest(),
        "size": len(data),
    }


def _member(archive: tarfile.TarFile, name: str) -> dict[str, Any]:
    for member in archive:
        if member.name == name and (stream := archive.extractfile(member)):
            found: dict[str, Any] = json.load(stream)
            return found
    raise KeyError(name)
