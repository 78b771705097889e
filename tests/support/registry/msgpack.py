"""As much of MessagePack as the shards of a channel need."""

from __future__ import annotations

import struct
from typing import Any


def packed(value: Any) -> bytes:  # noqa: PLR0911  one for each type
    """Encode None, bool, int, str, bytes, list or dict.

    Raises
    ------
    TypeError
        For anything else.
    """
    match value:
        case None:
            return b"\xc0"
        case bool():
            return b"\xc3" if value else b"\xc2"
        case int():
            return struct.pack(">Bq", 0xD3, value)
        case str():
            data = value.encode()
            return struct.pack(">BI", 0xDB, len(data)) + data
        case bytes():
            return struct.pack(">BI", 0xC6, len(value)) + value
        case list():
            return struct.pack(">BI", 0xDD, len(value)) + b"".join(map(packed, value))
        case dict():
            body = b"".join(packed(key) + packed(x) for key, x in value.items())
            return struct.pack(">BI", 0xDF, len(value)) + body
        case _:
            raise TypeError(type(value))
