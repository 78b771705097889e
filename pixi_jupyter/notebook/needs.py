"""What of a manifest's tables only one folder, or one person, can use."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pixi_jupyter.redaction import redacted

_PATH = re.compile(r"^(?:\.{1,2}(?:[/\\]|$)|~|/|\\|[A-Za-z]:[\\/])")
_DEPENDENCIES = (
    "dependencies",
    "host-dependencies",
    "build-dependencies",
    "constraints",
    "pypi-dependencies",
    "dev",
)


def folder_needs(tables: Mapping[str, Any]) -> list[str]:
    """Say what the tables of one environment need of the folder they are in."""
    workspace = tables.get("workspace", {})
    found = [*_of_channels(workspace), *_of_options(workspace)]
    found += _of_names(workspace.get("dependencies", {}))
    found += _of_feature(tables)
    for table in ("feature", "environments"):
        for each in tables.get(table, {}).values():
            found += _of_feature(each)
    return list(dict.fromkeys(found))


def local_channels(tables: Mapping[str, Any]) -> list[str]:
    """Say which channels only those can use who have the same folder."""
    named = tables.get("feature", {}).values()
    found = []
    for table in (tables.get("workspace", {}), tables, *named):
        for entry in table.get("channels", ()):
            name = entry.get("channel") if isinstance(entry, Mapping) else entry
            if str(name).startswith("file:"):
                found.append(
                    f"{name} is a folder of this computer; on others it is refused"
                )
    return found


def local_map(table: object) -> str:
    """Give the file of a map of names, where it is one of this computer's."""
    for value in table.values() if isinstance(table, Mapping) else ():
        place = value.get("location") if isinstance(value, Mapping) else value
        if isinstance(place, str) and "://" not in place:
            return place
    return ""


def secret_needs(value: object) -> list[str]:
    """Say which URLs have a secret in them; without the secret."""
    if isinstance(value, Mapping):
        return [each for item in value.values() for each in secret_needs(item)]
    if isinstance(value, list):
        return [each for item in value for each in secret_needs(item)]
    if isinstance(value, str) and "://" in value and redacted(value) != value:
        return [f"a secret is written in {redacted(value)}"]
    return []


def _of_feature(table: Mapping[str, Any]) -> Iterator[str]:
    yield from _of_channels(table)
    yield from _of_options(table)
    for target in (table, *table.get("target", {}).values()):
        for script in target.get("activation", {}).get("scripts", ()):
            yield f"{script} is run when it is activated"
        for key in _DEPENDENCIES:
            yield from _of_names(target.get(key, {}))


def _of_names(dependencies: Mapping[str, Any]) -> Iterator[str]:
    for name, value in dependencies.items():
        if not isinstance(value, Mapping):
            continue
        if "path" in value:
            yield f"{name} is in {value['path']}"
        url, channel = str(value.get("url", "")), str(value.get("channel", ""))
        git = str(value.get("git", ""))
        for place in (url, channel, git):
            if _PATH.match(place):
                yield f"{name} is in {place}"


def _of_channels(table: Mapping[str, Any]) -> Iterator[str]:
    for entry in table.get("channels", ()):
        name = entry.get("channel") if isinstance(entry, Mapping) else entry
        if _PATH.match(str(name)):
            yield f"channel {name} is a folder"


def _of_options(table: Mapping[str, Any]) -> Iterator[str]:
    options = table.get("pypi-options", {})
    for entry in options.get("find-links", ()):
        if isinstance(entry, Mapping) and "path" in entry:
            yield f"PyPI packages are looked for in {entry['path']}"
    for key in ("index-url", "extra-index-urls"):
        value = options.get(key, ())
        for url in [value] if isinstance(value, str) else value:
            if _PATH.match(url):
                yield f"index {url} is a folder"
