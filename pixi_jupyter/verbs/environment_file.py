"""An environment in the words of conda's environment.yml.

Form: pixi 0.77.0, `workspace export conda-environment` (read 2026-11).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.lock.text import format_yaml
from pixi_jupyter.solve.pypi_options import merged_options
from pixi_jupyter.solve.pypi_requirements import read_requirements

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pixi_jupyter.lock.models import LockedPackage
    from pixi_jupyter.manifest.compose import Environment
    from pixi_jupyter.platforms import Platform
    from pixi_jupyter.solve.pypi_requirements import PypiRequirement
    from pixi_jupyter.workspace.solution import Solution

_DEFAULTS = frozenset(("main", "r", "msys2", "defaults"))
"""Channels after which conda's own defaults are not kept out."""


def environment_file(
    environment: Environment,
    platform: Platform,
    *,
    name: str,
    pypi: bool,
    solution: Solution | None,
    warn: Callable[[str], object],
) -> str:
    """Give the text of the file.

    Parameters
    ----------
    pypi
        Whether PyPI packages are part of it.
    solution
        What is locked, to be written instead of what is asked for.
    warn
        Told of what is left out.
    """
    channels = list(environment.channels)
    if not _DEFAULTS & {channel.rstrip("/").rsplit("/", 1)[-1] for channel in channels}:
        channels.append("nodefaults")
    if solution is None:
        conda, pip = _asked(environment, platform, warn)
    else:
        conda, pip = _locked(environment, platform, solution, warn)
    dependencies: list[object] = list(conda)
    if pypi and pip:
        if not any(each.split(" ", 1)[0] == "pip" for each in conda):
            dependencies.append("pip")
        dependencies.append({"pip": [*_options(environment), *pip]})
    found: dict[str, Any] = {
        "name": name,
        "channels": channels,
        "dependencies": dependencies,
    }
    if env := environment.activation(platform).env:
        found["variables"] = dict(env)
    return format_yaml(found)


def _asked(
    environment: Environment, platform: Platform, warn: Callable[[str], object]
) -> tuple[list[str], list[str]]:
    conda: list[str] = []
    for each in environment.requirements(platform):
        if each.spec.source is not None:
            warn(f"{each.name} is left out, conda cannot build it from its source")
            continue
        conda.append(each.match_spec)
    found = read_requirements(environment, platform)
    return list(dict.fromkeys(conda)), [_requirement(each) for each in found]


def _requirement(requirement: PypiRequirement) -> str:
    """Give a requirement as pip reads it in a list."""
    source = requirement.source
    text, _, marker = requirement.text.partition(";")
    text, tail = text.strip(), f" ; {marker.strip()}" if marker else ""
    if source is None:
        return text + tail
    if "path" in source:
        place = str(source["path"])
        if not place.startswith((".", "/", "~")):
            place = f"./{place}"
        return f"-e {place}" if requirement.editable else place
    if "url" in source:
        return f"{text} @ {source['url']}{tail}"
    reference = next((source[k] for k in ("rev", "tag", "branch") if k in source), None)
    url = str(source["git"])
    url = url if url.startswith("git+") else f"git+{url}"
    url += f"@{reference}" if reference else ""
    if folder := source.get("subdirectory"):
        url += f"#subdirectory={folder}"
    return f"{text} @ {url}{tail}"


def _options(environment: Environment) -> Iterator[str]:
    options = merged_options(environment)
    if options.uv.index_url:
        yield f"--index-url {options.uv.index_url}"
    for url in options.uv.extra_index_urls:
        yield f"--extra-index-url {url}"
    for link in options.find_links:
        yield f"--find-links {link.get('url') or link.get('path')}"


def _locked(
    environment: Environment,
    platform: Platform,
    solution: Solution,
    warn: Callable[[str], object],
) -> tuple[list[str], list[str]]:
    locked = solution.lock.environments.get(environment.name)
    conda, pip = [], []
    editable = {
        str(each.source["path"])
        for each in read_requirements(environment, platform)
        if each.source is not None and "path" in each.source and each.editable
    }
    for package in locked.packages.get(platform.name, ()) if locked else ():
        if package.kind == "conda_source":
            warn(f"{package.name} is left out, conda cannot build it from its source")
        elif package.kind == "pypi":
            pip.append(_locked_requirement(package, editable))
        else:
            conda.append(f"{package.name} =={package.version} {package.build}")
    return sorted(conda), pip


def _locked_requirement(package: LockedPackage, editable: set[str]) -> str:
    place = package.location
    if place.startswith((".", "/")):
        return f"-e {place}" if place in editable else place
    if "+" in place.split(":", 1)[0] or not package.version:
        return f"{package.name} @ {place}"
    return f"{package.name}=={package.version}"
