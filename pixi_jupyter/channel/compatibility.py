"""What the package of a distribution needs, and which machines it fits.

Formats: dependency specifiers and platform compatibility tags (PyPA
specifications, read 2026-11).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.tags import parse_tag
from packaging.utils import canonicalize_name

from pixi_jupyter.channel.blueprint import system_dependency, version_numbers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from packaging.tags import Tag

    from pixi_jupyter.channel.installed import Catalogue, Installed
    from pixi_jupyter.channel.interpreter import Interpreter

_PLATFORM_MARKERS = re.compile(
    r"\b(os_name|sys_platform|platform_(?:machine|system|release|version))\b"
)
_PYTHON_MARKERS = re.compile(r"\b(python_(?:full_)?version|implementation_version)\b")

_OLD_MANYLINUX = {"1": "2.5", "2010": "2.12", "2014": "2.17"}


@dataclass(slots=True, kw_only=True)
class Fit:
    """Which machines and interpreters a package fits, and what it depends on."""

    one_platform: bool = False
    """It goes into the subdir of one platform."""
    one_python: bool = False
    """It fits one minor version of python."""
    depends: tuple[str, ...] = ()
    """Match specs, sorted."""


def fit_of(installed: Installed, known: Catalogue, interpreter: Interpreter) -> Fit:
    """Learn what the package of a distribution fits and needs.

    Parameters
    ----------
    known
        All that is installed, to look up the requirements of extras.

    Notes
    -----
    Markers are answered for this machine. One that another machine could answer
    differently binds the package to this platform, or to this minor version of
    python.
    """
    fit = Fit()
    depends = _requirements(installed, known, fit)
    depends += _foundation(installed, fit, interpreter)
    fit.depends = tuple(sorted(depends))
    return fit


def conda_spec(specifiers: SpecifierSet) -> str:
    """Write PEP 440 specifiers as a conda version spec.

    Examples
    --------
    >>> conda_spec(SpecifierSet("==1.*,!=1.3"))
    '!=1.3,1.*'
    """
    parts = []
    for each in specifiers:
        operator, version = each.operator, each.version.partition("+")[0]
        if operator == "==" and version.endswith(".*"):
            parts.append(version)
        elif operator == "===":
            parts.append(f"=={version}")
        else:
            parts.append(f"{operator}{version}")
    return ",".join(sorted(parts))


def _requirements(installed: Installed, known: Catalogue, fit: Fit) -> list[str]:
    """List match specs; the requirements of extras become the asker's own."""
    found: dict[str, set[str]] = {}
    done: set[tuple[str, str]] = set()
    waiting = [(installed.name, "")]
    while waiting:
        name, extra = step = waiting.pop()
        if step in done or name not in known:
            continue
        done.add(step)
        for need in known[name].needs(extra):
            marker = str(need.requirement.marker or "")
            fit.one_platform |= bool(_PLATFORM_MARKERS.search(marker))
            fit.one_python |= bool(_PYTHON_MARKERS.search(marker))
            if not need.applies:
                continue
            other = canonicalize_name(need.requirement.name)
            if other != installed.name:
                spec = conda_spec(need.requirement.specifier)
                found.setdefault(other, set()).update({spec} - {""})
            waiting += [(other, canonicalize_name(x)) for x in need.requirement.extras]
    return [
        f"{name} {','.join(sorted(specs))}".strip() for name, specs in found.items()
    ]


def _foundation(installed: Installed, fit: Fit, interpreter: Interpreter) -> list[str]:
    """List the interpreter and the system that a package stands on."""
    minor = interpreter.major_minor
    tags = [tag for text in installed.wheel_tags for tag in parse_tag(text)]
    compiled = _is_compiled(installed, tags)
    fit.one_platform |= compiled
    stable = _stable_since(tags) if compiled else ""
    one_abi = compiled and not stable and _has_one_abi(tags)
    fit.one_python |= one_abi
    found = _system(tags, interpreter.subdir) if compiled else []
    if one_abi:
        found.append(f"python_abi {minor}.* *_{interpreter.abi}")
    if fit.one_python:
        return [*found, f"python {minor}.*"]
    spec = _requires_python(installed)
    if stable:
        spec = ",".join(sorted({*spec.split(","), f">={stable}"} - {""}))
    return [*found, f"python {spec}".strip()]


def _is_compiled(installed: Installed, tags: Iterable[Tag]) -> bool:
    platforms = {tag.platform for tag in tags}
    if platforms:
        return "any" not in platforms
    return any(file.endswith((".so", ".pyd", ".dylib")) for file in installed.files)


def _stable_since(tags: Iterable[Tag]) -> str:
    """Give the oldest python whose stable interface is enough, or nothing."""
    found = [
        int(digits[1])
        for tag in tags
        if tag.abi == "abi3" and (digits := re.fullmatch(r"cp3(\d+)", tag.interpreter))
    ]
    return f"3.{min(found)}" if found else ""


def _has_one_abi(tags: Iterable[Tag]) -> bool:
    """Tell whether a compiled package fits one minor version of CPython only."""
    interpreters = {tag.interpreter for tag in tags}
    return not interpreters or any(each.startswith("cp") for each in interpreters)


def _system(tags: Iterable[Tag], subdir: str) -> list[str]:
    for name, pattern in (
        ("__glibc", r"manylinux_(\d+)_(\d+)_"),
        ("__osx", r"macosx_(\d+)_(\d+)_"),
    ):
        versions = [
            f"{found[1]}.{found[2]}"
            for tag in tags
            if (found := re.match(pattern, tag.platform))
        ]
        if name == "__glibc":
            versions += [
                _OLD_MANYLINUX[found[1]]
                for tag in tags
                if (found := re.match(r"manylinux(1|2010|2014)_", tag.platform))
            ]
        if versions:
            oldest = min(versions, key=version_numbers)
            return system_dependency(name, oldest, subdir)
    return []


def _requires_python(installed: Installed) -> str:
    try:
        return conda_spec(SpecifierSet(installed.field("Requires-Python")))
    except InvalidSpecifier:
        return ""
