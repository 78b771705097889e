"""Where an environment can be: how long its path may be, and what may be in it."""

from __future__ import annotations

import json
import os
import re
import sys
from typing import TYPE_CHECKING

from pixi_jupyter.errors import PrefixPlaceError, PrefixTooLongError
from pixi_jupyter.install.cached import package_folder, read_paths, target_paths

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from pixi_jupyter.adapters.rattler import RepoDataRecord

SHORTEST_PLACEHOLDER = 79
"""Bytes; no tool that builds packages has ever used less."""

_PLACEHOLDER = re.compile(rb'"prefix_placeholder"\s*:\s*("(?:[^"\\]|\\.)*")')

_WINDOWS_LONGEST = 259

_LONGEST_SHEBANG = 127
"""Bytes; longer first lines, and those with blanks, are written as shell code."""


def check_place(prefix: Path) -> None:
    """See that programs can be found and started in a prefix of that path.

    Raises
    ------
    PrefixPlaceError
        Nothing was changed.
    """
    text = str(prefix)
    for character, reason in _faults(text):
        raise PrefixPlaceError(prefix, character=character, reason=reason)


def _faults(text: str) -> Iterator[tuple[str, str]]:
    if _is_undecodable(text):
        yield "bytes that are not UTF-8", "records of packages cannot hold them"
    if re.search(r"[\x00-\x1f]", text):
        yield (
            "a line break or another control character",
            "the first lines of programs cannot hold it",
        )
    if os.name != "posix":
        return
    if os.pathsep in text:
        yield f"{os.pathsep!r} in it", "it separates the folders of PATH"
    if "\\" in text:
        yield "a backslash in it", "it is taken for a slash when programs are linked"
    if re.search(r'["$`]', text) and _needs_shell(text):
        # such lines are shell code, in which these signs mean something
        long = "a blank" if " " in text else f"more than {_LONGEST_SHEBANG} bytes"
        yield f'{long} and one of " $ `', "the first lines of programs cannot hold both"


def _needs_shell(text: str) -> bool:
    longest = len(f"#!{text}/bin/python3.11".encode(errors="surrogateescape"))
    return " " in text or longest > _LONGEST_SHEBANG


def _is_undecodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def check_length(
    prefix: Path, packages_dir: Path, records: Sequence[RepoDataRecord]
) -> None:
    """See that the path of a prefix fits into every file that is going to hold it.

    py-rattler finds out while it links, when the old packages are gone.

    Parameters
    ----------
    prefix
        Where the packages are going to be used.
    packages_dir
        Where they lie.
    records
        What is going to be linked; those that are not cached are passed over.

    Raises
    ------
    PrefixTooLongError
        Nothing was changed.

    Notes
    -----
    Looks at no file where the path is short.
    """
    size = len(os.fsencode(prefix))
    if sys.platform == "win32" and not _has_long_paths():
        _check_windows(prefix, packages_dir, records)
    if size <= SHORTEST_PLACEHOLDER:
        return
    for record in records:
        data = read_paths(package_folder(packages_dir, record))
        limit = min(map(_size_of, set(_PLACEHOLDER.findall(data))), default=size)
        if limit < size and (limit := _binary_limit(data)) < size:
            raise PrefixTooLongError(
                prefix, limit=limit, package=record.name.normalized
            )


def windows_excess(prefix: str, paths: Iterable[str]) -> int:
    r"""Give by how much the longest path of a prefix is too long for Windows.

    Parameters
    ----------
    prefix
        Absolute path.
    paths
        Relative to it.

    Notes
    -----
    Without its setting for long paths, a file may have 259 characters; the prefix
    ``\\?\`` helps those who write, not the programs that read.
    """
    longest = max(map(len, paths), default=0)
    return max(0, len(prefix) + 1 + longest - _WINDOWS_LONGEST)


def _has_long_paths() -> bool:
    if sys.platform == "win32":
        import winreg

        place = r"SYSTEM\CurrentControlSet\Control\FileSystem"
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, place) as key:
                return bool(winreg.QueryValueEx(key, "LongPathsEnabled")[0])
        except OSError:
            return False
    return True


def _check_windows(
    prefix: Path, packages_dir: Path, records: Sequence[RepoDataRecord]
) -> None:
    for record in records:
        folder = package_folder(packages_dir, record)
        paths = target_paths(record, folder, records)
        if excess := windows_excess(str(prefix), paths):
            raise PrefixTooLongError(
                prefix,
                limit=len(str(prefix)) - excess,
                package=record.name.normalized,
                reason="Windows has a setting, LongPathsEnabled, that lifts the limit",
            )


def _size_of(quoted: bytes) -> int:
    return len(str(json.loads(quoted)).encode())


def _binary_limit(data: bytes) -> int:
    # into a text a path of any length fits
    return min(
        (
            len(each["prefix_placeholder"].encode())
            for each in json.loads(data)["paths"]
            if each.get("file_mode") == "binary" and each.get("prefix_placeholder")
        ),
        default=sys.maxsize,
    )
