"""What uv's cache says of wheels that it has just looked at.

The form is uv's own and no promise: ``wheels-vN/…/NAME/VERSION-TAG.msgpack`` holds
name, version, requirements, Python, extras and whether any of it is dynamic, as
MessagePack, then the URL that it was read from (uv 0.13, read 2026-11). Whatever looks
different is as good as not there: the file is asked for then.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FIELDS = 6
_MOST_BYTES = 1 << 20
_BEHIND_URL = b".metadata"


@dataclass(frozen=True, slots=True, kw_only=True)
class CachedWheel:
    """What a wheel says of itself, as uv's resolver understood it."""

    version: str
    requires_dist: tuple[str, ...]
    requires_python: str


def cached_wheel(cache_dir: Path, url: str) -> CachedWheel | None:
    """Find a wheel in uv's cache by the URL that it was read from.

    Parameters
    ----------
    cache_dir
        Of uv.
    url
        Of the wheel, without name and password.

    Notes
    -----
    Reads a few small files; never raises.
    """
    bare = url.partition("#")[0]
    file_name = bare.rpartition("/")[2]
    name, _, rest = file_name.partition("-")
    version = rest.partition("-")[0]
    if not file_name.endswith(".whl") or not version or "@" in bare:
        return None
    try:
        for path in _candidates(cache_dir, name, version):
            data = path.read_bytes()
            if len(data) < _MOST_BYTES and (found := _parsed(data, bare)) is not None:
                return found
    except (OSError, ValueError, IndexError, RecursionError):
        return None
    return None


def _candidates(cache_dir: Path, name: str, version: str) -> Iterator[Path]:
    folder = re.sub(r"[-_.]+", "-", name).lower()
    wanted = f"{_escaped(folder)}/{_escaped(version)}-*.msgpack"
    # the newest form first, and no other: an older uv wrote those
    buckets = [x for x in cache_dir.glob("wheels-v*") if x.name[8:].isdigit()]
    for bucket in sorted(buckets, key=lambda x: -int(x.name[8:]))[:1]:
        yield from bucket.glob(f"index/*/{wanted}")
        yield from bucket.glob(f"pypi/{wanted}")


def _escaped(text: str) -> str:
    from glob import escape

    return escape(text)


def _parsed(data: bytes, url: str) -> CachedWheel | None:
    record, end = _unpacked(data, 0)
    if not isinstance(record, list) or len(record) != _FIELDS:
        return None
    _, version, requires, python, extras, is_dynamic = record
    is_known = (
        isinstance(version, str)
        and _are_texts(requires)
        and (python is None or isinstance(python, str))
        and _are_texts(extras)
        and is_dynamic is False
    )
    if not is_known or not _has_url(data[end:], url.encode()):
        return None
    return CachedWheel(
        version=version,
        requires_dist=tuple(requires),
        requires_python=(python or "").replace(" ", ""),
    )


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _has_url(rest: bytes, url: bytes) -> bool:
    """Tell whether it was read from just this file, or what stands beside it."""
    start = rest.find(url)
    if start < 0:
        return False
    behind = rest[start + len(url) :]
    behind = behind.removeprefix(_BEHIND_URL)
    return not re.match(rb"[\w.~%+/-]", behind)


def _unpacked(data: bytes, at: int) -> tuple[Any, int]:
    """Read one value of MessagePack, as far as uv uses it here.

    Raises
    ------
    ValueError, IndexError
        For any other.
    """
    first, at = data[at], at + 1
    if first in (0xC0, 0xC2, 0xC3):
        return {0xC0: None, 0xC2: False, 0xC3: True}[first], at
    if 0xA0 <= first <= 0xBF:  # noqa: PLR2004  a short text
        return _text(data, at, first & 0x1F)
    if 0xD9 <= first <= 0xDB:  # noqa: PLR2004  a text with its length before it
        width = 1 << (first - 0xD9)
        return _text(data, at + width, int.from_bytes(data[at : at + width], "big"))
    if 0x90 <= first <= 0x9F:  # noqa: PLR2004  a short array
        return _array(data, at, first & 0x0F)
    if first in (0xDC, 0xDD):
        width = 2 << (first - 0xDC)
        return _array(data, at + width, int.from_bytes(data[at : at + width], "big"))
    raise ValueError(first)


def _text(data: bytes, at: int, size: int) -> tuple[str, int]:
    if at + size > len(data):
        raise IndexError(at)
    return data[at : at + size].decode(), at + size


def _array(data: bytes, at: int, size: int) -> tuple[list[Any], int]:
    found = []
    for _ in range(size):
        value, at = _unpacked(data, at)
        found.append(value)
    return found, at
