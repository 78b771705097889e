"""Dependencies on a source or a package's file: whether the lock has just that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.lock import places
from pixi_jupyter.lock.models import LockedPackage
from pixi_jupyter.manifest.sources import needs_build

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pixi_jupyter.adapters.rattler import RepoDataRecord


def source_reason(
    name: str,
    asked: Mapping[str, object],
    found: LockedPackage | RepoDataRecord | None,
    *,
    root: Path,
    manifest: str,
) -> str:
    """Say why what is locked is not from the place that is asked for; or nothing.

    Parameters
    ----------
    asked
        Table of the requirement, with a ``url``, a ``path`` or ``git``.
    found
        A source, or a record that was built elsewhere; None where none is locked.
    root
        What relative paths start from.
    manifest
        How it is called.
    """
    if found is None:
        return f"{name} is not in the lock"
    is_built = needs_build(asked)
    if isinstance(found, LockedPackage):
        location = found.location.partition(" @ ")[2] if is_built else found.location
    else:
        location = found.url
        if is_built:
            return f"{name} is to be built from source, the lock has a build"
    if location and not places.is_place(asked, location, root):
        wanted, have = places.source_shown(asked), places.shown(location)
        return f"{name} is locked from {have}, {manifest} asks for {wanted}"
    return "" if isinstance(found, LockedPackage) else _other_digest(name, asked, found)


def _other_digest(
    name: str, asked: Mapping[str, object], record: RepoDataRecord
) -> str:
    for key, digest in (("sha256", record.sha256), ("md5", record.md5)):
        said = str(asked.get(key) or "").lower()
        if said and digest is not None and said != digest.hex():
            return f"the {key} of {name} is not the one in the lock"
    return ""
