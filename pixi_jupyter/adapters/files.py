"""Reading files that anybody may have put there."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_MILLION = 1_000_000
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    # a pipe that nobody writes to would be waited for without an end
    | getattr(os, "O_NONBLOCK", 0)
)


def read_file(path: Path, *, most_bytes: int | None = None) -> bytes:
    """Read a regular file; never wait.

    Parameters
    ----------
    most_bytes
        Size that no file of its sort has.

    Raises
    ------
    OSError
        Also for a folder, a pipe or a device, for a path that cannot be one, and for
        a file that is larger; `strerror` says so in a few words.
    """
    try:
        handle = os.open(path, _FLAGS)
    except ValueError as error:
        raise OSError(errno.EINVAL, str(error), str(path)) from error
    try:
        _check(os.fstat(handle), path, most_bytes)
    except OSError:
        os.close(handle)
        raise
    with os.fdopen(handle, "rb") as file:
        return file.read()


def _check(found: os.stat_result, path: Path, most_bytes: int | None) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, "it is a folder", str(path))
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "it is not a regular file", str(path))
    if most_bytes is not None and found.st_size > most_bytes:
        size, most = found.st_size // _MILLION, most_bytes // _MILLION
        reason = f"it has {size} MB, more than {most} are not read"
        raise OSError(errno.EFBIG, reason, str(path))
