"""A part of an environment: what `install` leaves out for now.

Rules: pixi 0.77.0, `install --only`, `--skip`, `--skip-with-deps` (read 2026-11). It
follows the names of packages through conda and PyPI alike. A circle of packages that
nothing else needs counts as asked for, where pixi would leave it out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.errors import PackageNotLockedError
from pixi_jupyter.names import normalised
from pixi_jupyter.values import dataclass
from pixi_jupyter.workspace.graph import package_graph

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from pixi_jupyter.manifest.compose import Environment
    from pixi_jupyter.platforms import Platform
    from pixi_jupyter.workspace.solution import Solution

_PURL = "pkg:pypi/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subset:
    """What is to be installed of an environment; nothing said: all of it."""

    only: tuple[str, ...] = ()
    """These, and what they need."""
    skip: tuple[str, ...] = ()
    """Not these, but what they need."""
    skip_with_deps: tuple[str, ...] = ()
    """Not these, nor what only they need."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out."""
        return not (self.only or self.skip or self.skip_with_deps)

    @property
    def skipped(self) -> tuple[str, ...]:
        """All names that are to be left out."""
        return (*self.skip, *self.skip_with_deps)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """The packages of an environment that are neither installed nor removed."""

    conda: frozenset[str] = frozenset()
    pypi: frozenset[str] = frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        """All of them, sorted."""
        return tuple(sorted({*self.conda, *self.pypi}))


def leave_out(
    subset: Subset, solution: Solution, environment: Environment, platform: Platform
) -> LeftOut:
    """Find what an install of a part leaves out.

    Raises
    ------
    PackageNotLockedError
        If one of `only` is not there.
    """
    if subset.is_whole:
        return LeftOut()
    conda = {
        record.name.normalized
        for record in solution.row(environment.name, platform.name)
    }
    pypi = {each.name for each in solution.wheels(environment.name, platform.name)}
    needs = _needs(solution, environment, platform)
    for name in subset.only:
        if normalised(name) not in needs:
            raise PackageNotLockedError(
                name,
                environments=[environment.name],
                available=conda | pypi,
                verb="install --only",
            )
    kept = kept_names(subset, needs)
    if kept & pypi and "python" in conda:
        kept.add("python")
    return LeftOut(
        conda=frozenset(name for name in conda if normalised(name) not in kept),
        pypi=frozenset(pypi - kept),
    )


def unknown_names(
    names: Iterable[str], solution: Solution, cells: Iterable[tuple[str, str]]
) -> list[str]:
    """Give the names that are locked in none of some environments and platforms."""
    known = {
        normalised(package.name)
        for name, platform in cells
        if (locked := solution.lock.environments.get(name)) is not None
        for package in locked.packages.get(platform, ())
    }
    return [name for name in names if normalised(name) not in known]


def _needs(
    solution: Solution, environment: Environment, platform: Platform
) -> dict[str, set[str]]:
    """Give what each package needs; conda and PyPI names in one form."""
    found: dict[str, set[str]] = {}
    aliases = _aliases(solution, environment.name, platform.name)
    for node in package_graph(solution, environment, platform).values():
        needed = found.setdefault(normalised(node.name), set())
        names = [normalised(need.name) for need in node.needs]
        needed.update(aliases.get(name, name) for name in names)
    return {name: needed & found.keys() for name, needed in found.items()}


def _aliases(solution: Solution, environment: str, platform: str) -> dict[str, str]:
    """Give, by name on PyPI, the conda package that brings it."""
    locked = solution.lock.environments.get(environment)
    found = {}
    for package in locked.packages.get(platform, ()) if locked else ():
        purls = package.fields.get("purls")
        for purl in purls if isinstance(purls, list) else ():
            if str(purl).startswith(_PURL):
                name = str(purl).removeprefix(_PURL).partition("?")[0].partition("@")[0]
                found[normalised(name)] = normalised(package.name)
    return found


def kept_names(subset: Subset, needs: Mapping[str, Collection[str]]) -> set[str]:
    """Give the names that are installed, of all packages and what each needs."""
    only, skip, stop = (
        {normalised(name) for name in names}
        for names in (subset.only, subset.skip, subset.skip_with_deps)
    )
    roots = only or _roots(needs)
    return _reach(roots, needs, stop) - skip


def _roots(needs: Mapping[str, Collection[str]]) -> set[str]:
    """Give what nothing else needs, and one of each circle that nothing else needs."""
    needed = {name for each in needs.values() for name in each}
    roots = needs.keys() - needed
    reached = _reach(roots, needs)
    for name in sorted(needs):
        if name not in reached:
            roots.add(name)
            reached |= _reach({name}, needs)
    return roots


def _reach(
    roots: Iterable[str],
    needs: Mapping[str, Collection[str]],
    stop: Collection[str] = (),
) -> set[str]:
    pending, found = list(roots), set()
    while pending:
        name = pending.pop()
        if name not in found and name not in stop:
            found.add(name)
            pending += needs[name]
    return found
