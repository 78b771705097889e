"""The walk through the PyPI packages of one environment on one platform.

Rules: pixi 0.77.0, lock satisfiability (read 2026-11). A requirement on what a conda
package brings is the conda package's to fulfil.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from pixi_jupyter.lock import places
from pixi_jupyter.lock.disagreement import Finding, PypiFound
from pixi_jupyter.lock.pypi_asked import is_meant, requirement_of, version_text
from pixi_jupyter.lock.pypi_fit import Ask, conda_misfit, misfit
from pixi_jupyter.lock.pypi_local import changed
from pixi_jupyter.names import normalised, projects

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from pixi_jupyter.lock.models import LockedPackage
    from pixi_jupyter.lock.pypi_asked import PypiRow, Wanted
    from pixi_jupyter.names import Project


def check_pypi(row: PypiRow) -> PypiFound:
    """Compare what is asked of PyPI with what is locked."""
    names = sorted(package.name for package in row.packages)
    if not row.wanted:
        return PypiFound(unused=tuple(names))
    mappings = _mappings(row)
    if not names and mappings and all(each.get("purls") is None for each in mappings):
        text = "the lock does not say which conda packages are packages of PyPI"
        return PypiFound(findings=(Finding("purls", text, row.wanted[0].keys),))
    python = next((r for r in row.records if r.name.normalized == "python"), None)
    if python is None:
        text = "PyPI packages need python, which is not in the lock"
        finding = Finding("pypi-python", text, row.wanted[0].keys)
        return PypiFound(findings=(finding,), unused=())
    walk = _Walk(
        row, str(python.version), projects(mappings, row.names), _told(mappings)
    )
    return walk.all()


def _mappings(row: PypiRow) -> list[dict[str, Any]]:
    from pixi_jupyter.adapters.rattler import record_mapping

    return [record_mapping(record) for record in row.records]


def _told(mappings: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """Name the conda packages that say themselves what they are on PyPI."""
    return frozenset(str(each["name"]) for each in mappings if each.get("purls"))


@dataclass
class _Walk:
    """The walk through the packages."""

    row: PypiRow
    python: str
    provided: Mapping[str, Project]
    told: frozenset[str]
    markers: Mapping[str, str] = field(init=False)
    packages: dict[str, LockedPackage] = field(init=False, default_factory=dict)
    findings: list[Finding] = field(init=False, default_factory=list)
    conda: set[str] = field(init=False, default_factory=set)
    reached: set[str] = field(init=False, default_factory=set)
    seen: set[tuple[str, str]] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self.markers = self.row.markers(self.python)
        for package in self.row.packages:
            name = normalised(package.name)
            if name in self.packages:
                text = f"{name} of PyPI is in the lock twice"
                self.findings.append(Finding("duplicate", text))
            self.packages[name] = package

    def all(self) -> PypiFound:
        pending = []
        for wanted in self.row.wanted:
            requirement = requirement_of(wanted.text)
            if requirement is not None and is_meant(requirement, self.markers):
                pending.append(Ask(requirement, wanted, self.row.manifest))
        pending.reverse()
        while pending:
            pending += self._visit(pending.pop())
        return PypiFound(
            findings=tuple(dict.fromkeys(self.findings)),
            conda=frozenset(self.conda),
            unused=tuple(sorted(self.packages.keys() - self.reached)),
        )

    def _visit(self, ask: Ask) -> list[Ask]:
        name = normalised(ask.requirement.name)
        extras = tuple(sorted(map(normalised, ask.requirement.extras)))
        ask = self._overridden(name, ask)
        package, project = self.packages.get(name), self.provided.get(name)
        if project is not None and (package is None or project.conda_name in self.told):
            self.conda.add(project.conda_name)
            self._tell(conda_misfit(ask, project))
            return []
        if package is None:
            self._tell(self._missing(name, ask))
            return []
        self._tell(misfit(ask, package, self.row))
        return self._enter(name, package, extras)

    def _overridden(self, name: str, ask: Ask) -> Ask:
        """Put what `dependency-overrides` says in the place of a requirement."""
        found: Sequence[Wanted] = self.row.overrides.get(name, ())
        requirement = requirement_of(found[0].text) if found else None
        if requirement is None:
            return ask
        return Ask(requirement, found[0], ask.parent)

    def _tell(self, finding: Finding | None) -> None:
        if finding is not None:
            self.findings.append(finding)

    def _missing(self, name: str, ask: Ask) -> Finding:
        text = f"{name} of PyPI is not in the lock"
        if ask.wanted is None:
            version = version_text(ask.requirement)
            shown = name if version == "any version" else f"{name} {version}"
            text = f"{ask.parent} needs {shown} of PyPI, which is not in the lock"
        return Finding("pypi", text, ask.keys, scope="pypi")

    def _enter(
        self, name: str, package: LockedPackage, extras: Sequence[str]
    ) -> list[Ask]:
        """Go into a package; give what it, and some of its extras, need."""
        if name not in self.reached:
            self.reached.add(name)
            self._own(name, package)
        texts = cast("list[str]", package.fields.get("requires_dist") or [])
        parent = f"{name} {package.version}".strip()
        found = []
        for extra in ("", *extras):
            if (name, extra) in self.seen:
                continue
            self.seen.add((name, extra))
            for text in texts:
                requirement = requirement_of(text)
                if requirement is not None and is_meant(
                    requirement, self.markers, [extra]
                ):
                    found.append(Ask(requirement, None, parent))
        return found

    def _own(self, name: str, package: LockedPackage) -> None:
        """Look at what a package says of itself."""
        asked = str(package.fields.get("requires_python") or "")
        if asked and not _is_new_enough(self.python, asked):
            text = f"{name} {package.version} of PyPI needs Python {asked}"
            text += f", the lock has {self.python}"
            self.findings.append(Finding("pypi-python", text, scope="pypi"))
        if places.is_directory(package.location):
            reason = changed(package, self.row.root)
            if reason:
                text = f"{name} ({package.location}) has changed: {reason}"
                self.findings.append(Finding("pypi-metadata", text, scope="pypi"))


def _is_new_enough(python: str, asked: str) -> bool:
    """Compare with the lower bounds only; the upper ones do not count."""
    from packaging.specifiers import InvalidSpecifier, Specifier, SpecifierSet
    from packaging.version import Version

    try:
        bounds = SpecifierSet(asked)
    except InvalidSpecifier:
        return True
    version = Version(python)
    for each in bounds:
        if each.operator in {">=", "~=", "==", "==="}:
            lowest = each.version.removesuffix(".*")
            if version < Version(lowest):
                return False
        elif each.operator == ">" and not Specifier(str(each)).contains(python):
            return False
    return True
