"""Write ``.conda`` archives whose bytes depend on their content alone.

Format: conda's package specification and CEP 35 (``.conda`` files), read 2026-11.
"""

from __future__ import annotations

import hashlib
import io
import json
import posixpath
import tarfile
import threading
import time
import zipfile
from typing import TYPE_CHECKING, Any

from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

PLACEHOLDER = "/opt/pixi_jupyter_placehold_placehold_placehold"
"""Stands for the prefix in text files; replaced when they are linked."""

TIMESTAMP = 1_700_000_000_000
"""Milliseconds; the date of every archive that is not given another."""

_CHUNK_BYTES = 1 << 20
"""What the compressor gets at a time; it lets other threads run meanwhile."""

_FIRST_ZIP_SECOND = 315_532_800  # 1980, before which zip knows no date


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a package."""

    path: str
    """Relative to the prefix, with forward slashes."""
    data: bytes = b""
    """Its content; of no meaning for a link."""
    mode: int = 0o644
    """Permission bits."""
    link: str | None = None
    """Target, relative to the folder of `path`, if it is a symbolic link."""
    placeholder: str | None = None
    """The text inside `data` that becomes the prefix."""


def write_package(
    channel: Path,
    index: Mapping[str, Any],
    entries: Iterable[Entry],
    *,
    about: Mapping[str, Any] | None = None,
    link: Mapping[str, Any] | None = None,
    level: int = 3,
) -> Path:
    """Write one package into its subdir of a channel.

    Parameters
    ----------
    channel
        Folder of the channel; made if it is not there.
    index
        ``info/index.json``: name, version, build and subdir at least; build number,
        depends and timestamp have defaults.
    entries
        The files; read once, so that a generator keeps memory low.
    about, link
        ``info/about.json`` and ``info/link.json``.
    level
        Of the compression, 1 to 19.

    Returns
    -------
    Path
        The archive, which appears whole or not at all.

    Notes
    -----
    Equal arguments give equal bytes, and so equal hashes in lock files. The
    repodata is not touched: see `pixi_jupyter.channel.repodata`.
    """
    index = {"build_number": 0, "depends": [], "timestamp": TIMESTAMP, **index}
    seconds = int(index["timestamp"]) // 1000
    stem = f"{index['name']}-{index['version']}-{index['build']}"
    paths: list[dict[str, Any]] = []
    payload = _compressed_tar(_noted(entries, paths), seconds, level)
    info = _compressed_tar(_info(index, paths, about, link), seconds, level)
    target = channel / str(index["subdir"]) / f"{stem}.conda"
    _write_zip(
        target,
        {
            "metadata.json": b'{"conda_pkg_format_version": 2}',
            f"pkg-{stem}.tar.zst": payload,
            f"info-{stem}.tar.zst": info,
        },
        seconds,
    )
    return target


def _write_zip(target: Path, members: Mapping[str, bytes], seconds: int) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.{threading.get_native_id()}.partial")
    date = time.gmtime(max(seconds, _FIRST_ZIP_SECOND))[:6]
    try:
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED) as archive:
            for name, data in members.items():
                member = zipfile.ZipInfo(name, date)
                member.create_system = 3  # unix, also when written on Windows
                member.external_attr = 0o100644 << 16
                archive.writestr(member, data)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _compressed_tar(entries: Iterable[Entry], seconds: int, level: int) -> bytes:
    import zstandard

    packed = io.BytesIO()
    compressor = zstandard.ZstdCompressor(level=level)
    with compressor.stream_writer(packed, closefd=False) as stream:
        waiting: list[bytes] = []
        size = 0
        for block in _tar_blocks(entries, seconds):
            waiting.append(block)
            size += len(block)
            if size >= _CHUNK_BYTES:
                stream.write(b"".join(waiting))
                waiting, size = [], 0
        stream.write(b"".join(waiting))
    return packed.getvalue()


def _tar_blocks(entries: Iterable[Entry], seconds: int) -> Iterator[bytes]:
    """Give the bytes of a tar file, piece by piece.

    `tarfile` makes the headers; its own stream copies every byte twice.
    """
    for entry in entries:
        member = tarfile.TarInfo(entry.path)
        member.mtime, member.mode = seconds, entry.mode
        if entry.link is not None:
            member.type, member.linkname = tarfile.SYMTYPE, entry.link
        else:
            member.size = len(entry.data)
        yield member.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")
        if member.size:
            yield entry.data
            yield bytes(-member.size % tarfile.BLOCKSIZE)
    yield bytes(2 * tarfile.BLOCKSIZE)


def _noted(entries: Iterable[Entry], paths: list[dict[str, Any]]) -> Iterator[Entry]:
    """Pass entries on, and note in `paths` what paths.json says of each."""
    links: dict[str, str] = {}
    for entry in entries:
        row: dict[str, Any] = {
            "_path": entry.path,
            "path_type": "hardlink",
            "sha256": hashlib.sha256(entry.data).hexdigest(),
            "size_in_bytes": len(entry.data),
        }
        if entry.link is not None:
            row["path_type"] = "softlink"
            folder = posixpath.dirname(entry.path)
            links[entry.path] = posixpath.normpath(posixpath.join(folder, entry.link))
        elif entry.placeholder:
            row["prefix_placeholder"] = entry.placeholder
            row["file_mode"] = "binary" if b"\0" in entry.data else "text"
        paths.append(row)
        yield entry
    paths.sort(key=lambda row: str(row["_path"]))
    _describe_links(paths, links)


def _describe_links(paths: list[dict[str, Any]], links: Mapping[str, str]) -> None:
    """Give each link the hash and size of what it leads to, as conda does."""
    rows = {row["_path"]: row for row in paths}
    for path in links:
        target, seen = links[path], {path}
        while target in links and target not in seen:
            seen.add(target)
            target = links[target]
        if target in rows and target not in links:
            found = rows[target]
            rows[path].update(
                sha256=found["sha256"], size_in_bytes=found["size_in_bytes"]
            )


def _info(
    index: Mapping[str, Any],
    paths: list[dict[str, Any]],
    about: Mapping[str, Any] | None,
    link: Mapping[str, Any] | None,
) -> Iterator[Entry]:
    files: dict[str, object] = {
        "index.json": index,
        "paths.json": {"paths": paths, "paths_version": 1},
        "about.json": about or {},
    }
    if link:
        files["link.json"] = link
    for name, value in files.items():
        text = json.dumps(value, indent=1, sort_keys=True)
        yield Entry(f"info/{name}", text.encode())
    listed = "".join(f"{row['_path']}\n" for row in paths)
    yield Entry("info/files", listed.encode())
