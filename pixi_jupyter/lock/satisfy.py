"""Whether a lock says what its manifest asks, decided from the two alone.

The checks, their order and what each costs: pixi 0.77.0, lock satisfiability (read
2026-11). What only a build could tell of a package, nobody is asked: the lock is
trusted there.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from pixi_jupyter.lock.disagreement import Disagreement, Finding, describe
from pixi_jupyter.lock.environment import Solved, check_environment
from pixi_jupyter.lock.groups import needless, unlike
from pixi_jupyter.lock.models import Lock
from pixi_jupyter.lock.platforms import match_platforms
from pixi_jupyter.lock.pypi_asked import PypiRow, PypiRules
from pixi_jupyter.lock.row import Checked, Row, check_row
from pixi_jupyter.names import normalised
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator

    from packaging.tags import Tag

    from pixi_jupyter.adapters.rattler import LockedRecords, RepoDataRecord
    from pixi_jupyter.lock.models import LockedEnvironment, LockedPackage
    from pixi_jupyter.manifest.compose import Composition, Environment, SolveGroup
    from pixi_jupyter.platforms import Platform, VirtualPackage

__all__ = ["Disagreement", "PypiRules", "describe", "disagreements"]


def disagreements(
    lock: Lock | None,
    records: LockedRecords,
    composition: Composition,
    urls: Callable[[str], str],
    *,
    pypi: PypiRules,
    virtual_packages: Callable[[Platform], Iterable[VirtualPackage]] | None = None,
    manifest_text: str | None = None,
) -> tuple[Disagreement, ...]:
    """List all that a lock and a manifest do not agree on; none: it is current.

    Parameters
    ----------
    lock
        None where there is none; every environment is then missing.
    records
        The conda records read from the same file.
    composition
        Of the manifest.
    urls
        Gives the URL of a channel as the manifest names it.
    pypi
        Reads the tables about PyPI.
    virtual_packages
        What each platform is solved with (None: what it declares).
    manifest_text
        To find lines in (None: it is read from disk, and only if needed).

    Notes
    -----
    No network. Reads the manifest's file where there is something to tell, and what
    folders that are installed as PyPI packages say of themselves.
    """
    platforms = composition.platforms
    matched, rows = match_platforms(lock or Lock(), records, platforms)
    check = _Check(
        lock=matched,
        records=rows,
        composition=composition,
        urls=urls,
        pypi=pypi,
        virtual_packages=virtual_packages
        or (lambda platform: platform.virtual_packages),
    )
    found = list(check.all())
    if not found:
        return ()
    from pixi_jupyter.lock.located import placed

    return tuple(placed(found, composition, manifest_text))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Check:
    """The walk through all environments."""

    lock: Lock
    records: LockedRecords
    composition: Composition
    urls: Callable[[str], str]
    pypi: PypiRules
    virtual_packages: Callable[[Platform], Iterable[VirtualPackage]]

    def all(self) -> Iterator[Disagreement]:
        for group in self.composition.solve_groups.values():
            rows: dict[tuple[str, str], Checked] = {}
            for name in group.environments:
                environment = self.composition.environment(name)
                yield from self._environment(environment, group, rows)
            yield from needless(group, rows)
            yield from unlike(group, self.lock)
        for name in self.lock.environments:
            if name not in self.composition.environments:
                text = f"environment {name} is in the lock, the manifest has none"
                keys = ("environments",)
                found = Finding("environment-removed", text, keys, solve=False)
                yield found.of(name)

    def _environment(
        self,
        environment: Environment,
        group: SolveGroup,
        rows: dict[tuple[str, str], Checked],
    ) -> Iterator[Disagreement]:
        name = environment.name
        locked = self.lock.environments.get(name)
        if locked is None:
            text = f"environment {name} is not in the lock"
            yield Finding("environment", text, ("environments", name)).of(name)
            return
        found = check_environment(self._solved(environment, group, locked))
        found += self._pypi_solved(environment, group, locked)
        yield from (finding.of(name) for finding in found)
        if any(finding.solve and finding.scope == "all" for finding in found):
            return
        for platform in environment.platforms:
            checked = self._row(environment, group, locked, platform)
            rows[name, platform.name] = checked
            for finding in checked.findings:
                yield finding.of(name, platform.name)

    def _solved(
        self, environment: Environment, group: SolveGroup, locked: LockedEnvironment
    ) -> Solved:
        rows = self.records.get(environment.name, {})
        return Solved(
            environment=environment,
            group=group,
            locked=locked,
            platforms={platform.name: platform for platform in self.lock.platforms},
            records=[record for row in rows.values() for record in row],
            urls=self.urls,
            virtual_packages=self.virtual_packages,
        )

    def _pypi_solved(
        self, environment: Environment, group: SolveGroup, locked: LockedEnvironment
    ) -> list[Finding]:
        wanted = [
            each
            for platform in environment.platforms
            if environment.pypi_requirements(platform)
            for each in self.pypi.requirements(environment, platform)
        ]
        if not wanted and not _says_options(group, locked):
            return []
        from pixi_jupyter.lock.pypi_environment import (
            PypiSolved,
            check_pypi_environment,
        )

        return check_pypi_environment(
            PypiSolved(
                wanted=wanted,
                options=self.pypi.options(group),
                locked=locked,
                version=self.lock.version,
                default_index=self.pypi.default_index,
                root=self.composition.manifest.root,
                tags={
                    name: partial(self._tags, environment, platform, name)
                    for platform in environment.platforms
                    if (name := self._row_of(locked, platform))
                },
            )
        )

    def _tags(
        self, environment: Environment, platform: Platform, row: str
    ) -> Container[Tag] | None:
        """Give what a platform can use; None where its python is not known."""
        records = {
            record.name.normalized: record
            for record in self.records.get(environment.name, {}).get(row, ())
        }
        python, abi = records.get("python"), records.get("python_abi")
        is_free_threaded = abi is not None and str(abi.build).endswith("t")
        if python is None or is_free_threaded:
            return None
        packages = tuple(self.virtual_packages(platform))
        place = replace(platform, custom=packages)
        return self.pypi.tags(place, str(python.version))

    def _row(
        self,
        environment: Environment,
        group: SolveGroup,
        locked: LockedEnvironment,
        platform: Platform,
    ) -> Checked:
        packages = tuple(self.virtual_packages(platform))
        requirements = environment.requirements(platform)
        name = self._row_name(locked, platform, packages)
        if name is None:
            if not requirements and not environment.pypi_requirements(platform):
                return Checked(findings=[])
            text = f"{platform.name} is not in the lock"
            return Checked(
                findings=[Finding("platform", text, ("workspace", "platforms"))]
            )
        records = tuple(self.records.get(environment.name, {}).get(name, ()))
        others = locked.packages[name]
        return check_row(
            Row(
                platform=platform.name,
                manifest=self.composition.manifest.path.name,
                requirements=requirements,
                constraints=environment.constraints(platform),
                pypi=self._pypi_row(environment, group, platform, records, others),
                virtual_packages=packages,
                records=records,
                sources=tuple(p for p in others if p.kind == "conda_source"),
                root=self.composition.manifest.root,
                asks_backends=bool(environment.dev(platform)),
            )
        )

    def _pypi_row(
        self,
        environment: Environment,
        group: SolveGroup,
        platform: Platform,
        records: tuple[RepoDataRecord, ...],
        others: Iterable[LockedPackage],
    ) -> PypiRow:
        packages = tuple(each for each in others if each.kind == "pypi")
        manifest = self.composition.manifest
        locked = self.lock.environments[environment.name]
        is_asked = bool(environment.pypi_requirements(platform))
        overrides = self.pypi.options(group).overrides if is_asked else {}
        return PypiRow(
            wanted=tuple(self.pypi.requirements(environment, platform))
            if is_asked
            else (),
            packages=packages,
            records=records,
            overrides={
                normalised(name): tuple(self.pypi.parse(name, value))
                for name, value in overrides.items()
            },
            markers=partial(self.pypi.markers, platform),
            names=self.pypi.names,
            root=manifest.root,
            manifest=manifest.path.name,
            origins=(*(locked.indexes or ()), *_urls(locked.find_links or ())),
            default_index=self.pypi.default_index,
            version=self.lock.version,
        )

    def _row_of(self, locked: LockedEnvironment, platform: Platform) -> str | None:
        return self._row_name(locked, platform, tuple(self.virtual_packages(platform)))

    def _row_name(
        self,
        locked: LockedEnvironment,
        platform: Platform,
        packages: Iterable[VirtualPackage],
    ) -> str | None:
        """Find the row of a platform: its own, or a plain one that suits it."""
        if platform.name in locked.packages:
            return platform.name
        if platform.subdir not in locked.packages:
            return None
        known = self.lock.platform(platform.subdir)
        recorded = set(known.virtual_packages) if known else set()
        suits = not recorded or recorded >= set(map(str, packages))
        return platform.subdir if suits else None


def _says_options(group: SolveGroup, locked: LockedEnvironment) -> bool:
    """Tell whether manifest or lock say something of pre-releases."""
    return (
        "pypi-prerelease-mode" in locked.options
        or "pypi-options" in group.manifest.metadata
        or any(feature.pypi_options for feature in group.parts)
    )


def _urls(links: Iterable[object]) -> Iterator[str]:
    for link in links:
        table = link if isinstance(link, dict) else {"url": link}
        if "url" in table:
            yield str(table["url"])
