"""Whether a lock says what its manifest asks, decided from the two alone.

The checks, their order and what each costs: pixi 0.77.0, lock satisfiability (read
2026-11). Thinner than pixi where PyPI packages and packages built from source are
concerned: of those only the names are looked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from pixi_jupyter.lock.disagreement import Disagreement, Finding, describe
from pixi_jupyter.lock.environment import Solved, check_environment
from pixi_jupyter.lock.models import Lock
from pixi_jupyter.lock.platforms import match_platforms
from pixi_jupyter.lock.row import Row, check_row
from pixi_jupyter.manifest.layout import Layout, LayoutError, read_layout
from pixi_jupyter.manifest.locate import place_of
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pixi_jupyter.adapters.rattler import LockedRecords
    from pixi_jupyter.lock.models import LockedEnvironment, LockedPackage
    from pixi_jupyter.manifest.compose import Composition, Environment, SolveGroup
    from pixi_jupyter.manifest.layout import Keys
    from pixi_jupyter.platforms import Platform, VirtualPackage

__all__ = ["Disagreement", "describe", "disagreements"]


def disagreements(
    lock: Lock | None,
    records: LockedRecords,
    composition: Composition,
    urls: Callable[[str], str],
    *,
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
    virtual_packages
        What each platform is solved with (None: what it declares).
    manifest_text
        To find lines in (None: it is read from disk, and only if needed).

    Notes
    -----
    No network. Reads the manifest's file where there is something to tell.
    """
    platforms = composition.platforms
    matched, rows = match_platforms(lock or Lock(), records, platforms)
    check = _Check(
        lock=matched,
        records=rows,
        composition=composition,
        urls=urls,
        virtual_packages=virtual_packages
        or (lambda platform: platform.virtual_packages),
    )
    found = list(check.all())
    if not found:
        return ()
    text = manifest_text if manifest_text is not None else _read(composition)
    return tuple(_placed(found, composition, text))


def _read(composition: Composition) -> str:
    try:
        return composition.manifest.path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _placed(
    found: Sequence[Disagreement], composition: Composition, text: str
) -> Iterator[Disagreement]:
    name = composition.manifest.path.name
    prefix = () if composition.manifest.kind == "pixi" else ("tool", "pixi")
    try:
        layout = read_layout(text)
    except LayoutError:
        layout = Layout("")
    for each in found:
        line = _line(layout, prefix, each.keys) if each.keys else None
        place = f"{name}:{line}" if line else name
        yield replace(each, place=place) if each.keys else each


def _line(layout: Layout, prefix: Keys, keys: Keys) -> int | None:
    """Find the line of a key, from the top of the file or below the prefix."""
    old = ("project", *keys[1:]) if keys[0] == "workspace" else keys
    for candidate in (keys, (*prefix, *keys), (*prefix, *old)):
        if entry := layout.find(candidate) or next(iter(layout.below(candidate)), None):
            return place_of(layout.text, entry.start).line
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Check:
    lock: Lock
    records: LockedRecords
    composition: Composition
    urls: Callable[[str], str]
    virtual_packages: Callable[[Platform], Iterable[VirtualPackage]]

    def all(self) -> Iterator[Disagreement]:
        for group in self.composition.solve_groups.values():
            for name in group.environments:
                yield from self._environment(self.composition.environment(name), group)
            if len(group.environments) > 1:
                yield from self._group(group)
        for name in self.lock.environments:
            if name not in self.composition.environments:
                text = f"environment {name} is in the lock, the manifest has none"
                keys = ("environments",)
                found = Finding("environment-removed", text, keys, solve=False)
                yield found.of(name)

    def _environment(
        self, environment: Environment, group: SolveGroup
    ) -> Iterator[Disagreement]:
        name = environment.name
        locked = self.lock.environments.get(name)
        if locked is None:
            text = f"environment {name} is not in the lock"
            yield Finding("environment", text, ("environments", name)).of(name)
            return
        rows = self.records.get(name, {})
        solved = Solved(
            environment=environment,
            group=group,
            locked=locked,
            platforms={platform.name: platform for platform in self.lock.platforms},
            records=[record for row in rows.values() for record in row],
            urls=self.urls,
            virtual_packages=self.virtual_packages,
        )
        found = check_environment(solved)
        yield from (finding.of(name) for finding in found)
        if not any(finding.solve for finding in found):
            for platform in environment.platforms:
                for finding in self._row(environment, locked, platform):
                    yield finding.of(name, platform.name)

    def _row(
        self, environment: Environment, locked: LockedEnvironment, platform: Platform
    ) -> list[Finding]:
        packages = tuple(self.virtual_packages(platform))
        requirements = environment.requirements(platform)
        pypi = tuple(_unconditional(environment.pypi_requirements(platform)))
        name = self._row_name(locked, platform, packages)
        if name is None:
            if not requirements and not pypi:
                return []
            text = f"{platform.name} is not in the lock"
            return [Finding("platform", text, ("workspace", "platforms"))]
        records = self.records.get(environment.name, {}).get(name, ())
        row = Row(
            platform=platform.name,
            manifest=self.composition.manifest.path.name,
            requirements=requirements,
            constraints=environment.constraints(platform),
            pypi=pypi,
            virtual_packages=packages,
            records=tuple(records),
            others=tuple(p for p in locked.packages[name] if p.kind != "conda"),
        )
        return check_row(row)

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

    def _group(self, group: SolveGroup) -> Iterator[Disagreement]:
        """Look for a package that environments of one group have differently."""
        seen: dict[tuple[str, bool, str], tuple[str, LockedPackage]] = {}
        for name in group.environments:
            locked = self.lock.environments.get(name)
            for platform, row in (locked.packages if locked else {}).items():
                for package in row:
                    key = (platform, package.kind == "pypi", package.name)
                    first, other = seen.setdefault(key, (name, package))
                    if other.location != package.location:
                        text = (
                            f"{package.name} is {other.version} in {first} and"
                            f" {package.version} in {name}, which are solved together"
                        )
                        yield Finding("group", text).of(name, platform)


def _unconditional(pypi: Mapping[str, Iterable[object]]) -> Iterator[str]:
    """Leave out what a marker may have kept out of the lock."""
    for name, values in pypi.items():
        if not all(isinstance(v, Mapping) and "env-markers" in v for v in values):
            yield name
