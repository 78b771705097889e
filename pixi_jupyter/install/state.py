"""pixi's second marker: sixteen bytes that say what a prefix holds.

Empty: nothing is known. ``pixi:installing!``: a change did not end. Sixteen
hexadecimal digits: the fingerprint of the conda records that are installed.
pixi believes a fingerprint without a look at conda-meta, so whoever changes a
prefix writes it anew. Source: pixi 0.77.0, ``environment_lock`` and
``environment_fingerprint`` (read 2026-11).

`read_state` is standard library only: a kernel's start asks it.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pixi_jupyter.adapters.rattler import RepoDataRecord

STATE_FILE = ".pixi-environment-fingerprint"
"""In conda-meta; also the lock between processes."""

HOLDER_FILE = ".pixi-jupyter-holder"
"""In conda-meta while somebody holds that lock: who it is, and since when.

Not ``*.json``: py-rattler takes every such file of conda-meta for a package.
"""

INSTALLING = "pixi:installing!"
UNKNOWN = ""

_WIDTH = 16
_FINGERPRINT = re.compile(r"[0-9a-fA-F]{16}")


def read_state(prefix: Path) -> str:
    """Read the state as pixi does.

    Returns
    -------
    str
        `UNKNOWN`, `INSTALLING` (also for anything that is not a fingerprint), or
        a fingerprint.
    """
    try:
        with (prefix / "conda-meta" / STATE_FILE).open("rb") as file:
            data = file.read(_WIDTH)
    except OSError:
        return UNKNOWN
    if len(data) < _WIDTH:
        return UNKNOWN
    text = data.decode("ascii", errors="replace")
    return text if _FINGERPRINT.fullmatch(text) else INSTALLING


def write_state(prefix: Path, state: str) -> None:
    """Write the state in place, under the prefix lock.

    Parameters
    ----------
    prefix
        Whose lock the caller holds.
    state
        `UNKNOWN`, `INSTALLING` or a fingerprint.

    Notes
    -----
    One write of constant width, so that a reader without the lock never sees
    half of it. The file is never replaced: it is the lock.
    """
    data = state.encode("ascii")
    if len(data) not in (0, _WIDTH):
        msg = f"a state has {_WIDTH} bytes or none, not {len(data)}"
        raise ValueError(msg)
    file = os.open(
        prefix / "conda-meta" / STATE_FILE, os.O_RDWR | os.O_CREAT | _BINARY, 0o666
    )
    try:
        if data:
            os.write(file, data)
        if os.fstat(file).st_size != len(data):
            os.ftruncate(file, len(data))
    finally:
        os.close(file)


_BINARY = getattr(os, "O_BINARY", 0)


def fingerprint(records: Iterable[RepoDataRecord]) -> str:
    """Give pixi's fingerprint of installed records.

    Returns
    -------
    str
        `UNKNOWN` where a record has no sha256, for versions of pixi differ there
        and an empty state only costs pixi a comparison.
    """
    import xxhash

    hasher = xxhash.xxh3_64()
    for record in sorted(records, key=lambda each: each.name.normalized):
        sha256 = record.sha256
        if not sha256:
            return UNKNOWN
        hasher.update(record.name.normalized.encode() + b"\xff")
        hasher.update(len(sha256).to_bytes(8, "little") + sha256)
    return f"{hasher.intdigest():016x}"
