"""A lock as text, and the hash by which pixi knows a row again.

Source of the order: rattler_lock and pixi 0.77.0 (reference, read 2026-11).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from pixi_jupyter.lock.models import KINDS, NEWEST_VERSION, LockedPackage
from pixi_jupyter.lock.packages import CONDA_FIELDS, NOT_WRITTEN_IF_EMPTY
from pixi_jupyter.lock.platforms import with_aliases
from pixi_jupyter.lock.text import format_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pixi_jupyter.lock.models import Kind, Lock, LockedEnvironment, LockedPlatform
    from pixi_jupyter.platforms import Platform

_Key = tuple[int, str]


def format_lock(lock: Lock) -> str:
    """Give the text of a lock file, version 7.

    Equal content gives equal text, in whatever order it comes.

    Raises
    ------
    LockParseError
        If a package that was read, but never looked at, cannot be understood.
    """
    lock = with_aliases(lock)
    document: dict[str, object] = {"version": NEWEST_VERSION}
    document["platforms"] = [
        _platform_table(each)
        for each in sorted(lock.platforms, key=lambda each: each.name)
    ]
    document["environments"] = {
        name: _environment_table(lock.environments[name])
        for name in sorted(lock.environments)
    }
    used = _used_packages(lock)
    document["packages"] = [_package_table(used[key]) for key in sorted(used)]
    return format_yaml(document)


def _used_packages(lock: Lock) -> dict[_Key, LockedPackage]:
    used: dict[_Key, LockedPackage] = {}
    for environment in lock.environments.values():
        for row in environment.packages.values():
            for package in row:
                other = used.setdefault(_order(package), package)
                if other is not package and other != package:
                    used[_order(package)] = _merged(other, package)
    build_time = {_order(package): package for package in lock.build_time}
    pending = [package for package in used.values() if package.kind == "conda_source"]
    while pending:
        for key in _built_with(pending.pop()):
            if key not in used and key in build_time:
                used[key] = build_time[key]
                pending.append(build_time[key])
    return used


def _built_with(package: LockedPackage) -> Iterator[_Key]:
    if package.kind == "conda_source":
        for table in ("build_packages", "host_packages"):
            for item in cast("list[dict[str, str]]", package.fields.get(table, [])):
                for kind, location in item.items():
                    yield KINDS.index(cast("Kind", kind)), location


def _order(package: LockedPackage) -> _Key:
    return KINDS.index(package.kind), package.location


def _merged(one: LockedPackage, other: LockedPackage) -> LockedPackage:
    # an environment with PyPI packages knows the purls of a record, others do not
    low, high = sorted((dict(one.fields), dict(other.fields)), key=repr)
    return LockedPackage(one.kind, one.location, {**low, **high})


def _platform_table(platform: LockedPlatform) -> dict[str, object]:
    table: dict[str, object] = {"name": platform.name}
    if platform.subdir != platform.name:
        table["subdir"] = platform.subdir
    if platform.virtual_packages:
        table["virtual-packages"] = platform.virtual_packages
    return table


def _environment_table(environment: LockedEnvironment) -> dict[str, object]:
    table: dict[str, object] = {"channels": environment.channels}
    if environment.indexes is not None:
        table["indexes"] = environment.indexes
    if environment.find_links:
        table["find-links"] = environment.find_links
    if environment.options:
        table["options"] = environment.options
    table["packages"] = {
        platform: [
            {package.kind: package.location}
            for package in canonical(environment.packages[platform])
        ]
        for platform in sorted(environment.packages)
    }
    return table


def canonical(packages: Iterable[LockedPackage]) -> list[LockedPackage]:
    """Put the packages of a row into the order of the file, each once."""
    by_key = {_order(package): package for package in packages}
    return [by_key[key] for key in sorted(by_key)]


def _package_table(package: LockedPackage) -> dict[str, object]:
    fields = package.fields
    if package.kind == "conda":
        given = {k: v for k, v in fields.items() if v or k not in NOT_WRITTEN_IF_EMPTY}
        fields = {key: given[key] for key in CONDA_FIELDS if key in given} | given
    return {package.kind: package.location, **fields}


def environment_hash(lock: Lock, environment: str, platform: Platform | str) -> str:
    """Give pixi's `environment_lock_file_hash` of one row.

    Parameters
    ----------
    environment
        Name of the environment; a hash is given also where there is none.
    platform
        A platform as the manifest declares it, or the name of one of the lock's.
    """
    import xxhash

    row: tuple[LockedPackage, ...] = ()
    name = platform if isinstance(platform, str) else platform.name
    if locked := lock.environments.get(environment):
        row = locked.packages.get(name, ())
    digest = xxhash.xxh3_64()
    for package in canonical(row):
        digest.update(_text_bytes(package.location))
        digest.update(_hash_bytes(package))
    for text in _platform_texts(lock, platform):
        digest.update(_text_bytes(text))
    return f"{digest.intdigest():x}"


def _platform_texts(lock: Lock, platform: Platform | str) -> list[str]:
    if not isinstance(platform, str):
        return [platform.subdir, *sorted(map(str, platform.virtual_packages))]
    known = lock.platform(platform)
    return [known.subdir, *sorted(known.virtual_packages)] if known else []


def _text_bytes(text: str) -> bytes:
    # how Rust feeds a text to a hasher
    return text.encode() + b"\xff"


def _hash_bytes(package: LockedPackage) -> bytes:
    # how Rust feeds a slice of bytes to a hasher
    data = package.digest if package.kind == "conda" else b""
    return len(data).to_bytes(8, "little") + data if data else b""
