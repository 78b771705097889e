"""From the text of a pixi.lock to its model.

Version 7 is read here; older ones are brought to it by py-rattler (pixi 0.77.0,
read 2026-11).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from pixi_jupyter.errors import LockConflictError, LockParseError, NewerLockError
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
from pixi_jupyter.manifest.text import conflict_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

_Packages = dict[tuple[str, str], LockedPackage]


def decode_lock(data: bytes, path: Path) -> Lock:
    """Read the bytes of a lock file of any version.

    Raises
    ------
    LockParseError
    """
    try:
        # line ends as a text file has them
        text = data.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        reason = f"it is not UTF-8 text (byte {error.start})"
        raise LockParseError(path, reason=reason) from error
    if text.startswith("\ufeff"):
        reason = "it begins with a byte order mark, which an editor put there"
        raise LockParseError(path, reason=reason)
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
    if lines := conflict_lines(text):
        raise LockConflictError(path, lines=lines)
    version = _version(text, path)
    if version < NEWEST_VERSION:
        from pixi_jupyter.adapters.rattler import newest_lock_text

        newest = newest_lock_text(text, str(path))
        return replace(_parse_newest(newest, path), version=version)
    return _parse_newest(text, path)


def _version(text: str, path: Path) -> int:
    found = re.search(r"^version:[ \t]*['\"]?([0-9]{1,9})", text, re.MULTILINE)
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
        data = _table(parse_yaml(head), "the whole")
        if packages is None:
            packages = _packages(_items(data.get("packages"), "packages"), path)
        platforms = tuple(map(_platform, _items(data.get("platforms"), "platforms")))
        environments = {
            str(name): _environment(table, packages, path)
            for name, table in _table(data.get("environments"), "environments").items()
        }
    except YamlError as error:
        raise LockParseError(path, reason=str(error)) from error
    except KeyError as error:
        raise LockParseError(path, reason=f"there is no {error} in it") from error
    except (AttributeError, TypeError, ValueError) as error:
        reason = f"something in it is not as a lock file has it: {error}"
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


def _table(value: object, what: str) -> Mapping[str, Any]:
    if value is not None and not isinstance(value, Mapping):
        msg = f"{what} is no mapping"
        raise ValueError(msg)
    return value or {}


def _items(value: object, what: str) -> Sequence[Mapping[str, Any]]:
    if value is None:
        return ()
    is_list = isinstance(value, list)
    if not isinstance(value, list) or not all(isinstance(x, Mapping) for x in value):
        msg = f"{what} is no list" + (" of mappings" if is_list else "")
        raise ValueError(msg)
    return value


def _twice(path: Path, location: str) -> LockParseError:
    # py-rattler would take the other one than we do
    reason = f"it describes {location} twice, and not in the same words"
    return LockParseError(path, reason=reason)


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
        unread = UnreadFields(chunk.replace("\n  ", "\n").rstrip("\n") + "\n", path)
        package = LockedPackage(kind, location, unread)
        if found.setdefault((kind, location), package) != package:
            raise _twice(path, location)
    return head, found


def _packages(items: Iterable[Mapping[str, object]], path: Path) -> _Packages:
    found: _Packages = {}
    for item in items:
        kind, location = _reference(item)
        fields = {key: value for key, value in item.items() if key != kind}
        package = LockedPackage(kind, location, fields)
        if found.setdefault((kind, location), package) != package:
            raise _twice(path, location)
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
    table = _table(table, "an environment")
    for platform, items in _table(table.get("packages"), "`packages` there").items():
        keys = [_reference(item) for item in _items(items, f"`{platform}` there")]
        if missing := next((key for key in keys if key not in packages), None):
            raise LockParseError(path, reason=f"it does not describe {missing[1]}")
        rows[str(platform)] = tuple(packages[key] for key in keys)
    indexes, links = table.get("indexes"), table.get("find-links")
    return LockedEnvironment(
        channels=tuple(_channels(table.get("channels") or ())),
        packages=rows,
        options=dict(table.get("options") or {}),
        indexes=None if indexes is None else tuple(map(str, indexes)),
        find_links=None if links is None else tuple(links),
    )


def _channels(items: Iterable[object]) -> Iterator[Mapping[str, object]]:
    for item in items:
        if isinstance(item, Mapping):
            yield {"url": item["url"], **item}
        else:
            yield {"url": str(item)}
