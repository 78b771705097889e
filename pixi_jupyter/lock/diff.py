"""What changed between two locks.

The JSON form and what counts as a change are pixi's: a package changed when its
location did (pixi 0.77.0, `lock --json`, read 2026-11).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from pixi_jupyter.errors import InvalidSpecError
from pixi_jupyter.lock.models import Lock
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from pixi_jupyter.lock.models import LockedPackage

ChangeKind: TypeAlias = Literal["added", "removed", "upgraded", "downgraded", "changed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One package of one environment on one platform that is not as it was."""

    environment: str
    platform: str
    name: str
    type: Literal["conda", "pypi"]
    old: LockedPackage | None
    new: LockedPackage | None
    kind: ChangeKind
    """Changed: same version, or versions that cannot be compared."""
    explicit: bool = False
    """Whether the manifest asks for it by name."""

    @property
    def before(self) -> Mapping[str, object] | None:
        """What it was, with ``version`` and ``build``; None when it is new."""
        return _shown(self.old)

    @property
    def after(self) -> Mapping[str, object] | None:
        """What it is, with ``version`` and ``build``; None when it is gone."""
        return _shown(self.new)

    def row(self) -> dict[str, object]:
        """Give what a person wants to know of it; the size in bytes, to download."""
        package = self.new or self.old
        return {
            "kind": self.kind,
            "type": self.type,
            "name": self.name,
            "environment": self.environment,
            "platform": self.platform,
            "before": self.old.version if self.old else None,
            "after": self.new.version if self.new else None,
            "location": package.location if package else None,
            "size": self.new.fields.get("size") if self.new else None,
            "is_explicit": self.explicit,
        }

    def to_json(self) -> dict[str, object]:
        """Give pixi's item; of a change only what differs."""
        before, after = _lock_form(self.old), _lock_form(self.new)
        if before is not None and after is not None:
            same = {key for key in before if key in after and before[key] == after[key]}
            gone = {key: None for key in before if key not in after}
            before = {key: value for key, value in before.items() if key not in same}
            after = {key: value for key, value in after.items() if key not in same}
            after |= gone
        name = self.name.replace("-", "_") if self.type == "pypi" else self.name
        item: dict[str, object] = {"name": name, "before": before, "after": after}
        item["type"] = self.type
        return {**item, "explicit": True} if self.explicit else item


def _shown(package: LockedPackage | None) -> Mapping[str, object] | None:
    if package is None:
        return None
    told = {"name": package.name, "version": package.version, "build": package.build}
    return {package.kind: package.location, **package.fields, **told}


def _lock_form(package: LockedPackage | None) -> dict[str, object] | None:
    if package is None:
        return None
    return {package.kind: package.location, **package.fields}


@dataclass(frozen=True, slots=True, kw_only=True)
class LockDiff:
    """All changes between two locks."""

    changes: tuple[Change, ...] = ()
    """By environment, platform and name."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed."""
        return not self.changes

    def rows(self) -> list[dict[str, object]]:
        """Give each change as a flat row, for whoever draws a preview of them."""
        return [change.row() for change in self.changes]

    def to_json(self) -> dict[str, object]:
        """Give pixi's JSON form; what did not change is left out."""
        environments: dict[str, dict[str, list[dict[str, object]]]] = {}
        for change in self.changes:
            rows = environments.setdefault(change.environment, {})
            rows.setdefault(change.platform, []).append(change.to_json())
        return {"version": 1, "environment": environments}


def diff_locks(
    before: Lock | None,
    after: Lock,
    explicit: Mapping[str, Collection[str]] | None = None,
) -> LockDiff:
    """Compare two locks.

    Parameters
    ----------
    before
        None where there was none.
    explicit
        Names that the manifest asks for, by environment.

    Notes
    -----
    Platforms are compared by name: match both locks with the manifest first.
    """
    asked = explicit or {}
    changes = [
        change
        for environment, platform in _cells(before or Lock(), after)
        for change in _row_changes(
            environment,
            platform,
            _row(before, environment, platform),
            _row(after, environment, platform),
            asked.get(environment, ()),
        )
    ]
    return LockDiff(changes=tuple(changes))


def _cells(before: Lock, after: Lock) -> list[tuple[str, str]]:
    return sorted(
        {
            (name, platform)
            for lock in (before, after)
            for name, environment in lock.environments.items()
            for platform in environment.packages
        }
    )


_Row = dict[tuple[Literal["conda", "pypi"], str], "LockedPackage"]


def _row(lock: Lock | None, environment: str, platform: str) -> _Row:
    if lock is None or environment not in lock.environments:
        return {}
    packages = lock.environments[environment].packages.get(platform, ())
    return {
        ("pypi" if package.kind == "pypi" else "conda", package.name): package
        for package in packages
    }


def _row_changes(
    environment: str, platform: str, old: _Row, new: _Row, explicit: Collection[str]
) -> Iterator[Change]:
    for key in sorted(old.keys() | new.keys(), key=lambda key: (key[1], key[0])):
        before, after = old.get(key), new.get(key)
        if before and after and before.location == after.location:
            continue
        yield Change(
            environment=environment,
            platform=platform,
            name=key[1],
            type=key[0],
            old=before,
            new=after,
            kind=_kind(before, after),
            explicit=key[1] in explicit,
        )


def _kind(before: LockedPackage | None, after: LockedPackage | None) -> ChangeKind:
    if before is None:
        return "added"
    if after is None:
        return "removed"
    if before.version == after.version or not (before.version and after.version):
        return "changed"
    from pixi_jupyter.adapters.rattler import parse_version

    try:
        old, new = parse_version(before.version), parse_version(after.version)
    except InvalidSpecError:
        return "changed"
    return "upgraded" if old < new else "downgraded"
