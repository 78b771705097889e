"""Texts of lock files as a notebook holds them: small, and safe to take apart.

``xz+base85``: of 421 packages on four platforms, a lock of 247 kB becomes 49 kB; with
zlib it would be 67 kB, with zstandard 50 kB, which older Pythons cannot read. A third of
what stays are hashes, which nothing makes smaller.
"""

from __future__ import annotations

import base64
import hashlib
import lzma
from collections.abc import Mapping
from typing import Any

from pixi_jupyter.errors import NotebookMetadataError

ENCODING = "xz+base85"
LARGEST_PACKED = 8_000_000
"""Bytes, of the compressed data."""
LARGEST_TEXT = 64_000_000
"""Bytes."""
_WIDTH = 1000
_FILTERS = (
    # dictionaries of 8 MB hold any lock that people have; literal bits are all context
    {"id": lzma.FILTER_LZMA2, "preset": 6 | lzma.PRESET_EXTREME, "lc": 4, "pb": 0},
)
_MEMORY = 80_000_000


def pack(text: str, *, was: object = None) -> dict[str, Any]:
    """Give a text as it stands in metadata.

    Parameters
    ----------
    was
        What stands there; it is given back where it holds the same text, because
        another version of the compressor may write other bytes.
    """
    data = text.encode("utf-8", "surrogatepass")
    digest = hashlib.sha256(data).hexdigest()
    if isinstance(was, Mapping) and was.get("sha256") == digest and _holds(was, text):
        return dict(was)
    packed = lzma.compress(data, format=lzma.FORMAT_XZ, filters=list(_FILTERS))
    coded = base64.b85encode(packed).decode("ascii")
    lines = [coded[at : at + _WIDTH] for at in range(0, len(coded), _WIDTH)]
    return {"data": lines, "encoding": ENCODING, "sha256": digest}


def unpack(value: object, *, where: str, path: str | None = None) -> str | None:
    """Read a text from metadata; None for none.

    Parameters
    ----------
    where
        The key, for messages.

    Raises
    ------
    NotebookMetadataError
        Also for what is larger than any lock, before it is in memory.
    """
    if value is None:
        return None
    try:
        return _unpacked(value)
    except _BadError as error:
        key = f"{where}.{error.key}" if error.key else where
        raise NotebookMetadataError(
            where=key, reason=error.reason, path=path
        ) from error


class _BadError(Exception):
    def __init__(self, *, key: str, reason: str) -> None:
        super().__init__(reason)
        self.key, self.reason = key, reason


def _unpacked(value: object) -> str:
    if not isinstance(value, Mapping):
        raise _BadError(key="", reason="it is not an object")
    if value.get("encoding") != ENCODING:
        reason = f"it is not `{ENCODING}`, which is all that is read"
        raise _BadError(key="encoding", reason=reason)
    data = _decompressed(_coded(value.get("data")))
    if value.get("sha256") != hashlib.sha256(data).hexdigest():
        raise _BadError(key="sha256", reason="it is not that of the data")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _BadError(key="data", reason="it is not UTF-8") from error


def _coded(value: object) -> bytes:
    lines = [value] if isinstance(value, str) else value
    if not isinstance(lines, list) or not all(isinstance(each, str) for each in lines):
        raise _BadError(key="data", reason="it is not a list of lines")
    # five characters for four bytes
    if sum(map(len, lines)) * 4 // 5 > LARGEST_PACKED:
        raise _BadError(key="data", reason=f"it has more than {LARGEST_PACKED:,} bytes")
    try:
        return base64.b85decode("".join(lines))
    except ValueError as error:
        raise _BadError(key="data", reason="it is not base85") from error


def _decompressed(packed: bytes) -> bytes:
    reader = lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=_MEMORY)
    try:
        data = reader.decompress(packed, max_length=LARGEST_TEXT + 1)
    except (lzma.LZMAError, EOFError, MemoryError) as error:
        raise _BadError(
            key="data", reason=f"it cannot be decompressed: {error}"
        ) from error
    if len(data) > LARGEST_TEXT:
        reason = f"it has more than {LARGEST_TEXT:,} bytes when it is decompressed"
        raise _BadError(key="data", reason=reason)
    if not reader.eof:
        raise _BadError(key="data", reason="its end is missing")
    if reader.unused_data:
        raise _BadError(key="data", reason="something stands behind its end")
    return data


def _holds(was: Mapping[str, Any], text: str) -> bool:
    try:
        return _unpacked(was) == text
    except _BadError:
        return False
