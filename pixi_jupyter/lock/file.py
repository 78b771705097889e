"""Reading and writing pixi.lock.

Version 7 is read here; older ones are brought to it by py-rattler. What is written
is always version 7, in the order in which pixi writes it, so that equal content is
equal bytes (pixi 0.77.0, read 2026-11).
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pixi_jupyter.errors import (
    LockNotFoundError,
    LockParseError,
    NewerLockError,
    WriteError,
)
from pixi_jupyter.lock.emit import environment_hash, format_lock
from pixi_jupyter.lock.models import (
    KINDS,
    NEWEST_VERSION,
    Kind,
    Lock,
    LockedEnvironment,
    LockedPackage,
    LockedPlatform,
    UnreadFields,
)
from pixi_jupyter.lock.packages import conda_package

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pixi_jupyter.adapters.rattler import LockedRecords

__all__ = [
    "Lock",
    "LockedEnvironment",
    "LockedPackage",
    "LockedPlatform",
    "conda_package",
    "environment_hash",
    "format_lock",
    "parse_lock",
    "read_lock",
    "validate_lock",
    "write_lock",
]

_Packages = dict[tuple[str, str], LockedPackage]


def read_lock(path: Path) -> Lock:
    """Read a lock file of any version.

    Raises
    ------
    LockNotFoundError, LockParseError
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise LockNotFoundError(path) from None
    except OSError as error:
        raise LockParseError(path, reason=error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        reason = f"it is not UTF-8 text (byte {error.start})"
        raise LockParseError(path, reason=reason) from error
    return parse_lock(text, path)


def parse_lock(text: str, path: Path) -> Lock:
    """Read the text of a lock file of any version.

    Parameters
    ----------
    text
        The whole file.
    path
        Where it comes from, for messages.

    Raises
    ------
    LockParseError
        If it is no lock file, is newer than what is known, or has the marks of a
        merge that was not finished.
    """
    _refuse_merge_marks(text, path)
    version = _version(text, path)
    if version < NEWEST_VERSION:
        from pixi_jupyter.adapters.rattler import newest_lock_text

        newest = newest_lock_text(text, str(path))
        return replace(_parse_newest(newest, path), version=version)
    return _parse_newest(text, path)


def _refuse_merge_marks(text: str, path: Path) -> None:
    if found := re.search(r"^(?:<{7}|>{7}) .*$", text, re.MULTILINE):
        line = text.count("\n", 0, found.start()) + 1
        reason = f"line {line} is the mark of an unfinished merge: {found[0]}"
        raise LockParseError(path, reason=reason)


def _version(text: str, path: Path) -> int:
    found = re.search(r"^version:[ \t]*['\"]?(\d+)", text, re.MULTILINE)
    if found is None:
        raise LockParseError(path, reason="it does not say which version it is")
    version = int(found[1])
    if version > NEWEST_VERSION:
        raise NewerLockError(path, version=version, known=NEWEST_VERSION)
    return version


def _parse_newest(text: str, path: Path) -> Lock:
    from pixi_jupyter.adapters.yaml import YamlError, parse_yaml

    try:
        head, packages = _split(text, path)
        data = cast("Mapping[str, Any]", parse_yaml(head))
        if packages is None:
            packages = _packages(data.get("packages") or ())
        platforms = tuple(map(_platform, data.get("platforms") or ()))
        environments = {
            str(name): _environment(table, packages, path)
            for name, table in (data.get("environments") or {}).items()
        }
    except YamlError as error:
        raise LockParseError(path, reason=str(error)) from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        reason = f"something in it is not as a lock file has it ({error})"
        raise LockParseError(path, reason=reason) from error
    used = {
        id(package)
        for environment in environments.values()
        for row in environment.packages.values()
        for package in row
    }
    return Lock(
        platforms=platforms,
        environments=environments,
        build_time=tuple(each for each in packages.values() if id(each) not in used),
    )


def _split(text: str, path: Path) -> tuple[str, _Packages | None]:
    """Divide a text into its head and its packages, still unread.

    Returns
    -------
    tuple
        None in place of the packages where the text is laid out in another way
        than pixi's; the first part is then the whole.
    """
    head, mark, rest = text.replace("\r\n", "\n").partition("\npackages:\n- ")
    if not mark or re.search(r"\n[^ \-\n]", rest):
        return text, None
    found: _Packages = {}
    for chunk in rest.split("\n- "):
        first = re.match(r"(conda|conda_source|pypi): ([^'\"\n]\S*(?: \S+)*)\n?", chunk)
        if first is None or " #" in first[2]:
            return text, None
        kind, location = cast("Kind", first[1]), first[2]
        unread = UnreadFields(chunk.replace("\n  ", "\n"), path)
        found[kind, location] = LockedPackage(kind, location, unread)
    return head, found


def _packages(items: Iterable[Mapping[str, object]]) -> _Packages:
    found: _Packages = {}
    for item in items:
        kind, location = _reference(item)
        fields = {key: value for key, value in item.items() if key != kind}
        found[kind, location] = LockedPackage(kind, location, fields)
    return found


def _reference(item: Mapping[str, object]) -> tuple[Kind, str]:
    kind = next((kind for kind in KINDS if kind in item), None)
    if kind is None:
        msg = f"a package is one of {', '.join(KINDS)}"
        raise ValueError(msg)
    return kind, str(item[kind])


def _platform(item: Mapping[str, Any]) -> LockedPlatform:
    name = str(item["name"])
    packages = tuple(map(str, item.get("virtual-packages") or ()))
    return LockedPlatform(name, str(item.get("subdir") or name), packages)


def _environment(
    table: Mapping[str, Any], packages: _Packages, path: Path
) -> LockedEnvironment:
    rows = {}
    for platform, items in (table.get("packages") or {}).items():
        keys = [_reference(item) for item in items or ()]
        if missing := next((key for key in keys if key not in packages), None):
            raise LockParseError(path, reason=f"it does not describe {missing[1]}")
        rows[str(platform)] = tuple(packages[key] for key in keys)
    indexes, links = table.get("indexes"), table.get("find-links")
    return LockedEnvironment(
        channels=tuple(
            item if isinstance(item, Mapping) else {"url": str(item)}
            for item in table.get("channels") or ()
        ),
        packages=rows,
        options=dict(table.get("options") or {}),
        indexes=None if indexes is None else tuple(map(str, indexes)),
        find_links=None if links is None else tuple(links),
    )


def write_lock(lock: Lock, path: Path) -> bool:
    """Write a lock file, whole or not at all.

    Returns
    -------
    bool
        False when the file held these bytes already.

    Raises
    ------
    LockParseError
        If py-rattler would not read what is to be written; the old file stays.
    WriteError
        If the folder cannot be written.
    """
    text = format_lock(lock)
    with suppress(OSError):
        if path.read_bytes() == text.encode():
            return False
    temporary = _stage(text, path)
    try:
        _read_back(temporary, path)
        temporary.replace(path)
    except OSError as error:
        raise WriteError(path, reason=error.strerror or str(error)) from error
    finally:
        temporary.unlink(missing_ok=True)
    return True


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
    temporary = _stage(text, path)
    try:
        return _read_back(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _stage(text: str, path: Path) -> Path:
    # in the same folder, so that it can be renamed and relative paths hold
    try:
        mode = path.stat().st_mode & 0o7777 if path.exists() else None
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(_new_file_mode() if mode is None else mode)
    except OSError as error:
        raise WriteError(path, reason=error.strerror or str(error)) from error
    return Path(name)


def _read_back(temporary: Path, path: Path) -> LockedRecords:
    from pixi_jupyter.adapters.rattler import read_lock_records

    try:
        return read_lock_records(temporary)
    except LockParseError as error:
        raise LockParseError(path, reason=error.reason) from error


def _new_file_mode() -> int:
    # the only way to ask for the umask is to set it
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
