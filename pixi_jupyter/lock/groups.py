"""Whether the environments of one solve group still go together in a lock.

Rules: pixi 0.77.0, lock satisfiability (read 2026-11).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.lock.disagreement import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pixi_jupyter.lock.disagreement import Disagreement, Scope
    from pixi_jupyter.lock.models import Lock, LockedPackage
    from pixi_jupyter.lock.row import Checked
    from pixi_jupyter.manifest.compose import SolveGroup


def unlike(group: SolveGroup, lock: Lock) -> Iterator[Disagreement]:
    """Look for a package that environments of one group have differently."""
    if len(group.environments) == 1:
        return
    seen: dict[tuple[str, bool, str], tuple[str, LockedPackage]] = {}
    for name in group.environments:
        locked = lock.environments.get(name)
        for platform, row in (locked.packages if locked else {}).items():
            for package in row:
                key = (platform, package.kind == "pypi", package.name)
                first, other = seen.setdefault(key, (name, package))
                if other.location != package.location:
                    text = (
                        f"{package.name} is {other.version} in {first} and"
                        f" {package.version} in {name}, which are solved together"
                    )
                    scope: Scope = "pypi" if package.kind == "pypi" else "all"
                    yield Finding("group", text, scope=scope).of(name, platform)


def needless(
    group: SolveGroup, rows: Mapping[tuple[str, str], Checked]
) -> Iterator[Disagreement]:
    """Look for conda packages that only PyPI packages ask for.

    Parameters
    ----------
    rows
        By (environment, platform); where one was not looked at, nothing is said.
    """
    if len(rows) < sum(len(each.platforms) for each in group.members):
        return
    by_conda: dict[str, set[str]] = {}
    for (_, platform), row in rows.items():
        by_conda.setdefault(platform, set()).update(row.by_conda)
    for (name, platform), row in rows.items():
        for package in sorted(row.by_pypi - by_conda[platform]):
            text = f"{package} is conda's in the lock, only PyPI packages ask for it"
            yield Finding("pypi-only-asked", text).of(name, platform)
