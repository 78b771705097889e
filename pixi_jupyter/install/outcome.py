"""What an install did, as its callers learn it."""

from __future__ import annotations

from dataclasses import dataclass, replace


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

    def after(self, earlier: InstallOutcome) -> InstallOutcome:
        """Add what was healed before."""
        return replace(
            self,
            changed=self.changed or earlier.changed,
            repaired=tuple(sorted({*self.repaired, *earlier.repaired})),
            fetched=self.fetched + earlier.fetched,
            fetched_bytes=self.fetched_bytes + earlier.fetched_bytes,
        )
