"""What has to be done to a prefix: a comparison, without a look at the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.install.prefix import site_packages
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pixi_jupyter.adapters.rattler import PrefixRecord, RepoDataRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One package that takes the place of another of its name."""

    before: PrefixRecord
    after: RepoDataRecord

    @property
    def name(self) -> str:
        """The package's name."""
        return self.after.name.normalized


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallPlan:
    """The difference between what a prefix holds and what it should hold."""

    wanted: tuple[RepoDataRecord, ...] = ()
    """Everything that the prefix is to hold, by name."""
    added: tuple[RepoDataRecord, ...] = ()
    removed: tuple[PrefixRecord, ...] = ()
    changed: tuple[Change, ...] = ()
    repaired: tuple[RepoDataRecord, ...] = ()
    """Installed as they should be by name, and linked again all the same."""
    unchanged: tuple[RepoDataRecord, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the prefix is as it should be."""
        return not (self.added or self.removed or self.changed or self.repaired)

    @property
    def to_link(self) -> tuple[RepoDataRecord, ...]:
        """Whatever has to be in the cache before the prefix is touched."""
        after = tuple(change.after for change in self.changed)
        return (*self.added, *after, *self.repaired)

    @property
    def to_unlink(self) -> tuple[str, ...]:
        """Names of all packages whose files are taken away, some to come back."""
        return (
            *names(self.removed),
            *(change.name for change in self.changed),
            *names(self.repaired),
        )

    @property
    def leaving(self) -> tuple[PrefixRecord, ...]:
        """Packages that another one, or none, takes the place of."""
        return (*self.removed, *(change.before for change in self.changed))

    @property
    def touched(self) -> tuple[str, ...]:
        """Names of all packages that are not left alone, sorted."""
        return tuple(sorted({*self.to_unlink, *names(self.added)}))


def names(records: Sequence[RepoDataRecord]) -> tuple[str, ...]:
    """Give the names of `records`, in their order."""
    return tuple(record.name.normalized for record in records)


def plan_install(
    wanted: Sequence[RepoDataRecord],
    installed: Sequence[PrefixRecord],
    *,
    broken: Collection[str] = (),
) -> InstallPlan:
    """Compare what is wanted with what is installed.

    Parameters
    ----------
    wanted
        Everything that the prefix is to hold.
    installed
        The records of its conda-meta.
    broken
        Names whose files are not what they should be.

    Notes
    -----
    Two records are the same package if name, version, build, subdir and hash
    agree; another URL alone is no difference. Where python moves to another minor
    version, py-rattler links all noarch python packages again: they are `repaired`.
    """
    before = {record.name.normalized: record for record in installed}
    after = {
        record.name.normalized: record
        for record in sorted(wanted, key=lambda each: each.name.normalized)
    }
    moved = _python_moved(before.get("python"), after.get("python"))
    added, changed, repaired, unchanged = [], [], [], []
    for name, record in after.items():
        old = before.get(name)
        if old is None:
            added.append(record)
        elif not is_same_package(old, record):
            changed.append(Change(before=old, after=record))
        elif name in broken or (moved and record.noarch.python):
            repaired.append(record)
        else:
            unchanged.append(record)
    return InstallPlan(
        wanted=tuple(after.values()),
        added=tuple(added),
        removed=tuple(before[name] for name in sorted(before.keys() - after.keys())),
        changed=tuple(changed),
        repaired=tuple(repaired),
        unchanged=tuple(unchanged),
    )


def is_same_package(one: RepoDataRecord, other: RepoDataRecord) -> bool:
    """Tell whether two records stand for the same files."""
    if _identity(one) != _identity(other):
        return False
    if one.sha256 and other.sha256:
        return one.sha256 == other.sha256
    if one.md5 and other.md5:
        return one.md5 == other.md5
    return True


def _identity(record: RepoDataRecord) -> tuple[str, ...]:
    return (
        record.name.normalized,
        str(record.version),
        str(record.build),
        record.subdir,
    )


def _python_moved(before: RepoDataRecord | None, after: RepoDataRecord | None) -> bool:
    if before is None or after is None:
        return False
    return site_packages(before) != site_packages(after)
