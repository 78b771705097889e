"""What changed in a lock, as rows in the order in which people want to read them.

The order is the same on every face: what was asked for, removed, downgraded,
upgraded, added.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

from pixi_jupyter.commands.packages import channel_name
from pixi_jupyter.errors import InvalidSpecError
from pixi_jupyter.platforms import host_subdir
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from pixi_jupyter.lock.diff import Change, ChangeKind, LockDiff
    from pixi_jupyter.lock.models import LockedPackage

Cell: TypeAlias = tuple[str, str]
"""Environment and platform."""

SIGNS = {"added": "+", "removed": "-"}
"""For a kind of change; any other is ``~``."""
_ORDER: tuple[ChangeKind, ...] = (
    "removed",
    "downgraded",
    "upgraded",
    "changed",
    "added",
)
_SHOWN = 8
"""How many additions that nobody asked for are shown one by one."""
_LARGEST = 3
"""How many of them stay in sight where they are folded."""
_MOST_REASONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One package that changed alike in one or more environments and platforms."""

    kind: ChangeKind
    name: str
    before: str
    """Version; empty where it was not there."""
    after: str
    """Version; empty where it is gone."""
    channel: str
    size_bytes: int | None
    is_asked: bool
    """Whether the command named it."""
    is_explicit: bool
    """Whether the manifest, or the command, names it."""
    is_here: bool
    """Whether it touches what was installed."""
    note: str = ""
    """A word on the kind, and where it changed if not everywhere."""

    @property
    def sign(self) -> str:
        """``+``, ``-`` or ``~``."""
        return SIGNS.get(self.kind, "~")

    @property
    def version(self) -> str:
        """The version, or both of them."""
        if self.before and self.after and self.before != self.after:
            return f"{self.before} -> {self.after}"
        return self.after or self.before

    @property
    def can_fold(self) -> bool:
        """Whether it is one of many that came along and took nothing away."""
        return self.kind not in ("removed", "downgraded") and not self.is_explicit


def change_rows(
    diff: LockDiff, *, asked: Iterable[str] = (), here: Iterable[Cell] = ()
) -> list[ChangeRow]:
    """Give one row for all that changed alike.

    Parameters
    ----------
    asked
        Names of packages in the command.
    here
        What was installed; empty where nothing was, and all counts alike.
    """
    names, installed = {name.lower() for name in asked}, set(here)
    everywhere = {_cell(change) for change in diff.changes}
    grouped: dict[tuple[str, ...], list[Change]] = {}
    for change in diff.changes:
        key = (change.kind, change.name, change.type, *_versions(change))
        grouped.setdefault(key, []).append(change)
    rows = [_row(group, names, installed, everywhere) for group in grouped.values()]
    rows.sort(
        key=lambda row: (
            not row.is_asked,
            _ORDER.index(row.kind),
            not row.is_explicit,
            not row.is_here,
            row.name,
        )
    )
    return rows


def fold(rows: Iterable[ChangeRow]) -> tuple[list[ChangeRow], list[ChangeRow]]:
    """Part what is shown from what only comes along, where that is much.

    Returns
    -------
    tuple
        Rows to show, and rows to fold: never one that was asked for, is named in the
        manifest, or took something away.
    """
    rows = list(rows)
    many = [row for row in rows if row.can_fold]
    if len(many) <= _SHOWN:
        return rows, []
    many.sort(key=lambda row: (not row.is_here, -(row.size_bytes or 0), row.name))
    largest = many[:_LARGEST]
    shown = [row for row in rows if not row.can_fold or row in largest]
    return shown, [row for row in rows if row.can_fold and row not in largest]


def count_kinds(kinds: Iterable[ChangeKind]) -> str:
    """Count changes, as ``2 added, 1 downgraded``."""
    counts = Counter(kinds)
    return ", ".join(
        f"{counts[kind]} {kind}" for kind in reversed(_ORDER) if counts[kind]
    )


def tally(diff: LockDiff, here: Cell) -> str:
    """Count what changed in one place."""
    return count_kinds(change.kind for change in diff.changes if _cell(change) == here)


def platforms_of(diff: LockDiff) -> list[str]:
    """List the platforms that something changed on."""
    return list(dict.fromkeys(change.platform for change in diff.changes))


def environments_of(diff: LockDiff) -> list[str]:
    """List the environments that something changed in."""
    return list(dict.fromkeys(change.environment for change in diff.changes))


def reasons(diff: LockDiff) -> list[str]:
    """Say for downgrades which package that came with them does not go with the old.

    Notes
    -----
    Only what the records themselves say; a downgrade without such a record stays
    without a reason.
    """
    found: list[str] = []
    for change in diff.changes:
        if change.kind != "downgraded" or not change.old:
            continue
        for other in diff.changes:
            if other.new is None or _cell(other) != _cell(change):
                continue
            need = _ruled_out(other.new, change.name, change.old.version)
            if need:
                who = f"{other.name} {other.new.version}"
                found.append(f"{who} needs {need}, so {change.name} was downgraded")
    return list(dict.fromkeys(found))[:_MOST_REASONS]


def _cell(change: Change) -> Cell:
    return change.environment, change.platform


def _versions(change: Change) -> tuple[str, str]:
    return (
        change.old.version if change.old else "",
        change.new.version if change.new else "",
    )


def _row(
    group: list[Change], asked: Collection[str], here: set[Cell], everywhere: set[Cell]
) -> ChangeRow:
    first = group[0]
    cells = {_cell(change) for change in group}
    is_asked = first.name in asked
    is_explicit = is_asked or any(change.explicit for change in group)
    is_here = not here or bool(cells & here)
    before, after = _versions(first)
    words = [_word(first)]
    # of what came along it is enough that it came here
    if not is_here or (cells != everywhere and (is_explicit or not here)):
        words.append(_places(cells, everywhere))
    source, size = _told([change for change in group if _cell(change) in here] or group)
    return ChangeRow(
        kind=first.kind,
        name=first.name,
        before=before,
        after=after,
        channel="PyPI" if first.type == "pypi" else channel_name(source.location),
        size_bytes=size if after else None,
        is_asked=is_asked,
        is_explicit=is_explicit,
        is_here=is_here,
        note=", ".join(filter(None, words)),
    )


def _word(change: Change) -> str:
    if change.kind == "downgraded":
        return "downgrade"
    if change.kind != "changed" or change.old is None or change.new is None:
        return ""
    if channel_name(change.old.location) != channel_name(change.new.location):
        return "other channel"
    return "other build" if change.old.build != change.new.build else "rebuilt"


def _told(group: list[Change]) -> tuple[LockedPackage, int | None]:
    """Choose whose channel and size stand for all: this machine's, where it has one."""
    mine = [change for change in group if change.platform == host_subdir()] or group
    packages = [found for change in mine if (found := change.new or change.old)]
    sizes = {package.fields.get("size") for package in packages}
    size = sizes.pop() if len(sizes) == 1 else None
    return packages[0], size if isinstance(size, int) else None


def _places(cells: set[Cell], everywhere: set[Cell]) -> str:
    environments = {environment for environment, _ in cells}
    platforms = {platform for _, platform in cells}
    if cells == {cell for cell in everywhere if cell[1] in platforms}:
        return "on " + ", ".join(sorted(platforms))
    if cells == {cell for cell in everywhere if cell[0] in environments}:
        return "in " + ", ".join(sorted(environments))
    return "; ".join(
        f"in {name} on " + ", ".join(sorted(p for e, p in cells if e == name))
        for name in sorted(environments)
    )


def _ruled_out(package: LockedPackage, name: str, version: str) -> str:
    """Give the need of a package that an older choice does not meet, or nothing."""
    from pixi_jupyter.adapters.rattler import parse_version, version_spec

    for need in _needs(package):
        words = need.split()
        if len(words) < 2 or words[0] != name or words[1] == "*":  # noqa: PLR2004  name and version
            continue
        try:
            if not version_spec(words[1]).matches(parse_version(version)):
                return f"{name} {words[1]}"
        except InvalidSpecError:
            continue
    return ""


def _needs(package: LockedPackage) -> Iterator[str]:
    depends = package.fields.get("depends")
    yield from map(str, depends if isinstance(depends, list | tuple) else ())
