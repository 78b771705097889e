"""What has to be done to the PyPI packages of a prefix: a comparison.

The table of states: pixi 0.77.0, PyPI install plan (read 2026-11). Stricter than it
in one thing: a package that conda installed is never replaced.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pixi_jupyter.install.pypi_dists import UV
from pixi_jupyter.install.pypi_match import differs
from pixi_jupyter.names import normalised

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from pixi_jupyter.adapters.uv import UvOptions
    from pixi_jupyter.install.pypi_dists import InstalledDist
    from pixi_jupyter.solve.pypi_record import PypiRecord

CONDA = "conda"


@dataclass(frozen=True, slots=True, kw_only=True)
class PypiPlan:
    """The difference between what lies in a prefix and what is locked."""

    kept: tuple[PypiRecord, ...] = ()
    added: tuple[PypiRecord, ...] = ()
    reinstalled: tuple[PypiRecord, ...] = ()
    """There, but not as they should be."""
    removed: tuple[InstalledDist, ...] = ()
    forgotten: tuple[InstalledDist, ...] = ()
    """Half of a distribution, or a second one of its name: only the folder goes."""
    contested: tuple[InstalledDist, ...] = ()
    """Locked, and there from conda."""
    ignored: tuple[InstalledDist, ...] = ()
    """Of others; left alone."""

    @property
    def to_install(self) -> tuple[PypiRecord, ...]:
        """Whatever uv is given, sorted by name."""
        both = (*self.added, *self.reinstalled)
        return tuple(sorted(both, key=lambda each: each.name))

    @property
    def is_empty(self) -> bool:
        """Whether everything is as it should be."""
        changes = (self.added, self.reinstalled, self.removed, self.forgotten)
        return not any(changes) and not self.contested


def plan_pypi(
    wanted: Sequence[PypiRecord],
    installed: Sequence[InstalledDist],
    *,
    root: Path,
    editable: Collection[str] = (),
    suspects: Collection[str] = (),
    reinstall: Collection[str] = (),
    spared: Collection[str] = (),
) -> PypiPlan:
    """Compare what is locked with what lies in a prefix.

    Parameters
    ----------
    wanted
        All PyPI packages of the row.
    installed
        See `read_dists`.
    root
        The workspace's folder.
    editable
        Names of the folders that are installed by reference.
    suspects
        Names that an install had begun with and did not end.
    reinstall
        Names that are to be installed again.
    spared
        Names that stay if they are there, and do not come if not.

    Notes
    -----
    Looks at the times of files of local projects, and changes nothing.
    """
    by_name: dict[str, list[InstalledDist]] = defaultdict(list)
    for dist in installed:
        by_name[dist.name].append(dist)
    found: dict[str, list[InstalledDist]] = defaultdict(list)
    kept, added, reinstalled = [], [], []
    names = {record.name for record in wanted}
    for name, dists in by_name.items():
        if name in spared and name not in names:
            found["ignored"] += dists
            continue
        _sort(dists, found, is_wanted=name in names, is_suspect=name in suspects)
    there = {each.name: each for each in reversed(found["there"])}
    for record in wanted:
        here = there.get(record.name)
        if here is None:
            added.append(record)
        elif (
            here.is_ours
            and record.name not in suspects
            and record.name not in reinstall
            and not differs(record, here, root, is_editable=record.name in editable)
        ):
            kept.append(record)
        else:
            reinstalled.append(record)
    contested = {dist.name for dist in found["contested"]}
    return PypiPlan(
        kept=tuple(kept),
        added=tuple(x for x in added if x.name not in contested),
        reinstalled=tuple(reinstalled),
        removed=tuple(found["removed"]),
        forgotten=tuple(found["forgotten"]),
        contested=tuple(found["contested"]),
        ignored=tuple(found["ignored"]),
    )


def _sort(
    dists: Sequence[InstalledDist],
    found: dict[str, list[InstalledDist]],
    *,
    is_wanted: bool,
    is_suspect: bool,
) -> None:
    """Sort the distributions of one name by what becomes of them."""
    mine = [x for x in dists if x.is_ours or (is_suspect and x.installer in (UV, ""))]
    others = [x for x in dists if x not in mine]
    broken = [x for x in mine if not x.has_record]
    # of two of one name the files cannot be told apart
    double = [x for x in mine if x.has_record and (others or len(mine) > 1)]
    whole = [x for x in mine if x not in broken and x not in double]
    found["forgotten"] += [*broken, *double]
    if not is_wanted:
        found["removed"] += whole
        found["ignored"] += others
        return
    contested = [x for x in others if x.installer == CONDA]
    if contested:
        found["contested"] += contested
        return
    found["there"] += [*whole, *others]


def not_isolated(
    records: Sequence[PypiRecord], options: UvOptions, root: Path
) -> Iterator[PypiRecord]:
    """Give what is built with the packages of the prefix, in the order listed.

    Parameters
    ----------
    root
        The workspace's folder.
    """

    def is_built(record: PypiRecord) -> bool:
        file = record.file(root)
        return file is None or not file.is_wheel

    names = options.no_build_isolation
    if names is True:
        yield from filter(is_built, records)
        return
    by_name = {record.name: record for record in records if is_built(record)}
    for name in names or ():
        if (record := by_name.get(normalised(name))) is not None:
            yield record
