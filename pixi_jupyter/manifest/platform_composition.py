"""Which platforms an environment is made for, from what its features say.

Rules: pixi 0.77.0, platforms of an environment (read 2026-11), with one correction
of a later version: a subdir that only a feature names is added to the environments
that have this feature, not to all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.manifest.platform_entries import customised, synthesized_name
from pixi_jupyter.manifest.versions import compare
from pixi_jupyter.platforms import SUBDIRS, Platform, VirtualPackage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pixi_jupyter.manifest.models import Feature

_LIBCS = ("__glibc", "__musl", "__eglibc")


def environment_platforms(
    workspace: Sequence[Platform], features: Sequence[Feature]
) -> tuple[Platform, ...]:
    """Give the platforms that all features of an environment support.

    Parameters
    ----------
    workspace
        The platforms that the workspace declares.
    features
        All features of the environment.

    Returns
    -------
    tuple of Platform
        In the workspace's order; one for each subdir where the workspace declares
        plain subdirs only, with the virtual packages of all `system-requirements`.
    """
    if all(platform.is_plain for platform in workspace):
        return tuple(
            _composed(subdir, features) for subdir in _subdirs(workspace, features)
        )
    named = {name for feature in features for name in feature.platforms or ()}
    pinned = {platform.subdir for platform in workspace if platform.name in named}
    return tuple(
        platform
        for platform in workspace
        if all(supports(feature, platform) for feature in features)
        and (platform.name in named or platform.subdir not in pinned)
    )


def supports(feature: Feature, platform: Platform) -> bool:
    """Tell whether a feature takes part in the solve for a platform."""
    return (
        feature.platforms is None
        or platform.name in feature.platforms
        or platform.subdir in feature.platforms
    )


def required_packages(table: Mapping[str, object]) -> tuple[VirtualPackage, ...]:
    """Give the virtual packages of a table `system-requirements`.

    ``archspec`` and ``unix`` are deprecated and mean nothing.
    """
    found = [
        VirtualPackage(name, str(table[key]))
        for key, name in (("linux", "__linux"), ("cuda", "__cuda"), ("macos", "__osx"))
        if key in table
    ]
    match table.get("libc"):
        case None:
            pass
        case {"version": version, **rest}:
            family = rest.get("family", "glibc")
            found.append(VirtualPackage(f"__{family}", str(version)))
        case version:
            found.append(VirtualPackage("__glibc", str(version)))
    return tuple(found)


def _subdirs(workspace: Sequence[Platform], features: Sequence[Feature]) -> list[str]:
    named = [name for feature in features for name in feature.platforms or ()]
    known = [platform.subdir for platform in workspace]
    known += [name for name in named if name in SUBDIRS]
    return [
        subdir
        for subdir in dict.fromkeys(known)
        if all(f.platforms is None or subdir in f.platforms for f in features)
    ]


def _composed(subdir: str, features: Sequence[Feature]) -> Platform:
    highest: dict[str, VirtualPackage] = {}
    for feature in features:
        wanted = required_packages(feature.system_requirements)
        for package in customised(subdir, wanted):
            known = highest.get(package.name)
            if not _applies(package.name, subdir):
                continue
            if known is None or compare(package.version, known.version) > 0:
                highest[package.name] = package
    if not highest:
        return Platform(subdir, subdir)
    custom = tuple(highest[name] for name in sorted(highest))
    return Platform(synthesized_name(subdir, custom), subdir, custom)


def _applies(name: str, subdir: str) -> bool:
    if name in (*_LIBCS, "__linux"):
        return subdir.startswith("linux-")
    if name == "__osx":
        return subdir.startswith("osx-")
    # there is no CUDA for macOS since 2019
    return not subdir.startswith("osx-")
