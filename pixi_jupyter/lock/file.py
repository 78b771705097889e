"""Reading and writing pixi.lock.

What is written is always version 7, in the order in which pixi writes it, so that
equal content is equal bytes (pixi 0.77.0, read 2026-11).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pixi_jupyter.adapters.files import read_file
from pixi_jupyter.errors import LockNotFoundError, LockParseError, WriteError
from pixi_jupyter.lock.emit import environment_hash, format_lock
from pixi_jupyter.lock.models import (
    Lock,
    LockedEnvironment,
    LockedPackage,
    LockedPlatform,
)
from pixi_jupyter.lock.packages import conda_package
from pixi_jupyter.lock.parse import decode_lock, parse_lock

if TYPE_CHECKING:
    from pathlib import Path

    from pixi_jupyter.adapters.rattler import LockedRecords

__all__ = [
    "Lock",
    "LockedEnvironment",
    "LockedPackage",
    "LockedPlatform",
    "conda_package",
    "decode_lock",
    "environment_hash",
    "format_lock",
    "parse_lock",
    "read_lock",
    "read_lock_bytes",
    "validate_lock",
]


def read_lock(path: Path) -> Lock:
    """Read a lock file of any version.

    Raises
    ------
    LockNotFoundError, LockParseError
    """
    return decode_lock(read_lock_bytes(path), path)


def read_lock_bytes(path: Path) -> bytes:
    """Read a lock file as it is.

    Raises
    ------
    LockNotFoundError, LockParseError
    """
    try:
        return read_file(path)
    except FileNotFoundError:
        raise LockNotFoundError(path) from None
    except OSError as error:
        raise LockParseError(path, reason=error.strerror or str(error)) from error


def validate_lock(text: str, path: Path) -> LockedRecords:
    """Let py-rattler read a text that is to be written to `path`.

    Returns
    -------
    LockedRecords
        What it read; it can be installed as it is.

    Raises
    ------
    LockParseError, WriteError
    """
    from pixi_jupyter.adapters.rattler import read_lock_records

    # in the same folder, so that relative paths hold; under such a name as the
    # transaction takes away after a process that was killed
    own = f".{path.name}.{os.getpid()}-{os.urandom(4).hex()}.pixi-jupyter"
    temporary = path.with_name(own)
    try:
        with temporary.open("xb") as file:
            file.write(text.encode())
        return read_lock_records(temporary)
    except OSError as error:
        raise WriteError(path, reason=error.strerror or str(error)) from error
    except LockParseError as error:
        raise LockParseError(path, reason=error.reason) from error
    finally:
        temporary.unlink(missing_ok=True)
