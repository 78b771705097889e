"""Broken files among the cached shards, which py-rattler does not replace itself.

A shard is one MessagePack value, named by the hash of what it was before it was
unpacked, so that the name proves nothing (py-rattler 0.28.0). An index or a
``repodata.json`` in the cache that is broken is fetched again without our help.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "shards-v1"
"""Below the folder of repodata."""

_MAPS = frozenset((*range(0x80, 0x90), 0xDE, 0xDF))
_FIXED = {
    **dict.fromkeys((0xC0, 0xC2, 0xC3), 0),
    0xCA: 4,
    0xCB: 8,
    0xCC: 1,
    0xCD: 2,
    0xCE: 4,
    0xCF: 8,
    0xD0: 1,
    0xD1: 2,
    0xD2: 4,
    0xD3: 8,
    0xD4: 2,
    0xD5: 3,
    0xD6: 5,
    0xD7: 9,
    0xD8: 17,
}
"""How many bytes follow a first byte that says all about its length."""
_SIZED = {0xC4: 1, 0xC5: 2, 0xC6: 4, 0xD9: 1, 0xDA: 2, 0xDB: 4}
"""How many bytes hold the length of what follows: binary and text."""
_GROUPS = {0xDC: (2, 1), 0xDD: (4, 1), 0xDE: (2, 2), 0xDF: (4, 2)}
"""How many bytes hold the count of a list or map, and values for each of it."""


def drop_broken_shards(repodata_dir: Path, *, all_of_them: bool) -> int:
    """Remove the cached shards that cannot be read; gives how many.

    Parameters
    ----------
    repodata_dir
        The folder of cached repodata.
    all_of_them
        Where none looks broken, take all: they can be fetched again.
    """
    found = sorted((repodata_dir / FOLDER).glob("*.msgpack"))
    broken = [path for path in found if not _is_whole(path)]
    if not broken and all_of_them:
        broken = found
    for path in broken:
        with contextlib.suppress(OSError):
            path.unlink()
    return len(broken)


def _is_whole(path: Path) -> bool:
    try:
        data = path.read_bytes()
    except OSError:
        return False
    return bool(data) and data[0] in _MAPS and _length(data) == len(data)


def _length(data: bytes) -> int:
    """Give how long the first value is; -1 where the data end before it does."""
    at, left = 0, 1
    try:
        while left:
            at, more = _step(data, at)
            left += more - 1
    except IndexError:
        return -1
    return at if at <= len(data) else -1


def _step(data: bytes, at: int) -> tuple[int, int]:
    """Pass one value, or the head of a group: where it ends, what follows it."""
    first = data[at]
    at += 1
    if first < 0x80 or first >= 0xE0:  # noqa: PLR2004  small numbers
        return at, 0
    if first < 0xC0:  # noqa: PLR2004  small maps, lists and texts
        if first >= 0xA0:  # noqa: PLR2004
            return at + (first & 0x1F), 0
        count = first & 0x0F
        return at, count * 2 if first < 0x90 else count  # noqa: PLR2004
    if first in _SIZED:
        width = _SIZED[first]
        return at + width + int.from_bytes(data[at : at + width], "big"), 0
    if first in _GROUPS:
        width, each = _GROUPS[first]
        return at + width, int.from_bytes(data[at : at + width], "big") * each
    return at + _FIXED.get(first, len(data)), 0


def mend_shards(repodata_dir: Path, *, all_of_them: bool) -> str:
    """Remove broken files; say so in a sentence, or nothing."""
    count = drop_broken_shards(repodata_dir, all_of_them=all_of_them)
    if not count:
        return ""
    what = "1 broken file" if count == 1 else f"{count} broken files"
    return f"{what} in {repodata_dir} {'was' if count == 1 else 'were'} removed"
