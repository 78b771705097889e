"""One environment of a workspace, as a manifest and a lock that stand alone.

What other environments have is left out, and so is what only the workspace's folder
means something to: authors, readme, how the project itself is built. What the environment
needs of that folder is refused, because it does not travel.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import NotPortableError
from pixi_jupyter.manifest.dialects import dialect_of, source_of
from pixi_jupyter.manifest.parse import parse_manifest
from pixi_jupyter.manifest.rules import features_of
from pixi_jupyter.manifest.script_place import is_script
from pixi_jupyter.manifest.text import read_document
from pixi_jupyter.notebook.needs import (
    folder_needs,
    local_channels,
    local_map,
    secret_needs,
)
from pixi_jupyter.notebook.places import ENVIRONMENT, MANIFEST
from pixi_jupyter.notebook.project import as_tables
from pixi_jupyter.notebook.tables import format_manifest

if TYPE_CHECKING:
    from pixi_jupyter.lock.models import Lock
    from pixi_jupyter.manifest.models import EnvironmentDefinition, Manifest
    from pixi_jupyter.platforms import Platform

_WORKSPACE = (
    "name",
    "version",
    "description",
    "channels",
    "platforms",
    "channel-priority",
    "solve-strategy",
    "exclude-newer",
    "requires-pixi",
    "conda-pypi-map",
    "pypi-options",
    "s3-options",
    "preview",
    "build-variants",
    "dependencies",
)
"""Keys of `[workspace]` that an environment depends on, and those that name it."""
_ROOT = (
    "exclude-newer",
    "pypi-exclude-newer",
)
_FEATURE = (
    "system-requirements",
    "dependencies",
    "host-dependencies",
    "build-dependencies",
    "constraints",
    "pypi-dependencies",
    "pypi-options",
    "dev",
    "activation",
    "target",
    "tasks",
    "channels",
    "channel-priority",
    "solve-strategy",
    "platforms",
)
"""Keys of a feature; the default one has those of them that stand at the top."""


def portable_manifest(
    text: str, manifest: Manifest, environment: str, platforms: Iterable[Platform]
) -> tuple[str, tuple[str, ...]]:
    """Write the manifest of one environment.

    Parameters
    ----------
    text
        Of the workspace's manifest.
    manifest
        What that text says.
    environment
        Its name; in what is written it is ``default``.
    platforms
        Those that it is made for.

    Returns
    -------
    tuple
        The text of a pixi.toml, and sentences about what was left out.

    Raises
    ------
    NotPortableError
        If it needs files of the workspace, or has a secret in a URL.

    Notes
    -----
    Equal environments give equal texts, whatever else their workspaces hold.
    """
    definition = manifest.environments[environment]
    notes: list[str] = []
    whole = _tables(text, manifest, notes)
    found: dict[str, Any] = {
        "workspace": _workspace(whole, manifest, platforms, notes),
        **{key: whole[key] for key in _ROOT if key in whole},
    }
    features = [each.name for each in features_of(manifest, definition)]
    if "default" in features:
        found |= {key: whole[key] for key in _FEATURE if key in whole}
    others = [
        name for name in features if name != "default" and not name.startswith("@")
    ]
    if others:
        found["feature"] = {name: _feature(whole, name) for name in others}
    if own := _environment(whole, definition, others):
        found["environments"] = {ENVIRONMENT: own}
    found = _without_other_environments(found, environment, notes)
    notes += local_channels(found)
    needs = [*folder_needs(found), *secret_needs(found)]
    if needs:
        raise NotPortableError(environment, reasons=needs)
    written = format_manifest(found)
    parse_manifest(written, manifest.root / MANIFEST)  # a mistake of ours shows here
    return written, tuple(dict.fromkeys(notes))


def portable_lock(lock: Lock, environment: str) -> Lock:
    """Give the part of a lock that one environment has, as ``default``.

    Raises
    ------
    NotPortableError
        If a package of it is a folder or a file of the workspace.
    """
    locked = lock.environments[environment]
    reasons = {
        f"{package.name or package.location} is locked from {package.location}"
        for row in locked.packages.values()
        for package in row
        if _is_local(package.location, package.kind)
    }
    if reasons:
        raise NotPortableError(environment, reasons=sorted(reasons))
    return replace(
        lock,
        environments={ENVIRONMENT: locked},
        platforms=tuple(
            each for each in lock.platforms if each.name in locked.packages
        ),
    )


def _is_local(location: str, kind: str) -> bool:
    place = location.partition(" @ ")[2] or location
    if "://" in place:
        return False
    # of a channel that is a folder: whoever has that folder can use it
    is_of_channel = kind == "conda" and Path(place).is_absolute()
    return not is_of_channel


def _tables(text: str, manifest: Manifest, notes: list[str]) -> dict[str, Any]:
    """Give all tables of a manifest as a pixi.toml would have them."""
    path = manifest.path
    source = source_of(text, path)
    document = read_document(source.text, path, source)
    if is_script(path):
        from pixi_jupyter.manifest.script_tables import as_project

        channels = [each.name for each in manifest.channels]
        document = as_project(document, source, path, channels)
    dialect = dialect_of(path)
    tables = dict(dialect.tables(document) or {})
    if "workspace" not in tables and "project" in tables:
        tables["workspace"] = tables.pop("project")
    return as_tables(tables, manifest, notes) if dialect.prefix else tables


def _workspace(
    tables: Mapping[str, Any],
    manifest: Manifest,
    platforms: Iterable[Platform],
    notes: list[str],
) -> dict[str, Any]:
    written = tables.get("workspace", {})
    found = {key: written[key] for key in _WORKSPACE if key in written}
    if place := local_map(found.get("conda-pypi-map")):
        del found["conda-pypi-map"]
        notes.append(f"{place} is left out: names on PyPI are those of everybody")
    found["name"] = manifest.name
    wanted = {name for each in platforms for name in (each.name, each.subdir)}
    found["platforms"] = [
        each for each in found.get("platforms", []) if _platform_name(each) in wanted
    ]
    return found


def _platform_name(entry: object) -> object:
    if isinstance(entry, Mapping):
        return entry.get("name", entry.get("platform"))
    return entry


def _feature(tables: Mapping[str, Any], name: str) -> dict[str, Any]:
    table = tables.get("feature", {}).get(name, {})
    return {key: table[key] for key in _FEATURE if key in table}


def _environment(
    tables: Mapping[str, Any], definition: EnvironmentDefinition, features: list[str]
) -> dict[str, Any]:
    """Give what `[environments]` says of it; what is the rule is not said."""
    written = tables.get("environments", {}).get(definition.name, {})
    table = written if isinstance(written, Mapping) else {}
    found: dict[str, Any] = {key: table[key] for key in _FEATURE if key in table}
    if features:
        found["features"] = features
    # without the default feature its tables are not there either, so that what is
    # added later belongs to the environment
    return found


def _without_other_environments(
    tables: dict[str, Any], environment: str, notes: list[str]
) -> dict[str, Any]:
    """Leave out tasks that are for other environments."""
    found = dict(tables)
    for key, value in tables.items():
        if key == "tasks":
            found[key] = dict(_tasks(value, environment, notes))
        elif key in ("feature", "target", "environments"):
            found[key] = {
                name: _without_other_environments(table, environment, notes)
                for name, table in value.items()
            }
    return found


def _tasks(
    tasks: Mapping[str, Any], environment: str, notes: list[str]
) -> Iterator[tuple[str, Any]]:
    for name, task in tasks.items():
        others = {each for each in _environments_of(task) if each != environment}
        if others:
            notes.append(
                f"task {name} is left out, it runs in {', '.join(sorted(others))}"
            )
            continue
        yield name, _unbound(task)


def _environments_of(task: object) -> Iterator[str]:
    if isinstance(task, Mapping):
        for key, value in task.items():
            if key in ("environment", "default-environment") and isinstance(value, str):
                yield value
            elif key in ("depends-on", "depends_on"):
                yield from _environments_of(value)
    elif isinstance(task, list):
        for each in task:
            yield from _environments_of(each)


def _unbound(task: object) -> Any:  # noqa: ANN401  any form of a task
    if isinstance(task, Mapping):
        return {
            key: _unbound(value) if key in ("depends-on", "depends_on") else value
            for key, value in task.items()
            if key not in ("environment", "default-environment")
        }
    return [_unbound(each) for each in task] if isinstance(task, list) else task
