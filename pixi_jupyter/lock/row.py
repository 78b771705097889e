"""Whether the packages of one environment on one platform are what is asked for.

The walk from the requirements through the records: pixi 0.77.0 (read 2026-11).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from pixi_jupyter.errors import InvalidSpecError
from pixi_jupyter.lock.disagreement import Finding
from pixi_jupyter.lock.matching import (
    matches,
    name_of,
    pypi_name,
    pypi_names,
    spec_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pixi_jupyter.adapters.rattler import MatchSpec, RepoDataRecord
    from pixi_jupyter.lock.models import LockedPackage
    from pixi_jupyter.manifest.compose import Requirement
    from pixi_jupyter.platforms import VirtualPackage

_SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class Row:
    """What is asked for, and what is locked, on one platform."""

    platform: str
    manifest: str
    """Name of the file, for messages."""
    requirements: tuple[Requirement, ...]
    constraints: tuple[Requirement, ...]
    pypi: tuple[str, ...]
    """Normalised names of PyPI packages."""
    virtual_packages: tuple[VirtualPackage, ...]
    records: tuple[RepoDataRecord, ...]
    others: tuple[LockedPackage, ...]
    """PyPI packages, and conda packages that are built from source."""


def check_row(row: Row) -> list[Finding]:
    """List what does not fit, most important first."""
    found = [*_duplicates(row), *_constraints(row)]
    walk = _Walk(row)
    found += walk.requirements()
    found += walk.pypi()
    # what nobody reaches may be reached again once the rest is right
    return found or walk.unused()


def _duplicates(row: Row) -> Iterator[Finding]:
    names = Counter(record.name.normalized for record in row.records)
    for name, count in names.items():
        if count > 1:
            yield Finding("duplicate", f"{name} is in the lock {count} times")


def _constraints(row: Row) -> Iterator[Finding]:
    records = {record.name.normalized: record for record in row.records}
    for constraint in row.constraints:
        record = records.get(constraint.name)
        spec = spec_of(constraint.match_spec)
        if record is not None and not matches(spec, record):
            text = (
                f"{constraint.name} {record.version} is locked,"
                f" {row.manifest} allows {_asked(constraint)}"
            )
            yield Finding("constraint", text, constraint.spec.keys)


def _asked(requirement: Requirement) -> str:
    """Give what stands behind the name, such as ``>=2.3``."""
    text = requirement.match_spec
    rest = text[len(requirement.name) :].strip()
    return rest if rest and not rest.startswith("[") else text


@dataclass
class _Walk:
    row: Row
    records: dict[str, RepoDataRecord] = field(init=False)
    sources: dict[str, LockedPackage] = field(init=False)
    purls: dict[str, str] = field(init=False)
    """Conda names by the PyPI name that they provide."""
    reached: set[str] = field(init=False, default_factory=set)
    seen: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        row = self.row
        self.records = {record.name.normalized: record for record in row.records}
        self.sources = {p.name: p for p in row.others if p.kind == "conda_source"}
        self.purls = {}
        if row.pypi:
            for record in row.records:
                for name in pypi_names(record):
                    self.purls[name] = record.name.normalized

    def requirements(self) -> list[Finding]:
        """Walk from what the manifest asks for."""
        found: list[Finding] = []
        pending: list[tuple[str, str]] = []
        for requirement in self.row.requirements:
            if requirement.spec.source is not None:
                text = self._source(requirement)
            else:
                text = self._wanted(requirement)
                pending += self._enter(spec_of(requirement.match_spec))
            if text:
                found.append(Finding("requirement", text, requirement.spec.keys))
            pending += self._enter_name(requirement.name)
        return found + self._dependencies(pending)

    def _wanted(self, requirement: Requirement) -> str:
        name, text = requirement.name, requirement.match_spec
        spec = spec_of(text)
        if self._holds(spec.condition) is not True or name in self.sources:
            return ""
        if name.startswith("__"):
            return "" if self._is_virtual(spec) else self._lack_of(text, name)
        record = self.records.get(name)
        if record is None:
            return f"{_short(text)} is not in the lock"
        if matches(spec, record):
            return ""
        return (
            f"{name} {record.version} is locked,"
            f" {self.row.manifest} asks for {_asked(requirement)}"
        )

    def _source(self, requirement: Requirement) -> str:
        if requirement.name in self.sources:
            return ""
        if requirement.name in self.records:
            return (
                f"{requirement.name} is to be built from source, the lock has a build"
            )
        return f"{requirement.name} is not in the lock"

    def _dependencies(self, pending: list[tuple[str, str]]) -> list[Finding]:
        found: list[Finding] = []
        while pending:
            text, parent = pending.pop()
            if text in self.seen:
                continue
            self.seen.add(text)
            try:
                spec, name = spec_of(text), name_of(text)
                holds = self._holds(spec.condition)
            except InvalidSpecError:
                # old channels have dependencies that no solver can read
                continue
            if holds is True and not self._is_met(spec, name):
                found.append(Finding("dependency", self._unmet(text, name, parent)))
            pending += self._enter(spec)
            pending += self._enter_name(name)
        return found

    def _is_met(self, spec: MatchSpec, name: str) -> bool:
        record = self.records.get(name)
        if record is not None:
            return matches(spec, record)
        return name in self.sources or self._is_virtual(spec)

    def _unmet(self, text: str, name: str, parent: str) -> str:
        if name.startswith("__"):
            return f"{parent} needs {self._lack_of(text, name)}"
        record = self.records.get(name)
        has = f"the lock has {record.version}" if record else "which is not in the lock"
        return f"{parent} needs {_short(text)}, {has}"

    def _lack_of(self, text: str, name: str) -> str:
        have = next((p for p in self.row.virtual_packages if p.name == name), None)
        return f"{_short(text)}, {self.row.platform} has {have.version if have else 'none'}"

    def _is_virtual(self, spec: MatchSpec) -> bool:
        from pixi_jupyter.adapters.rattler import virtual_package_matches

        return any(
            virtual_package_matches(spec, package)
            for package in self.row.virtual_packages
        )

    def _enter_name(self, name: str) -> list[tuple[str, str]]:
        """Go into a package; give what it depends on and who says so."""
        if name in self.reached:
            return []
        if (record := self.records.get(name)) is not None:
            self.reached.add(name)
            parent = f"{name} {record.version}"
            return [(depend, parent) for depend in record.depends]
        if (source := self.sources.get(name)) is not None:
            self.reached.add(name)
            depends = cast("list[str]", source.fields.get("depends") or [])
            return [(depend, name) for depend in depends]
        return []

    def _enter(self, spec: MatchSpec) -> list[tuple[str, str]]:
        """Go into the extras that a spec asks for."""
        if not spec.extras:
            return []
        name = spec.name.normalized
        record = self.records.get(name)
        tables = record.extra_depends if record else {}
        return [
            (depend, f"{name}[{extra}]")
            for extra in spec.extras
            for depend in tables.get(extra, [])
        ]

    def _holds(self, condition: str | None) -> bool | None:
        """Judge a condition; None where it has parentheses, which are not read."""
        if not condition:
            return True
        if "(" in condition:
            return None
        return any(
            all(self._is_there(part) for part in re.split(r"\s+and\s+", alternative))
            for alternative in re.split(r"\s+or\s+", condition)
        )

    def _is_there(self, text: str) -> bool:
        spec = spec_of(text)
        return self._is_met(spec, name_of(text))

    def pypi(self) -> list[Finding]:
        """Look for the names of PyPI packages, and for python below them."""
        packages = {p.name: p for p in self.row.others if p.kind == "pypi"}
        if not self.row.pypi:
            names = sorted(packages)
            if not names:
                return []
            text = f"{_some(names)} of PyPI {_are(names)} locked, nothing asks for it"
            return [Finding("pypi", text)]
        found: list[Finding] = []
        if "python" not in self.records:
            text = "PyPI packages need python, which is not in the lock"
            found.append(Finding("pypi", text))
        for name in self.row.pypi:
            if name not in packages and name not in self.purls:
                keys = ("pypi-dependencies", name)
                text = f"{name} of PyPI is not in the lock"
                found.append(Finding("pypi", text, keys))
        self._reach_below_pypi(packages)
        return found

    def _reach_below_pypi(self, packages: Mapping[str, LockedPackage]) -> None:
        pending = [name for name in self.row.pypi if name in self.purls]
        for package in packages.values():
            texts = cast("list[str]", package.fields.get("requires_dist") or [])
            found = [re.match(r"[\w.-]+", text) for text in texts]
            pending += [pypi_name(each[0]) for each in found if each]
        names = {self.purls[name] for name in pending if name in self.purls}
        for name in sorted(names):
            self._dependencies(self._enter_name(name))

    def unused(self) -> list[Finding]:
        """List what is locked and was not reached."""
        names = sorted(self.records.keys() - self.reached)
        if not names:
            return []
        text = f"{_some(names)} {_are(names)} locked, nothing asks for it"
        return [Finding("unused", text)]


def _short(text: str) -> str:
    return re.sub(r'\[when="[^"]*"\]', "", text).removesuffix(" *")


def _some(names: list[str]) -> str:
    rest = len(names) - _SHOWN
    shown = ", ".join(names[:_SHOWN])
    return f"{shown} and {rest} more" if rest > 0 else shown


def _are(names: list[str]) -> str:
    return "is" if len(names) == 1 else "are"
