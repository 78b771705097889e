"""Why the operating system would not let a prefix be changed, in our words.

py-rattler tells its failures as text, with the number of the system's error in it;
our own calls raise `OSError`. Both become the same errors here.
"""

from __future__ import annotations

import errno
import re
import sys
from contextlib import contextmanager
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING

from pixi_jupyter.errors import (
    DiskFullError,
    DownloadError,
    InstallError,
    LinkError,
    NotWritableError,
    PrefixInUseError,
    PrefixTooLongError,
)
from pixi_jupyter.install.journal import journal_path
from pixi_jupyter.install.places import check_length

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pixi_jupyter.adapters.rattler import RepoDataRecord, Session

SCRATCH = ".pixi-jupyter-scratch"
"""Begins the names of the folders in the cache that a fetch links into."""

_NUMBER = re.compile(r"\(os error (\d+)\)")
_CACHE = re.compile(r"package cache|failed to unpack|failed to extract")
_LONG = "longer than the placeholder prefix"
_FINISHED = "what was begun is finished by the next install"
AS_IT_WAS = "the environment is as it was"


class Cause(Enum):
    """What an error number of the system means for a prefix."""

    FULL = auto()
    READ_ONLY = auto()
    LONG = auto()
    IN_USE = auto()


_POSIX = {
    errno.ENOSPC: Cause.FULL,
    errno.EDQUOT: Cause.FULL,
    errno.EROFS: Cause.READ_ONLY,
    errno.EACCES: Cause.READ_ONLY,
    errno.EPERM: Cause.READ_ONLY,
    errno.ENAMETOOLONG: Cause.LONG,
    errno.ETXTBSY: Cause.IN_USE,
}
_WINDOWS = {
    # a program or library that is loaded cannot be replaced there
    5: Cause.IN_USE,
    32: Cause.IN_USE,
    33: Cause.IN_USE,
    19: Cause.READ_ONLY,
    39: Cause.FULL,
    112: Cause.FULL,
    111: Cause.LONG,
    206: Cause.LONG,
}


def cause_of(number: int, *, platform: str = sys.platform) -> Cause | None:
    """Give the meaning of an error number; None for most.

    Parameters
    ----------
    number
        ``errno``, or on Windows the system's own number.
    platform
        As `sys.platform` has it.
    """
    return (_WINDOWS if platform == "win32" else _POSIX).get(number)


@contextmanager
def explained(
    prefix: Path, session: Session, records: Sequence[RepoDataRecord]
) -> Iterator[None]:
    """Turn what the system refused into errors that say what to do.

    Parameters
    ----------
    prefix
        What is changed inside.
    session
        Where packages come from.
    records
        What is installed.
    """
    cache_dir = session.cache_dir
    try:
        yield
    except OSError as error:
        raise explain(error, prefix, cache_dir) or LinkError(
            prefix, reason=str(error)
        ) from error
    except (LinkError, DownloadError) as error:
        if _LONG in error.reason:
            check_length(prefix, session.packages_dir, records)
        if (better := explain(error, prefix, cache_dir)) is None:
            raise
        raise better from error


def explain(
    error: OSError | InstallError, prefix: Path, cache_dir: Path
) -> InstallError | None:
    """Find the error of ours that says more than `error`; None if there is none."""
    reason = getattr(error, "reason", None) or str(error)
    if _LONG in reason:
        return PrefixTooLongError(prefix, reason=reason)
    number = _number(error, reason)
    cause = None if number is None else cause_of(number)
    if cause is None:
        return None
    is_cache = _is_of_cache(error, reason, cache_dir)
    folder = cache_dir if is_cache else prefix
    match cause:
        case Cause.FULL:
            begun = journal_path(prefix).exists()
            state = _FINISHED if begun else AS_IT_WAS
            return DiskFullError(folder, is_cache=is_cache, state=state, reason=reason)
        case Cause.READ_ONLY:
            return NotWritableError(folder, is_cache=is_cache, reason=reason)
        case Cause.LONG:
            return PrefixTooLongError(prefix, reason=reason)
        case Cause.IN_USE:
            return PrefixInUseError(prefix, reason=reason)


def _number(error: BaseException, reason: str) -> int | None:
    for each in (error, error.__cause__):
        if isinstance(each, OSError):
            return getattr(each, "winerror", None) or each.errno
    found = _NUMBER.findall(reason)
    return int(found[-1]) if found else None


def _is_of_cache(error: BaseException, reason: str, cache_dir: Path) -> bool:
    if isinstance(error, OSError) and error.filename:
        refused = Path(str(error.filename))
        return refused.is_relative_to(cache_dir) or refused in cache_dir.parents
    if isinstance(error, DownloadError):
        return True
    return SCRATCH in reason or bool(_CACHE.search(reason))
