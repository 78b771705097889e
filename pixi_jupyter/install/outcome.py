"""What an install did, as its callers learn it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pixi_jupyter.install.plan import InstallPlan
    from pixi_jupyter.install.pypi import PypiOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallOutcome:
    """What was done to a prefix."""

    changed: bool = False
    """Whether anything in the prefix was touched."""
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed_names: tuple[str, ...] = ()
    repaired: tuple[str, ...] = ()
    """Names of packages that were linked again, their record being the same."""
    fetched: int = 0
    """How many packages were not cached."""
    fetched_bytes: int = 0
    state: str = ""
    """pixi's state of what is installed now."""
    seconds: float = 0.0
    """All of it, waiting included."""

    @classmethod
    def of(
        cls, plan: InstallPlan, *, fetched: int, fetched_bytes: int, state: str
    ) -> InstallOutcome:
        """Say what was done when a plan was carried out."""
        from pixi_jupyter.install.plan import names

        return cls(
            changed=True,
            added=names(plan.added),
            removed=names(plan.removed),
            changed_names=tuple(change.name for change in plan.changed),
            repaired=names(plan.repaired),
            fetched=fetched,
            fetched_bytes=fetched_bytes,
            state=state,
        )

    def with_pypi(self, done: PypiOutcome) -> InstallOutcome:
        """Add what was done to packages of PyPI."""
        if not done.changed:
            return self
        # what moves from one to the other is neither new nor gone
        moved = {*done.added} & {*self.removed} | {*self.added} & {*done.removed}
        return replace(
            self,
            changed=True,
            added=_united(self.added, done.added, moved),
            removed=_united(self.removed, done.removed, moved),
            changed_names=tuple(
                sorted({*self.changed_names, *done.reinstalled, *moved})
            ),
            seconds=self.seconds + done.seconds,
        )

    def after(self, earlier: InstallOutcome) -> InstallOutcome:
        """Add what was healed before."""
        return replace(
            self,
            changed=self.changed or earlier.changed,
            repaired=tuple(sorted({*self.repaired, *earlier.repaired})),
            fetched=self.fetched + earlier.fetched,
            fetched_bytes=self.fetched_bytes + earlier.fetched_bytes,
        )


def _united(
    one: Iterable[str], other: Iterable[str], without: Iterable[str]
) -> tuple[str, ...]:
    return tuple(sorted({*one, *other}.difference(without)))
