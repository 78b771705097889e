"""The list that a person agrees to, as text of at most 80 columns."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pixi_jupyter.trust.models import Amount, Facts, Origin

WIDTH = 78
_LABEL = 17
_FEW = 8
_MEGABYTE = 1_000_000
_GIGABYTE = 1_000_000_000
AGREEMENT = (
    "Your agreement holds for exactly this content. Any change of it asks again."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the list."""

    label: str
    lines: tuple[str, ...]
    """What it is; each may be long."""
    note: str = ""
    """What is to be said about it."""
    is_flagged: bool = False
    """Whether it deserves a second look."""

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "label": self.label,
            "lines": list(self.lines),
            "note": self.note,
            "flagged": self.is_flagged,
        }


def entries(facts: Facts) -> tuple[Entry, ...]:
    """Give the list, in the order in which it is read."""
    return tuple(_entries(facts))


def lines(facts: Facts, *, width: int = WIDTH) -> list[str]:
    """Give the list as plain text; a ``!`` stands before what is flagged."""
    found: list[str] = []
    for entry in entries(facts):
        sign = "! " if entry.is_flagged else "  "
        label = f"{sign}{entry.label.ljust(_LABEL)}"
        parts = list(entry.lines)
        if entry.note:
            parts.append(entry.note)
        for part in parts:
            rows = textwrap.wrap(part, width - len(label), break_on_hyphens=False) or [
                ""
            ]
            for row in rows:
                found.append(f"{label}{row}".rstrip())
                label = " " * len(label)
    return found


def _entries(facts: Facts) -> Iterator[Entry]:
    yield from _places(facts.channels, "Channels", "Unknown channel")
    yield from _places(facts.indexes, "PyPI indexes", "Unknown index")
    for each in facts.direct:
        yield _place(each, "By address")
    for each in facts.others:
        yield _place(each, "Also asked")
    yield _packages(facts)
    if facts.builds:
        yield Entry(
            label="Built here",
            lines=(_some(facts.builds),),
            note="building runs code of their authors",
            is_flagged=True,
        )
    if facts.scripts:
        lines = (f"{_some(facts.scripts)} at each start",)
        yield Entry(label="Runs code", lines=lines, is_flagged=True)
    elif facts.scripts is None:
        said = "packages may bring scripts that run at each start"
        yield Entry(label="Runs code", lines=(said,), note="known after download")
    if facts.link_scripts:
        said = "your settings let packages run scripts when they are installed"
        yield Entry(label="Runs code", lines=(said,), is_flagged=True)
    yield from _variables(facts)
    if facts.tasks:
        yield Entry(
            label="Tasks",
            lines=(_some(facts.tasks),),
            note="run only when you ask for them",
        )


def _places(places: Sequence[Origin], known: str, unknown: str) -> Iterator[Entry]:
    mine = [each.name or each.where for each in places if each.is_known]
    if mine:
        yield Entry(label=known, lines=tuple(mine), note="allowed by your settings")
    for each in places:
        if not each.is_known:
            yield _place(each, unknown)


def _place(origin: Origin, label: str) -> Entry:
    amount = len(origin.packages)
    noun = "package" if amount == 1 else "packages"
    note = f"{amount} {noun}: {_some(origin.packages)}" if amount else ""
    return Entry(label=label, lines=(origin.where,), note=note, is_flagged=True)


def _packages(facts: Facts) -> Entry:
    amount = facts.amount
    if not facts.is_locked:
        return Entry(
            label="Packages",
            lines=("there is no lock: what is newest when it is installed",),
            is_flagged=True,
        )
    if facts.unhashed:
        note = f"without a hash: {_some(facts.unhashed)}"
    else:
        note = "every hash is checked"
    if amount.platform is None:
        said = "none are locked for this computer: they are solved when installed"
        return Entry(label="Packages", lines=(said,), note=note)
    return Entry(
        label="Packages",
        lines=(_amount(amount),),
        note=note,
        is_flagged=bool(facts.unhashed),
    )


def _amount(amount: Amount) -> str:
    parts = [f"{amount.conda:,} conda"]
    if amount.pypi:
        parts.append(f"{amount.pypi:,} PyPI")
    text = ", ".join(parts)
    if not amount.size_bytes:
        return text
    least = "at least " if amount.unsized else ""
    return f"{text} · {least}{_size(amount.size_bytes)}"


def _size(size: int) -> str:
    if size >= _GIGABYTE:
        return f"{size / _GIGABYTE:.1f} GB"
    return f"{size / _MEGABYTE:.{0 if size >= 10 * _MEGABYTE else 1}f} MB"


def _variables(facts: Facts) -> Iterator[Entry]:
    flagged = [each.name for each in facts.variables if each.is_flagged]
    others = [each.name for each in facts.variables if not each.is_flagged]
    if flagged:
        yield Entry(
            label="Sets variables",
            lines=(_some(flagged),),
            note="these can change which programs run",
            is_flagged=True,
        )
    if others:
        yield Entry(label="Sets variables", lines=(_some(others),))


def _some(names: Sequence[str]) -> str:
    rest = len(names) - _FEW
    return ", ".join(names[:_FEW]) + (f" and {rest:,} more" if rest > 0 else "")
