"""Whether a folder still says of itself what a lock remembers of it.

Rules: pixi 0.77.0, metadata of local packages (read 2026-11): what can be read
without building counts, and where it cannot be read the lock is trusted.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pixi_jupyter.adapters.files import read_file
from pixi_jupyter.names import normalised

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pixi_jupyter.lock.models import LockedPackage

_SHOWN = 3


def changed(package: LockedPackage, root: Path) -> str:
    """Tell how the metadata of a folder differ from the lock; empty if they do not.

    Parameters
    ----------
    package
        A PyPI package whose location is a folder.
    root
        What relative locations start from.
    """
    tables = _tables(Path(root, package.location, "pyproject.toml"))
    project = tables.get("project")
    if not isinstance(project, dict):
        return ""
    dynamic = set(map(str, project.get("dynamic") or ()))
    sources = _elsewhere(tables)
    reasons = []
    if not dynamic & {"dependencies", "optional-dependencies"}:
        locked = cast("list[str]", package.fields.get("requires_dist") or [])
        reasons.append(_requirements(_requires(project), locked, sources))
    version, have = str(project.get("version") or ""), package.version
    if have and version and "version" not in dynamic and not _is_same(version, have):
        reasons.append(f"its version is {version}, was {have}")
    if "requires-python" not in dynamic:
        said = str(project.get("requires-python") or "")
        was = str(package.fields.get("requires_python") or "")
        if _specifiers(said) != _specifiers(was):
            reasons.append(f"it needs Python {said or 'any'}, was {was or 'any'}")
    return "; ".join(filter(None, reasons))


def _tables(path: Path) -> Mapping[str, Any]:
    from pixi_jupyter.adapters.toml import TomlError, parse_toml

    try:
        return parse_toml(read_file(path).decode("utf-8-sig")).unwrap()
    except (OSError, UnicodeDecodeError, TomlError):
        return {}


def _elsewhere(tables: Mapping[str, Any]) -> set[str]:
    """Name the requirements whose place uv is told in another table."""
    found: Any = tables
    for key in ("tool", "uv", "sources"):
        found = found.get(key) if isinstance(found, dict) else None
    return {normalised(name) for name in found} if isinstance(found, dict) else set()


def _requires(project: Mapping[str, Any]) -> list[str]:
    found = _texts(project.get("dependencies"))
    groups = project.get("optional-dependencies")
    own = normalised(str(project.get("name") or ""))
    tables = {normalised(k): _texts(v) for k, v in (groups or {}).items()}
    for name in tables:
        found += [_with_extra(x, name) for x in _expanded(name, tables, own, ())]
    return found


def _texts(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []


def _expanded(
    name: str, tables: Mapping[str, list[str]], own: str, above: tuple[str, ...]
) -> list[str]:
    """List what an extra adds, with what the extras add that it refers to."""
    found: list[str] = []
    for text in tables[name]:
        match = re.match(r"\s*([\w.-]+)\s*\[([^\]]*)\]", text)
        if match is None or normalised(match[1]) != own:
            found.append(text)
            continue
        for other in (normalised(x.strip()) for x in match[2].split(",")):
            if other in tables and other not in (*above, name):
                found += _expanded(other, tables, own, (*above, name))
    return found


def _with_extra(text: str, extra: str) -> str:
    bare, _, marker = text.partition(";")
    own = f"extra == '{extra}'"
    both = f"({marker.strip()}) and {own}" if marker.strip() else own
    return f"{bare.strip()} ; {both}"


def _requirements(
    said: Iterable[str], locked: Iterable[str], elsewhere: set[str]
) -> str:
    from pixi_jupyter.adapters.rattler.requirements import canonical_requirements

    now, was = (
        {x for x in row if normalised(_name(x)) not in elsewhere}
        for row in canonical_requirements([list(said), list(locked)])
    )
    added, gone = _names(now - was), _names(was - now)
    words = [f"it also needs {_some(added - gone)}"] if added - gone else []
    words += [f"it no longer needs {_some(gone - added)}"] if gone - added else []
    both = added & gone
    words += [f"it needs {_some(both)} in another way"] if both else []
    return "; ".join(words)


def _name(text: str) -> str:
    found = re.match(r"\s*([\w.-]+)", text)
    return found[1] if found else text


def _names(texts: Iterable[str]) -> set[str]:
    return {normalised(_name(text)) for text in texts}


def _some(names: set[str]) -> str:
    listed, rest = ", ".join(sorted(names)[:_SHOWN]), len(names) - _SHOWN
    return f"{listed} and {rest} more" if rest > 0 else listed


def _is_same(one: str, other: str) -> bool:
    from packaging.version import InvalidVersion, Version

    try:
        return Version(one) == Version(other)
    except InvalidVersion:
        return one == other


def _specifiers(text: str) -> set[str]:
    return {re.sub(r"\s", "", part) for part in text.split(",") if part.strip()}
