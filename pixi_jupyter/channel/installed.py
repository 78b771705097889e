"""Which distributions are installed beside an interpreter, and what they need.

Formats: recording installed projects, core metadata, direct URL data structure
and entry points (PyPA specifications, read 2026-11).
"""

from __future__ import annotations

import csv
import importlib.metadata
import json
import os
import re
import sys
from email.parser import Parser
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_SITES = ("site-packages", "dist-packages")


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One requirement of a distribution that counts on this machine or another."""

    requirement: Requirement
    applies: bool
    """Whether its marker is true on this machine."""


class Installed:
    """One installed distribution, read when asked.

    Parameters
    ----------
    folder
        Its ``.dist-info`` folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.site = folder.parent
        stem = folder.name.rpartition(".")[0]
        self.name = canonicalize_name(stem.partition("-")[0])
        self.distribution = importlib.metadata.Distribution.at(folder)

    @cached_property
    def version(self) -> Version:
        """Its version; 0 where it has none that PEP 440 knows, which is a fault."""
        try:
            return Version(self.field("Version"))
        except InvalidVersion:
            return Version("0")

    @cached_property
    def requirements(self) -> tuple[Requirement, ...]:
        """All requirements, those of extras and other platforms too."""
        read = map(_requirement, self._metadata.get_all("Requires-Dist") or ())
        return tuple(requirement for requirement in read if requirement)

    @cached_property
    def wheel_tags(self) -> tuple[str, ...]:
        """Tags of the wheel it was installed from; empty where unknown."""
        text = self.distribution.read_text("WHEEL") or ""
        return tuple(Parser().parsestr(text).get_all("Tag") or ())

    @cached_property
    def scripts(self) -> Mapping[str, str]:
        """Commands that are made at install: ``module:function`` by name."""
        return {
            entry.name: entry.value.partition("[")[0].strip()
            for entry in self.distribution.entry_points
            if entry.group in ("console_scripts", "gui_scripts") and ":" in entry.value
        }

    def field(self, name: str) -> str:
        """Give one field of its metadata; empty where there is none."""
        values = self._metadata.get_all(name)
        return str(values[0]) if values else ""

    @cached_property
    def _metadata(self) -> importlib.metadata.PackageMetadata:
        return self.distribution.metadata  # is parsed at each access

    @cached_property
    def fault(self) -> str:
        """Why no package can be made of it; empty if one can."""
        if not (self.folder / "RECORD").is_file():
            return "it has no list of its files (RECORD)"
        if self.is_editable:
            return "it is an editable install, whose files lie elsewhere"
        if self.version == Version("0"):
            return f"{self.field('Version') or 'nothing'} is no version"
        own = f"{self.folder}{os.sep}"
        payload = [Path(file) for file in self.files if not file.startswith(own)]
        if payload and not any(file.is_file() for file in payload):
            return f"none of its files is in {self.site}"
        return ""

    @cached_property
    def is_editable(self) -> bool:
        """Whether it only points to a folder where somebody works on it."""
        try:
            origin = json.loads(self.distribution.read_text("direct_url.json") or "{}")
        except ValueError:
            origin = {}
        return bool(origin.get("dir_info", {}).get("editable")) or any(
            f"{os.sep}__editable__" in file for file in self.files
        )

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The files that RECORD names, as absolute paths, without ``.pyc``.

        Whether they are there is another question.
        """
        text = (self.folder / "RECORD").read_text(encoding="utf-8")
        site = str(self.site)
        return tuple(
            # the path in RECORD may be absolute, which join leaves alone
            os.path.normpath(os.path.join(site, row[0]))  # noqa: PTH118  thousands of them, and pathlib takes ten times as long
            for row in csv.reader(text.splitlines())
            if row and row[0] and not row[0].endswith(".pyc")
        )

    def needs(self, extra: str = "") -> Iterator[Need]:
        """List the requirements of the distribution itself, or of one extra.

        Those whose marker is false on this machine are listed too, since they may
        be true on another. Those of other extras are not.
        """
        for requirement in self.requirements:
            marker = requirement.marker
            text = str(marker or "")
            named = re.search(r"\bextra\b", text)
            if not extra and not named:
                yield Need(
                    requirement=requirement,
                    applies=marker is None or marker.evaluate({"extra": ""}),
                )
            elif extra and named and marker is not None and _names(text, extra):
                yield Need(
                    requirement=requirement, applies=marker.evaluate({"extra": extra})
                )


def _requirement(text: str) -> Requirement | None:
    try:
        return Requirement(text)
    except InvalidRequirement:
        return None  # as old setuptools wrote them; pip leaves them out, too


def _names(marker: str, extra: str) -> bool:
    quoted = re.findall(r"extra\s*==\s*[\"']([^\"']+)[\"']", marker)
    return extra in [canonicalize_name(each) for each in quoted]


Catalogue = dict[str, Installed]
"""Distributions by normalized name."""


def catalogue(path: Sequence[str] | None = None) -> Catalogue:
    """List what is installed beside the running interpreter.

    Parameters
    ----------
    path
        Folders to look in; None for the site folders of ``sys.path``, the first
        of which wins, as at import.
    """
    if path is None:
        path = [each for each in sys.path if Path(each).name in _SITES]
    found: Catalogue = {}
    for site in map(Path, path):
        folders = [*site.glob("*.dist-info"), *site.glob("*.egg-info")]
        for folder in sorted(folders):
            # what pip could not remove it leaves behind as ~name
            if not folder.name.startswith("~"):
                each = Installed(folder)
                found.setdefault(each.name, each)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something worth knowing about one distribution."""

    name: str
    reason: str


def closure(
    names: Iterable[Requirement], known: Catalogue
) -> tuple[list[Installed], list[Remark]]:
    """Follow requirements from distribution to distribution.

    Parameters
    ----------
    names
        Where to begin, with the extras that are wanted; all of them known.

    Returns
    -------
    tuple
        The distributions, sorted by name; and what is needed but not there, or
        not there in the version that is asked for.
    """
    roots = list(names)
    waiting = [(canonicalize_name(each.name), "") for each in roots]
    waiting += [
        (canonicalize_name(each.name), canonicalize_name(extra))
        for each in roots
        for extra in each.extras
    ]
    done: set[tuple[str, str]] = set()
    remarks: dict[tuple[str, str], Remark] = {}
    while waiting:
        step = waiting.pop()
        if step in done:
            continue
        done.add(step)
        for requirement in _applying(known[step[0]], step[1]):
            name = canonicalize_name(requirement.name)
            if reason := _contradiction(requirement, step[0], known.get(name)):
                remarks[name, reason] = Remark(name=name, reason=reason)
            if name in known:
                waiting.append((name, ""))
                waiting += [(name, canonicalize_name(x)) for x in requirement.extras]
    reached = sorted({name for name, _ in done})
    return [known[name] for name in reached], list(remarks.values())


def _applying(installed: Installed, extra: str) -> list[Requirement]:
    return [need.requirement for need in installed.needs(extra) if need.applies]


def _contradiction(
    requirement: Requirement, asker: str, found: Installed | None
) -> str:
    if found is None:
        return f"{asker} needs it, and it is not installed"
    if found.fault or requirement.specifier.contains(found.version, prereleases=True):
        return ""
    return f"{asker} needs {requirement.specifier}, and {found.version} is installed"
