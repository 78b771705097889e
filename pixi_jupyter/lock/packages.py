"""From a record to what a lock says of it.

A lock leaves out what its reader can tell from the URL; which fields these are,
and their order, is part of the format (rattler_lock, read 2026-11).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from pixi_jupyter.lock.models import LockedPackage, archive_parts
from pixi_jupyter.platforms import SUBDIRS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixi_jupyter.adapters.rattler import RepoDataRecord

CONDA_FIELDS = (
    "name",
    "version",
    "build",
    "build_number",
    "subdir",
    "noarch",
    "sha256",
    "md5",
    "legacy_bz2_md5",
    "attestations_sha256",
    "depends",
    "constrains",
    "extra_depends",
    "channel",
    "features",
    "flags",
    "track_features",
    "file_name",
    "license",
    "license_family",
    "purls",
    "run_exports",
    "size",
    "legacy_bz2_size",
    "timestamp",
    "indexed_timestamp",
    "python_site_packages_path",
)
"""In the order of the file."""

_LAST_SECOND = 253402300799
"""Of the year 9999: a larger number counts milliseconds."""

NOT_WRITTEN_IF_EMPTY = ("depends", "constrains", "extra_depends", "flags", "variants")


def conda_package(record: RepoDataRecord) -> LockedPackage:
    """Give what a lock says of a record, as pixi would write it."""
    from pixi_jupyter.adapters.rattler import record_mapping

    data = record_mapping(record)
    location = lock_location(data["url"])
    told = _not_in_url(data, location)
    found = {key: value for key, value in data.items() if key not in told}
    found |= {key: value for key, (value, same) in told.items() if value != same}
    if isinstance(found.get("track_features"), str):
        found["track_features"] = found["track_features"].split(" ")
    for key in ("timestamp", "indexed_timestamp"):
        # whole seconds come as seconds
        if isinstance(found.get(key), int) and found[key] <= _LAST_SECOND:
            found[key] *= 1000
    fields = {
        key: found[key]
        for key in CONDA_FIELDS
        if key in found and (found[key] or key not in NOT_WRITTEN_IF_EMPTY)
    }
    return LockedPackage("conda", location, fields)


def lock_location(url: str) -> str:
    """Give a URL as a lock has it: files as absolute paths."""
    if not url.startswith("file://"):
        return url
    path = unquote(urlsplit(url).path)
    if re.match(r"/[A-Za-z]:/", path):
        return path[1:].replace("/", "\\")
    return path


def _not_in_url(
    data: Mapping[str, object], location: str
) -> dict[str, tuple[object, object]]:
    """Give name, version, build …: of the record, and as its URL tells them."""
    is_url = "://" in location
    file_name = re.split(r"[/\\]", location)[-1]
    name, version, build = archive_parts(file_name)
    subdir = _subdir_of(location) if is_url else None
    noarch = _noarch_of(subdir or str(data["subdir"]), build)
    channel = str(data.get("channel") or "").rstrip("/") or None
    derived_channel = location.rsplit("/", 2)[0] if is_url else None
    return {
        "name": (data["name"], name),
        "version": (data["version"], version),
        "build": (data["build"], build),
        "build_number": (data["build_number"], _trailing_number(str(data["build"]))),
        "subdir": (data["subdir"], subdir),
        "noarch": (data.get("noarch") or False, noarch),
        "channel": (channel, derived_channel),
        "file_name": (data.get("fn"), file_name),
    }


def _subdir_of(url: str) -> str | None:
    folder = url.rsplit("/", 2)[-2]
    known = folder in SUBDIRS or folder == "unknown"
    return folder if known and re.match(r"(?:https?|file)://", url) else None


def _noarch_of(subdir: str, build: str) -> str | bool:
    if subdir != "noarch":
        return False
    return "python" if "py" in build else "generic"


def _trailing_number(build: str) -> int:
    found = re.search(r"\d+$", build)
    return int(found[0]) if found else 0
