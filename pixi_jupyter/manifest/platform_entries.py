"""The list `platforms` of a workspace: subdirs, and tables that promise more.

Rules: pixi 0.77.0, platform entries and synthesised names (read 2026-11).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import nearest
from pixi_jupyter.manifest.selectors import FAMILIES
from pixi_jupyter.manifest.versions import compare, is_version
from pixi_jupyter.platforms import SUBDIRS, Platform, VirtualPackage, baseline

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pixi_jupyter.manifest.layout import Keys
    from pixi_jupyter.manifest.locate import Source

_FRIENDLY = {
    "cuda": "__cuda",
    "archspec": "__archspec",
    "glibc": "__glibc",
    "linux": "__linux",
    "macos": "__osx",
    "osx": "__osx",
    "windows": "__win",
}
"""Keys for virtual packages, in the order in which a synthesised name has them."""

_USUAL = (
    *("x86_64_v2", "x86_64_v3", "x86_64_v4", "x86_64", "aarch64", "m1", "m2", "m3"),
    *("haswell", "skylake", "skylake_avx512", "icelake", "cascadelake", "zen2"),
    *("zen", "zen3", "zen4", "zen5", "armv8.2a", "armv9.0a", "neoverse_v1", "a64fx"),
    *("neoverse_n1", "neoverse_v2", "ppc64le", "power8le", "power9le", "power10le"),
)
"""Microarchitectures that are proposed for one that there is not."""

_CARRIERS = {
    "__linux": "linux-",
    "__glibc": "linux-",
    "__musl": "linux-",
    "__eglibc": "linux-",
    "__osx": "osx-",
    "__win": "win-",
}
"""How the subdirs begin that can have a virtual package."""

_NAME = re.compile(r"[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?")
_LONGEST = 64


def read_platforms(
    entries: Sequence[str | Mapping[str, Any]], source: Source, keys: Keys
) -> tuple[Platform, ...]:
    """Read the platforms of a workspace.

    Parameters
    ----------
    entries
        Subdirs and tables, as written.
    source
        The manifest's text.
    keys
        Path of the list.

    Returns
    -------
    tuple of Platform
        In the order of the file, which is the order of preference; what is wrong is
        left out and kept in the source.
    """
    found: list[Platform] = []
    for number, entry in enumerate(entries):
        here = (*keys, number)
        with source.keep:
            if isinstance(entry, str):
                platform = Platform(entry, _subdir(entry, source, here))
            else:
                platform = _rich(entry, source, here)
            if any(platform.name == other.name for other in found):
                reason = f"platform `{platform.name}` is there already"
                raise source.error(here, reason)
            found.append(platform)
    return tuple(found)


def synthesized_name(subdir: str, custom: Iterable[VirtualPackage]) -> str:
    """Make the name of a platform that was given none.

    Examples
    --------
    >>> synthesized_name("linux-64", [VirtualPackage("__cuda", "12.0")])
    'linux-64-cuda-12-0'
    """
    left = {package.name: package for package in custom}
    parts = [subdir]
    for key, name in _FRIENDLY.items():
        if package := left.pop(name, None):
            value = package.build if key == "archspec" else package.version
            parts.append(f"{key}-{_segment(value)}")
    for name in sorted(left):
        value = "=".join(str(left[name]).split("=")[1:])
        parts.append(f"{_segment(name)}-{_segment(value)}")
    return "-".join(parts)


def customised(
    subdir: str, packages: Iterable[VirtualPackage]
) -> tuple[VirtualPackage, ...]:
    """Leave out what every platform of a subdir has anyway."""
    default = {package.name: package for package in baseline(subdir)}
    return tuple(
        package
        for package in packages
        if not _is_same(package, default.get(package.name))
    )


def _is_same(package: VirtualPackage, other: VirtualPackage | None) -> bool:
    return (
        other is not None
        and compare(package.version, other.version) == 0
        and (package.build or "0") == (other.build or "0")
    )


def platform_name_fault(name: str) -> str | None:
    """Say why a text cannot name a platform; None where it can."""
    if name in FAMILIES:
        return f"`{name}` is a family of platforms and cannot name one"
    if len(name.encode()) > _LONGEST:
        return f"the name of a platform has at most {_LONGEST} characters"
    if not _NAME.fullmatch(name):
        return "letters, digits and `-` make the name of a platform, a letter first"
    return None


def _segment(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")


def _subdir(text: str, source: Source, here: Keys) -> str:
    if text in SUBDIRS:
        return text
    close = nearest(text, SUBDIRS)
    reason = f"`{text}` is no platform of conda"
    raise source.error(here, reason, hint=f'did you mean "{close}"?' if close else "")


def _rich(table: Mapping[str, Any], source: Source, here: Keys) -> Platform:
    name, subdir = (
        _text(table, key, source, here) if key in table else None
        for key in ("name", "platform")
    )
    if name is None and subdir is None:
        reason = "a platform needs `platform` or `name`"
        raise source.error(here, reason, hint='{ platform = "linux-64", cuda = "12" }')
    if subdir is not None:
        _subdir(subdir, source, (*here, "platform"))
    elif name in SUBDIRS:
        subdir = name
    else:
        reason = f"`{name}` is no platform of conda, so `platform` has to say which"
        raise source.error((*here, "name"), reason)
    assert subdir is not None  # noqa: S101  one of the branches above gave it
    packages = _virtual_packages(table, source, here)
    for key, package in packages:
        carrier = _CARRIERS.get(package.name, "")
        if not subdir.startswith(carrier):
            reason = f"{subdir} cannot have {package.name}"
            raise source.error((*here, key), reason, at="key")
    custom = customised(subdir, (package for _, package in packages))
    if name is None:
        return Platform(synthesized_name(subdir, custom), subdir, custom)
    fault = platform_name_fault(name)
    if name in SUBDIRS and name != subdir:
        fault = f"`{name}` is a platform of its own and cannot name {subdir}"
    elif name in SUBDIRS and custom:
        fault = f"a platform with virtual packages needs a name other than `{name}`"
    if fault:
        raise source.error((*here, "name"), fault)
    return Platform(name, subdir, custom)


def _virtual_packages(
    table: Mapping[str, Any], source: Source, here: Keys
) -> list[tuple[str, VirtualPackage]]:
    """Collect what a table promises, with the key that says so."""
    found: list[tuple[str, VirtualPackage]] = []
    for key in (*_FRIENDLY, *(key for key in table if key.startswith("__"))):
        if key not in table:
            continue
        for package in _declared(table, key, source, here):
            if any(package.name == other.name for _, other in found):
                reason = f"{package.name} is declared twice"
                raise source.error((*here, key), reason, at="key")
            found.append((key, package))
    for key in table:
        known = ("name", "platform", *_FRIENDLY)
        if key not in known and not key.startswith("__"):
            close = nearest(key, known)
            hint = f"did you mean `{close}`?" if close else ""
            reason = "no such key belongs here"
            raise source.error((*here, key), reason, hint=hint, at="key")
    return found


def _declared(
    table: Mapping[str, Any], key: str, source: Source, here: Keys
) -> list[VirtualPackage]:
    inside = (*here, key)
    if key == "cuda" and isinstance(table[key], dict):
        cuda: dict[str, Any] = table[key]
        if "driver" not in cuda or not set(cuda) <= {"driver", "arch"}:
            reason = "this table needs `driver`, and may have `arch`"
            raise source.error(inside, reason)
        names = {"driver": "__cuda", "arch": "__cuda_arch"}
        return [
            _package(names[part], _text(cuda, part, source, inside), source, inside)
            for part in ("driver", "arch")
            if part in cuda
        ]
    text = _text(table, key, source, here)
    if key == "archspec":
        _check_archspec(text, source, inside)
        return [VirtualPackage("__archspec", "0", text)]
    return [_package(_FRIENDLY.get(key, key), text, source, inside)]


def _check_archspec(text: str, source: Source, here: Keys) -> None:
    from pixi_jupyter.adapters.rattler import is_microarchitecture

    if text in _USUAL or is_microarchitecture(text):
        return
    close = nearest(text, _USUAL)
    hint = f'did you mean "{close}"?' if close else f"such as {', '.join(_USUAL[:3])}"
    reason = f"`{text}` is no microarchitecture that archspec knows"
    raise source.error(here, reason, hint=hint)


def _package(name: str, text: str, source: Source, here: Keys) -> VirtualPackage:
    version, _, build = text.partition("=")
    if not is_version(version) or (build and name in _FRIENDLY.values()):
        raise source.error(here, "a version belongs here")
    return VirtualPackage(name, version, build)


def _text(table: Mapping[str, Any], key: str, source: Source, here: Keys) -> str:
    text = table[key]
    if not isinstance(text, str) or not text:
        raise source.error((*here, key), "a string in quotes belongs here")
    return text
