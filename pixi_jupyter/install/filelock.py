"""An exclusive lock on a file whose content belongs to somebody else.

The library of that name is no choice here: the versions that Python 3.10 can have
truncate the file, and pixi keeps its state in the very file it locks.
"""

from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

if TYPE_CHECKING:
    from pathlib import Path

_BUSY = frozenset((errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK))

_FAR_AWAY = 1 << 30
"""The byte that is locked where locks forbid to read what they cover."""


class FileLock:
    """A lock that the operating system drops with its holder.

    Two of them on one file exclude each other in one process, too. May be released
    on another thread than the one that acquired it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = None

    @property
    def is_held(self) -> bool:
        """Whether this object holds the lock."""
        return self._handle is not None

    def acquire(self) -> bool:
        """Try once to get the lock; its file is made if it is not there.

        Returns
        -------
        bool
            False where another holds it.

        Raises
        ------
        OSError
            If the file cannot be made, or the file system has no locks.
        """
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            if _lock(handle) and self._is_the_file(handle):
                self._handle, handle = handle, -1
        finally:
            if handle >= 0:
                os.close(handle)
        return self.is_held

    def _is_the_file(self, handle: int) -> bool:
        """Tell whether the file that was locked is still the one of that name."""
        try:
            there, here = self.path.stat(), os.fstat(handle)
        except FileNotFoundError:
            return False
        return os.path.samestat(there, here)

    def release(self) -> None:
        """Let the next one in."""
        handle, self._handle = self._handle, None
        if handle is not None:
            # closing alone would leave it to a forked child that has the file, too
            _unlock(handle)
            os.close(handle)


def _lock(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            os.lseek(handle, _FAR_AWAY, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _BUSY:
            return False
        raise
    return True


def _unlock(handle: int) -> None:
    if sys.platform == "win32":
        os.lseek(handle, _FAR_AWAY, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
    else:
        fcntl.flock(handle, fcntl.LOCK_UN)
