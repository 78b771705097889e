"""Tiny real conda packages and channels, made in milliseconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.channel.archive import Entry, write_package
from pixi_jupyter.channel.repodata import write_repodata

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

TIMESTAMP = 1_700_000_000_000
"""Milliseconds; when the packages say they were made."""


def make_package(  # noqa: PLR0913  a package has that many properties
    channel: Path,
    name: str,
    version: str = "1.0",
    *,
    depends: Iterable[str] = (),
    subdir: str = "noarch",
    files: Mapping[str, str | bytes] | None = None,
    executable: Iterable[str] = (),
    links: Mapping[str, str] | None = None,
    placeholder: str | None = None,
    noarch: str | None = None,
    build: str = "0",
    build_number: int = 0,
    constrains: Iterable[str] = (),
    timestamp: int = TIMESTAMP,
    link: Mapping[str, Any] | None = None,
    **index: Any,
) -> Path:
    """Write one package; call `write_repodata` or `make_channel` afterwards.

    Parameters
    ----------
    channel
        Folder of the channel.
    depends, constrains
        Match specs.
    subdir
        ``noarch`` or that of a platform.
    files
        Content by path. None gives ``share/NAME.txt`` that says name, version
        and build; an empty mapping gives a package without files.
    executable
        Those of `files` that get the executable bits.
    links
        Symbolic links: target by path.
    placeholder
        Text that the prefix replaces in the files that hold it.
    noarch
        ``generic`` (what None means in the subdir ``noarch``) or ``python``:
        files below ``site-packages`` and ``python-scripts``, with a link.json.
    link
        Content of link.json, such as entry points.
    index
        Further fields of index.json, such as ``license`` or ``track_features``.
    """
    if noarch is None and subdir == "noarch":
        noarch = "generic"
    if link is None and noarch == "python":
        link = {"noarch": {"type": "python"}, "package_metadata_version": 1}
    if files is None:
        files = {f"share/{name}.txt": f"{name} {version} {build}\n"}
    fields = {
        "name": name,
        "version": version,
        "build": build,
        "build_number": build_number,
        "depends": list(depends),
        "constrains": list(constrains),
        "subdir": subdir,
        "timestamp": timestamp,
        **({"noarch": noarch} if noarch else {}),
        **index,
    }
    runnable = set(executable)
    entries = [
        _entry(path, content, 0o755 if path in runnable else 0o644, placeholder)
        for path, content in files.items()
    ]
    entries += [
        Entry(path, link=target, mode=0o777) for path, target in (links or {}).items()
    ]
    return write_package(channel, fields, entries, link=link, level=1)


def _entry(
    path: str, content: str | bytes, mode: int, placeholder: str | None
) -> Entry:
    data = content.encode() if isinstance(content, str) else content
    held = placeholder if placeholder and placeholder.encode() in data else None
    return Entry(path, data, mode=mode, placeholder=held)


def make_channel(folder: Path, packages: Iterable[Mapping[str, Any]] = ()) -> str:
    """Write packages (each the arguments of `make_package`) and the repodata.

    Returns
    -------
    str
        URL of the channel, with a trailing slash. Call it again to add packages,
        or to replace one by another of the same name, version and build.
    """
    for package in packages:
        make_package(folder, **package)
    write_repodata(folder)
    return channel_url(folder)


def channel_url(folder: Path) -> str:
    """Give the URL by which a folder is a channel."""
    return folder.absolute().as_uri() + "/"
