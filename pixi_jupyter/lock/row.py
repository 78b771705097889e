"""Whether the packages of one environment on one platform are what is asked for.

The walk from the requirements through the records: pixi 0.77.0 (read 2026-11).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import field
from typing import TYPE_CHECKING, cast

from pixi_jupyter.errors import InvalidSpecError
from pixi_jupyter.lock.conditions import holds
from pixi_jupyter.lock.disagreement import Finding, PypiFound
from pixi_jupyter.lock.matching import matches, name_of, spec_of
from pixi_jupyter.lock.sources import source_reason
from pixi_jupyter.manifest.sources import needs_build
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from pixi_jupyter.adapters.rattler import MatchSpec, RepoDataRecord
    from pixi_jupyter.lock.models import LockedPackage
    from pixi_jupyter.lock.pypi_asked import PypiRow
    from pixi_jupyter.manifest.compose import Requirement
    from pixi_jupyter.platforms import VirtualPackage

_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What is asked for, and what is locked, on one platform."""

    platform: str
    manifest: str
    """Name of the file, for messages."""
    requirements: tuple[Requirement, ...]
    constraints: tuple[Requirement, ...]
    pypi: PypiRow
    virtual_packages: tuple[VirtualPackage, ...]
    records: tuple[RepoDataRecord, ...]
    sources: tuple[LockedPackage, ...]
    """Conda packages that are built from source."""
    root: Path
    asks_backends: bool = False
    """Whether more is asked for than can be known without building."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found in a row."""

    findings: list[Finding]
    """Most important first."""
    by_conda: frozenset[str] = frozenset()
    """Names of the conda packages that conda packages or the manifest ask for."""
    by_pypi: frozenset[str] = frozenset()
    """Names of those that fulfil a requirement on PyPI."""


def check_row(row: Row) -> Checked:
    """Compare what is asked for with what is locked."""
    found = [*_duplicates(row), *_constraints(row)]
    walk = _Walk(row)
    found += walk.requirements()
    by_conda = frozenset(walk.reached)
    pypi = _check_pypi(row.pypi)
    found += walk.below(pypi.conda)
    found += pypi.findings
    # what nobody reaches may be reached again once the rest is right
    return Checked(
        findings=found or [*walk.unused(), *_unused_pypi(pypi.unused)],
        by_conda=by_conda,
        by_pypi=pypi.conda,
    )


def _check_pypi(row: PypiRow) -> PypiFound:
    if not row.wanted and not row.packages:
        return PypiFound()
    from pixi_jupyter.lock.pypi import check_pypi  # a third of this room

    return check_pypi(row)


def _unused_pypi(names: tuple[str, ...]) -> Iterator[Finding]:
    if names:
        text = f"{_some(list(names))} of PyPI {_are(names)} locked, nothing asks for it"
        yield Finding("pypi-unused", text, scope="pypi")


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
    """The walk through the records."""

    row: Row
    records: dict[str, RepoDataRecord] = field(init=False)
    sources: dict[str, LockedPackage] = field(init=False)
    built: set[str] = field(init=False, default_factory=set)
    """Names that are asked for as sources."""
    reached: set[str] = field(init=False, default_factory=set)
    seen: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        row = self.row
        self.records = {record.name.normalized: record for record in row.records}
        self.sources = {package.name: package for package in row.sources}
        for package in row.sources:
            # what a source needs may be built with it; the lock does not say it
            depends = cast("list[str]", package.fields.get("depends") or [])
            self.built |= {_spec_name(depend) for depend in depends}

    def requirements(self) -> list[Finding]:
        """Walk from what the manifest asks for."""
        found: list[Finding] = []
        pending: list[tuple[str, str]] = []
        for requirement in self.row.requirements:
            if requirement.spec.source is not None:
                text = self._source(requirement, requirement.spec.source)
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

    def _source(self, requirement: Requirement, wanted: Mapping[str, object]) -> str:
        name = requirement.name
        if needs_build(wanted):
            self.built.add(name)
        return source_reason(
            name,
            wanted,
            self.sources.get(name) or self.records.get(name),
            root=self.row.root,
            manifest=self.row.manifest,
        )

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
        return holds(condition, self._is_there)

    def _is_there(self, text: str) -> bool:
        spec = spec_of(text)
        return self._is_met(spec, name_of(text))

    def below(self, names: frozenset[str]) -> list[Finding]:
        """Go into packages that something else than conda asks for."""
        pending = [each for name in sorted(names) for each in self._enter_name(name)]
        return self._dependencies(pending)

    def unused(self) -> list[Finding]:
        """List what is locked and was not reached."""
        found = []
        for name in sorted(self.sources.keys() & self.reached - self.built):
            text = f"{name} is locked as a source, nothing asks for a build of it"
            found.append(Finding("source", text))
        names = sorted((self.records.keys() | self.sources.keys()) - self.reached)
        if names and not self.row.asks_backends:
            text = f"{_some(names)} {_are(names)} locked, nothing asks for it"
            found.append(Finding("unused", text))
        return found


def _spec_name(text: str) -> str:
    found = re.match(r"[^\s\[<>=!~]+", text)
    return found[0].lower() if found else ""


def _short(text: str) -> str:
    return re.sub(r'\[when="[^"]*"\]', "", text).removesuffix(" *")


def _some(names: list[str]) -> str:
    rest = len(names) - _SHOWN
    shown = ", ".join(names[:_SHOWN])
    return f"{shown} and {rest} more" if rest > 0 else shown


def _are(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"
