"""The smallest files that a loader would call ELF."""

from __future__ import annotations

import struct


def elf(order: str, search: str, *, wide: bool = True, tag: int = 29) -> bytes:
    """Make a file with one segment and a dynamic section.

    Parameters
    ----------
    order
        ``<`` or ``>``, as in `struct`.
    search
        Its run path.
    wide
        64 bits, else 32.
    tag
        29 for RUNPATH, 15 for RPATH.
    """
    strings = b"\0libother.so.1\0" + search.encode() + b"\0"
    head, entry, word = (64, 56, "Q") if wide else (52, 32, "I")
    base, at = 0x1000, head + 2 * entry  # where it is loaded; where the strings are
    rows = [(1, 1), (5, base + at), (tag, 15), (0, 0)]
    dynamic = b"".join(struct.pack(order + 2 * word, *row) for row in rows)
    length = at + len(strings) + len(dynamic)

    def segment(kind: int, offset: int, size: int) -> bytes:
        if wide:
            numbers = (kind, 0, offset, base + offset, 0, size, size, 8)
            return struct.pack(order + "IIQQQQQQ", *numbers)
        numbers = (kind, offset, base + offset, 0, size, size, 0, 8)
        return struct.pack(order + "IIIIIIII", *numbers)

    table = segment(1, 0, length) + segment(2, at + len(strings), len(dynamic))
    identity = b"\x7fELF" + bytes([2 if wide else 1, 1 if order == "<" else 2])
    fields = (3, 62, 1, 0, head, 0, 0, head, entry, 2, 0, 0, 0)
    header = struct.pack(order + "HHI" + 3 * word + "IHHHHHH", *fields)
    return identity.ljust(16, b"\0") + header + table + strings + dynamic
