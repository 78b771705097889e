"""Where packages are from: what a lock says beside what a manifest asks for.

Forms of locations: rattler_lock; when two places are one: pixi 0.77.0 (read 2026-11).
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

from pixi_jupyter.redaction import without_secrets
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

_ARCHIVES = (".whl", ".zip", ".tar.gz", ".tar.bz2", ".tar.xz", ".tgz", ".tar")
_REFERENCES = ("rev", "tag", "branch")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A state of a git repository."""

    url: str
    """In a form that can be compared."""
    kind: str = ""
    """rev, tag or branch; empty where only the text is known."""
    reference: str = ""
    subdirectory: str = ""
    lfs: bool = False


def locked_repository(location: str) -> Repository | None:
    """Read a location that begins with ``git+``; None for others."""
    if not location.startswith("git+"):
        return None
    bare, _, query = location.partition("#")[0].partition("?")
    said = dict(parse_qsl(query))
    kind = next((key for key in _REFERENCES if key in said), "")
    url, reference = _without_reference(bare)
    return Repository(
        url=_comparable(url),
        kind=kind,
        reference=said.get(kind, reference),
        subdirectory=said.get("subdirectory", ""),
        lfs=said.get("lfs") == "true",
    )


def asked_repository(source: Mapping[str, object]) -> Repository:
    """Read the table of a requirement that has ``git``."""
    kind = next((key for key in _REFERENCES if key in source), "")
    return Repository(
        url=_comparable(str(source["git"])),
        kind=kind,
        reference=str(source[kind]) if kind else "",
        subdirectory=str(source.get("subdirectory") or ""),
        lfs=source.get("lfs") is True,
    )


def _without_reference(url: str) -> tuple[str, str]:
    """Split ``https://host/name@ref`` (PEP 508)."""
    parts = urlsplit(url)
    path, _, reference = parts.path.partition("@")
    return urlunsplit(parts._replace(path=path)), reference


def _comparable(url: str) -> str:
    parts = urlsplit(url.removeprefix("git+"))
    host = (parts.hostname or "") + (f":{parts.port}" if parts.port else "")
    path = parts.path.rstrip("/").removesuffix(".git")
    return f"{parts.scheme}://{host}{path.lower() if host == 'github.com' else path}"


def is_same_repository(
    asked: Repository, locked: Repository, *, knows_references: bool
) -> bool:
    """Tell whether a locked state is the one that is asked for.

    Parameters
    ----------
    knows_references
        Whether the lock would say a reference if there were one.
    """
    if (asked.url, asked.subdirectory) != (locked.url, locked.subdirectory):
        return False
    if not knows_references and not locked.reference:
        return True
    wanted = asked.reference if asked.reference != "HEAD" else ""
    if wanted != locked.reference:
        return False
    return not (asked.kind and locked.kind) or asked.kind == locked.kind


def is_directory(location: str) -> bool:
    """Tell whether a location of a PyPI package is a folder."""
    return "://" not in location and not location.lower().endswith(_ARCHIVES)


def is_path(location: str) -> bool:
    """Tell whether a location is on this computer."""
    return "://" not in location or location.startswith("file://")


def absolute(location: str, root: Path) -> str:
    """Give the one path that a location stands for."""
    if location.startswith("file://"):
        location = unquote(urlsplit(location).path)
    return os.path.realpath(root / Path(location).expanduser())


def asked_path(source: Mapping[str, object], root: Path) -> str:
    """Give the one path that the table of a requirement stands for."""
    inside = str(source.get("subdirectory") or "")
    return os.path.realpath(Path(absolute(str(source["path"]), root), inside))


def is_place(asked: Mapping[str, object], location: str, root: Path) -> bool:
    """Tell whether a conda package was built from the place that is asked for.

    Parameters
    ----------
    asked
        Table of the requirement.
    location
        As the lock has it, without the package's name.
    root
        What relative paths start from.
    """
    if "path" in asked:
        return is_path(location) and absolute(location, root) == asked_path(asked, root)
    if "git" in asked:
        locked = locked_repository(location)
        wanted = asked_repository(asked)
        return locked is not None and is_same_repository(
            wanted, locked, knows_references=True
        )
    return bare_url(location) == bare_url(str(asked["url"]))


def bare_url(location: str) -> str:
    """Give a URL to compare: without credentials and what says how it came here."""
    parts = urlsplit(location.removeprefix("direct+"))
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=host))


def shown(location: str) -> str:
    """Give a location as a person may see it."""
    return without_secrets(re.sub(r"^(?:direct|git)\+", "", location))


def source_shown(source: Mapping[str, object]) -> str:
    """Give the place that a requirement asks for, in a few words."""
    kind = next(key for key in ("git", "path", "url") if key in source)
    more = next((f" {key} {source[key]}" for key in _REFERENCES if key in source), "")
    return shown(str(source[kind])) + more
