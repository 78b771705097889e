"""Read and change where an ELF file looks for the libraries it needs.

Format: System V ABI, chapter 5, and elf(5), read 2026-11. An interpreter that was
built for one prefix names that prefix in its run path; so that it runs anywhere,
the path is overwritten in place by one that starts at the file itself.
"""

from __future__ import annotations

import posixpath
import struct

from pixi_jupyter.values import dataclass

_LOAD, _DYNAMIC = 1, 2  # p_type
_NEEDED, _STRTAB, _RPATH, _RUNPATH = 1, 5, 15, 29  # d_tag


@dataclass(frozen=True, slots=True, kw_only=True)
class Dynamic:
    """What the dynamic section of an ELF file says of its libraries."""

    needed: tuple[str, ...]
    """Names of libraries, such as ``libpython3.11.so.1.0``."""
    search: tuple[str, ...]
    """The folders of its RPATH or RUNPATH, as written."""
    places: tuple[tuple[int, int], ...]
    """Start and end of each such path in the file, in bytes."""


def read_dynamic(data: bytes) -> Dynamic | None:
    """Read the dynamic section; None if the data is no ELF file or has none."""
    if data[:4] != b"\x7fELF" or len(data) < 64:  # noqa: PLR2004  header's length
        return None
    order = "<" if data[5] == 1 else ">"
    wide = data[4] == 2  # noqa: PLR2004  EI_CLASS: 64 bits
    try:
        return _parse(data, order, wide=wide)
    except (struct.error, ValueError):
        return None


def _parse(data: bytes, order: str, *, wide: bool) -> Dynamic | None:
    word, pair = ("Q", 16) if wide else ("I", 8)
    (table,) = struct.unpack_from(order + word, data, 0x20 if wide else 0x1C)
    size, count = struct.unpack_from(order + "HH", data, 0x36 if wide else 0x2A)
    segments = []
    for number in range(count):
        at = table + number * size
        if wide:  # type, flags, offset, virtual address, physical address, size
            row = struct.unpack_from(order + "IIQQQQ", data, at)
            segments.append((row[0], row[2], row[3], row[5]))
        else:  # type, offset, virtual address, physical address, size
            row = struct.unpack_from(order + "IIIII", data, at)
            segments.append((row[0], row[1], row[2], row[4]))
    found = next((row for row in segments if row[0] == _DYNAMIC), None)
    if found is None:
        return None
    tags = [
        struct.unpack_from(order + 2 * word, data, at)
        for at in range(found[1], found[1] + found[3], pair)
    ]
    address = next(value for tag, value in tags if tag == _STRTAB)
    strings = next(
        offset + address - virtual
        for kind, offset, virtual, length in segments
        if kind == _LOAD and virtual <= address < virtual + length
    )
    places = tuple(
        (strings + value, data.index(b"\0", strings + value))
        for tag, value in tags
        if tag in (_RPATH, _RUNPATH)
    )
    return Dynamic(
        needed=tuple(
            data[strings + value : data.index(b"\0", strings + value)].decode()
            for tag, value in tags
            if tag == _NEEDED
        ),
        search=tuple(
            folder
            for start, end in places
            for folder in data[start:end].decode().split(":")
            if folder
        ),
        places=places,
    )


def relative_search(search: tuple[str, ...], prefix: str, folder: str) -> str:
    """Give a run path that follows the prefix wherever it goes.

    Parameters
    ----------
    search
        The folders as they are.
    prefix
        The folder that will be moved.
    folder
        Where the file lies below it, such as ``lib/python3.11/lib-dynload``.

    Examples
    --------
    >>> relative_search(("/opt/py/lib", "/usr/lib"), "/opt/py", "bin")
    '$ORIGIN/../lib:/usr/lib'
    """
    moved = []
    for each in search:
        if each == prefix or each.startswith(prefix + "/"):
            inside = posixpath.relpath(each, prefix)
            way = posixpath.relpath(inside, folder)
            moved.append("$ORIGIN" if way == "." else f"$ORIGIN/{way}")
        else:
            moved.append(each)
    return ":".join(dict.fromkeys(moved))


def overwrite_search(data: bytes, dynamic: Dynamic, path: str) -> bytes | None:
    """Put another run path in the place of the old one; None if it is too long."""
    changed = bytearray(data)
    new = path.encode()
    for start, end in dynamic.places:
        if len(new) > end - start:
            return None
        changed[start:end] = new.ljust(end - start, b"\0")
    return bytes(changed)
