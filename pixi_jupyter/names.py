"""Which projects of PyPI a conda package brings along.

The order: what the workspace's own `conda-pypi-map` says; the purls that the record
has; a small table of packages that are called otherwise on PyPI (see
``data/NOTICE.txt``); and the same name, if the record depends on python. pixi 0.77.0
has larger maps from the network in the place of the table (read 2026-11).
"""

from __future__ import annotations

import json
import re
from dataclasses import field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_TABLE = Path(__file__).parent / "data" / "conda_pypi_names.json"
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?")
_PURL = re.compile(r"pkg:pypi/([^@?#]+)(?:@([^?#]+))?")
_NEVER = re.compile(r"_|(?:lib|r|perl|ruby|rust|go|nodejs|font-ttf)-|python(?:_abi)?$")
"""Names that are no project though something of them may depend on python."""


@dataclass(frozen=True, slots=True)
class Project:
    """A project of PyPI that a conda package stands for."""

    name: str
    """Normalised."""
    version: str
    """As PyPI compares versions."""
    conda_name: str
    channel: str = ""
    """URL of the channel that the package is from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelNames:
    """What a workspace says of the packages of one channel."""

    mapping: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Projects by conda name; none where the package is no project."""
    replaces: bool = False
    """Whether packages that are not in `mapping` are no projects."""
    same_name: bool | None = None
    """Whether a package may be guessed by its name; None: if it looks like it."""


Names = dict[str, ChannelNames]
"""By the URL of the channel, with a trailing slash."""


def normalised(name: str) -> str:
    """Give the form in which PyPI names are compared (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def purls(record: Mapping[str, Any], names: Mapping[str, ChannelNames]) -> list[str]:
    """Give the purls of a record, as a lock has them.

    Parameters
    ----------
    record
        In the form of repodata, with url and channel.
    names
        What the workspace says.

    Returns
    -------
    list of str
        Empty where the package is known, or believed, to be no project.
    """
    others = [x for x in record.get("purls") or () if not x.startswith("pkg:pypi/")]
    return [*(_purl(*each) for each in _found(record, names)), *others]


def _purl(name: str, version: str, source: str) -> str:
    at = f"@{version}" if version else ""
    return f"pkg:pypi/{name}{at}" + (f"?source={source}" if source else "")


def projects(
    records: Iterable[Mapping[str, Any]], names: Mapping[str, ChannelNames]
) -> dict[str, Project]:
    """Tell what conda packages bring along, by the name on PyPI.

    Parameters
    ----------
    records
        In the form of repodata.
    names
        What the workspace says.

    Notes
    -----
    A version that PyPI could not compare is left out. Where several packages bring
    one project (``matplotlib``, ``matplotlib-base``), the one of its name counts.
    """
    found: dict[str, Project] = {}
    for record in records:
        conda, channel = str(record["name"]).lower(), str(record.get("channel") or "")
        for name, told, _ in _found(record, names):
            version = _comparable(told or str(record["version"]))
            known = found.get(name)
            if version and (known is None or normalised(conda) == name):
                found[name] = Project(name, version, conda, channel)
    return found


def _comparable(version: str) -> str:
    from packaging.version import InvalidVersion, Version

    try:
        return str(Version(version))
    except InvalidVersion:
        return ""


def _found(
    record: Mapping[str, Any], names: Mapping[str, ChannelNames]
) -> Iterator[tuple[str, str, str]]:
    """Give name, version and source of each project."""
    conda = str(record["name"]).lower()
    channel = names.get(str(record.get("channel") or "").rstrip("/") + "/")
    if channel is not None:
        told = channel.mapping.get(conda, () if channel.replaces else None)
        if told is not None:
            yield from ((normalised(x), "", "project-defined-mapping") for x in told)
            return
    if record.get("purls") is not None:
        for purl in record["purls"]:
            if match := _PURL.match(purl):
                source = re.search(r"[?&]source=([\w-]+)", purl)
                name, version = normalised(match[1]), match[2] or ""
                yield name, version, source[1] if source else ""
        return
    if (known := _table().get(conda)) is not None:
        yield from ((name, "", "compressed-mapping") for name in known)
    elif _looks_like_a_project(conda, record, channel):
        yield normalised(conda), "", ""


def _looks_like_a_project(
    conda: str, record: Mapping[str, Any], channel: ChannelNames | None
) -> bool:
    if channel is not None and channel.same_name is not None:
        return channel.same_name
    if not _NAME.fullmatch(conda) or _NEVER.match(conda):
        return False
    depends: Sequence[str] = record.get("depends") or ()
    return any(re.match(r"python(?:\s|$|[=<>!~\[])", each) for each in depends)


@lru_cache(maxsize=1)
def _table() -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads(_TABLE.read_bytes())
    return found


def read_names(
    table: object, channel_urls: Mapping[str, str], texts: Mapping[str, str]
) -> Names:
    """Read a workspace's `conda-pypi-map`.

    Parameters
    ----------
    table
        As the manifest has it; False for no guesses, and no maps, at all.
    channel_urls
        URLs of the channels that it names, by their names.
    texts
        Content (JSON) of the files and URLs that it names.

    Raises
    ------
    ValueError
        If one of them is no mapping.
    """
    if table is False:
        nothing = ChannelNames(replaces=True, same_name=False)
        return {f"{url.rstrip('/')}/": nothing for url in channel_urls.values()}
    found: Names = {}
    for channel, value in (table if isinstance(table, dict) else {}).items():
        url = channel_urls.get(channel, channel).rstrip("/") + "/"
        found[url] = _channel_names(value, texts)
    return found


def locations(table: object) -> tuple[str, ...]:
    """List the files and URLs that a `conda-pypi-map` names, as written."""
    values = table.values() if isinstance(table, dict) else ()
    given = [x.get("location") if isinstance(x, dict) else x for x in values]
    return tuple(x for x in given if isinstance(x, str))


def _channel_names(value: object, texts: Mapping[str, str]) -> ChannelNames:
    if value is False:
        return ChannelNames(replaces=True, same_name=False)
    table: dict[str, Any] = (
        value if isinstance(value, dict) else {"location": value, "mapping": {}}
    )
    mapping: dict[str, Any] = {}
    if location := table.get("location"):
        loaded: object = json.loads(texts[location])
        if not isinstance(loaded, dict):
            msg = f"{location} is no table of names"
            raise ValueError(msg)
        mapping |= loaded
    mapping |= table.get("mapping") or {}
    return ChannelNames(
        mapping={conda.lower(): _several(told) for conda, told in mapping.items()},
        replaces=table.get("mapping-mode") == "replace",
        same_name=table.get("same-name-heuristic"),
    )


def _several(told: object) -> tuple[str, ...]:
    if isinstance(told, str):
        return (told,)
    return tuple(map(str, told)) if isinstance(told, list) else ()
