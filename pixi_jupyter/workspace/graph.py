"""Which package of a locked row needs which other.

Markers of Python requirements are judged for the row's own platform and Python, and
for the extras that somebody asks for (PEP 508, read 2026-11).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, cast

from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from packaging.requirements import Requirement

    from pixi_jupyter.lock.models import LockedPackage
    from pixi_jupyter.manifest.compose import Environment
    from pixi_jupyter.platforms import Platform
    from pixi_jupyter.workspace.solution import Solution

_CONDA_NAME = re.compile(r"(?:\S*::)?([\w.-]+)")
_SYSTEMS = {
    "linux": ("linux", "posix", "Linux"),
    "osx": ("darwin", "posix", "Darwin"),
    "win": ("win32", "nt", "Windows"),
}
"""sys_platform, os_name and platform_system, by the first part of a subdir."""
_MACHINES = {
    ("linux", "64"): "x86_64",
    ("linux", "32"): "i386",
    ("osx", "64"): "x86_64",
    ("win", "64"): "AMD64",
    ("win", "arm64"): "ARM64",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """That one package needs another."""

    name: str
    extras: tuple[str, ...] = ()
    """Those of the needing package that it is needed for; empty where it is needed
    anyway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One package of a row."""

    name: str
    version: str
    kind: Literal["conda", "pypi"]
    is_explicit: bool = False
    """Whether the manifest asks for it."""
    needs: tuple[Need, ...] = ()
    """In the order in which the package lists them; virtual packages are left out."""
    needed_by: tuple[str, ...] = ()
    """Names, sorted."""


def package_graph(
    solution: Solution, environment: Environment, platform: Platform
) -> dict[str, Node]:
    """Read the packages of an environment on a platform, and what they need.

    Returns
    -------
    dict
        By name, sorted; Python packages are named as in their file names, with
        underscores. A need may name a package that is not locked.
    """
    asked = {each.name.lower() for each in environment.requirements(platform)}
    nodes: dict[str, Node] = {}
    for record in solution.row(environment.name, platform.name):
        name = record.name.normalized
        nodes[name] = Node(
            name=name,
            version=str(record.version),
            kind="conda",
            is_explicit=name in asked,
            needs=_merged(Need(name=_conda_name(text)) for text in record.depends),
        )
    locked = solution.lock.environments.get(environment.name)
    others = locked.packages.get(platform.name, ()) if locked else ()
    nodes |= _source_nodes(others, asked)
    wheels = [package for package in others if package.kind == "pypi"]
    if wheels:
        python = nodes["python"].version if "python" in nodes else ""
        marker_environment = _marker_environment(platform, python)
        wanted = environment.pypi_requirements(platform)
        nodes |= _python_nodes(wheels, wanted, marker_environment)
    return _with_parents(nodes)


def _conda_name(text: str) -> str:
    found = _CONDA_NAME.match(text.strip())
    return found[1].lower() if found else text


def _merged(needs: Iterable[Need]) -> tuple[Need, ...]:
    """Name each need once; what is needed anyway is not needed for an extra."""
    found: dict[str, Need] = {}
    for need in needs:
        if need.name.startswith("__"):
            continue
        known = found.get(need.name, need)
        extras = dict.fromkeys((*known.extras, *need.extras))
        anyway = not (known.extras and need.extras)
        found[need.name] = replace(need, extras=() if anyway else tuple(extras))
    return tuple(found.values())


def _with_parents(nodes: Mapping[str, Node]) -> dict[str, Node]:
    parents: dict[str, list[str]] = {name: [] for name in nodes}
    for node in nodes.values():
        for need in node.needs:
            if need.name in parents:
                parents[need.name].append(node.name)
    return {
        name: replace(nodes[name], needed_by=tuple(sorted(parents[name])))
        for name in sorted(nodes)
    }


def _source_nodes(
    packages: Iterable[LockedPackage], asked: Iterable[str]
) -> dict[str, Node]:
    return {
        package.name: Node(
            name=package.name,
            version=package.version,
            kind="conda",
            is_explicit=package.name in asked,
            needs=_merged(
                Need(name=_conda_name(text)) for text in _texts(package, "depends")
            ),
        )
        for package in packages
        if package.kind == "conda_source"
    }


def _texts(package: LockedPackage, key: str) -> Sequence[str]:
    return [str(text) for text in cast("Sequence[Any]", package.fields.get(key) or ())]


def _marker_environment(platform: Platform, python: str) -> dict[str, str]:
    system, _, machine = platform.subdir.partition("-")
    sys_platform, os_name, platform_system = _SYSTEMS.get(system, (system, "posix", ""))
    return {
        "sys_platform": sys_platform,
        "os_name": os_name,
        "platform_system": platform_system,
        "platform_machine": _MACHINES.get((system, machine), machine),
        "platform_release": "",
        "platform_version": "",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "python_version": ".".join(python.split(".")[:2]) or "3",
        "python_full_version": python or "3",
        "implementation_version": python or "3",
    }


def _wheel_name(name: str) -> str:
    return re.sub(r"[-_.]+", "_", name).lower()


def _python_nodes(
    packages: Sequence[LockedPackage],
    wanted: Mapping[str, Sequence[object]],
    marker_environment: Mapping[str, str],
) -> dict[str, Node]:
    asked = {_wheel_name(name): _extras_of(specs) for name, specs in wanted.items()}
    listed = {_wheel_name(each.name): _requirements(each) for each in packages}
    extras = _spread_extras(listed, asked, marker_environment)
    found = {}
    for package in packages:
        name = _wheel_name(package.name)
        needs = (
            _need(requirement, extras[name], marker_environment)
            for requirement in listed[name]
        )
        found[name] = Node(
            name=name,
            version=package.version,
            kind="pypi",
            is_explicit=name in asked,
            needs=_merged(need for need in needs if need),
        )
    return found


def _requirements(package: LockedPackage) -> list[Requirement]:
    from packaging.requirements import InvalidRequirement, Requirement

    found = []
    for text in _texts(package, "requires_dist"):
        try:
            found.append(Requirement(text))
        except InvalidRequirement:
            continue  # of a package that is installed all the same
    return found


def _extras_of(specs: Iterable[object]) -> set[str]:
    found: set[str] = set()
    for spec in specs:
        extras = spec.get("extras") if isinstance(spec, dict) else None
        found.update(str(each) for each in extras or ())
    return found


def _spread_extras(
    listed: Mapping[str, Sequence[Requirement]],
    asked: Mapping[str, set[str]],
    marker_environment: Mapping[str, str],
) -> dict[str, set[str]]:
    """Find the extras of each package that anybody asks for."""
    extras = {name: set(asked.get(name, ())) for name in listed}
    grows = True
    while grows:
        grows = False
        for name, requirements in listed.items():
            for requirement in requirements:
                target = extras.get(_wheel_name(requirement.name))
                if target is None or not _need(
                    requirement, extras[name], marker_environment
                ):
                    continue
                grows = grows or not requirement.extras <= target
                target |= requirement.extras
    return extras


def _need(
    requirement: Requirement,
    extras: Iterable[str],
    marker_environment: Mapping[str, str],
) -> Need | None:
    name = _wheel_name(requirement.name)
    if requirement.marker is None:
        return Need(name=name)
    marker = requirement.marker

    def holds(extra: str) -> bool:
        return marker.evaluate({**marker_environment, "extra": extra})

    if holds(""):
        return Need(name=name)
    through = tuple(extra for extra in sorted(extras) if holds(extra))
    return Need(name=name, extras=through) if through else None
