"""The packages that `scan` proposes, and what makes each of them one row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.notebook.scan_merge import merged
from pixi_jupyter.notebook.scan_words import ABOUT
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A package that something asks for by its name."""

    kind: str
    """conda or pypi."""
    name: str
    value: Any
    """As a manifest says it: a version, or a table."""
    why: str
    """The words that ask."""
    place: str
    where: str = ""
    """As in `Fact`."""
    doubt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A package of the manifest, or one that was left out of it."""

    kind: str
    """conda or pypi."""
    name: str
    value: Any
    why: tuple[str, ...]
    doubts: tuple[str, ...] = ()
    is_taken: bool = True

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "kind": self.kind,
            "name": self.name,
            "spec": self.value,
            "why": list(self.why),
            "unsure": list(self.doubts),
            "taken": self.is_taken,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Something that a person has to judge."""

    what: str
    why: str
    hint: str = ""
    """``{command}`` stands for the face's own word."""

    def to_json(self) -> dict[str, str]:
        """Give the JSON form."""
        return {"what": self.what, "why": self.why, "hint": self.hint}


def like(
    wanted: Wanted,
    name: str,
    value: str,
    *,
    kind: str = "conda",
    why: str = "",
    doubt: str = "",
) -> Wanted:
    """Give the same wish for another package."""
    return Wanted(
        kind=kind,
        name=name,
        value=value,
        why=why or wanted.why,
        place=wanted.place,
        where=wanted.where,
        doubt=doubt,
    )


def kept(wanted: Wanted, *, is_source: bool, has_conda: bool) -> Wanted:
    """Give a wish that PyPI, or a source, has to fulfil."""
    doubts = [wanted.doubt] if wanted.doubt else []
    if is_source:
        other = ", conda-forge has a release" if has_conda else ""
        doubts.append(f"built from its source{other}")
    elif has_conda:
        doubts.append("from PyPI for its extras, which conda packages do not have")
    return Wanted(
        kind="pypi",
        name=wanted.name,
        value=wanted.value,
        why=wanted.why,
        place=wanted.place,
        where=wanted.where,
        doubt="; ".join(doubts),
    )


def proposed(asked: Sequence[Wanted]) -> Proposed:
    """Make one row of everything that asks for a package."""
    certain = [each for each in asked if each.where in ("", "function")]
    counted = certain or asked
    value, conflict = _value(counted)
    doubts = [*(each.doubt for each in counted), conflict]
    if not any(each.where == "" for each in asked):
        places = {each.where: each.place for each in reversed(asked)}
        where = next(each for each in ABOUT if each in places)
        doubts.append(f"{ABOUT[where]} ({places[where]})")
    by_words: dict[str, list[str]] = {}
    for each in counted:
        by_words.setdefault(each.why, []).append(each.place)
    return Proposed(
        kind=asked[0].kind,
        name=asked[0].name,
        value=value,
        why=tuple(f"{said} ({_places(at)})" for said, at in by_words.items()),
        doubts=tuple(dict.fromkeys(each for each in doubts if each)),
        is_taken=bool(certain),
    )


def _value(asked: Sequence[Wanted]) -> tuple[Any, str]:
    """Give what a manifest says, and what cannot be had together."""
    tables = [each.value for each in asked if isinstance(each.value, dict)]
    specs = [
        each.value.get("version", "*") if isinstance(each.value, dict) else each.value
        for each in asked
    ]
    version, conflict = merged(specs)
    if not tables:
        return version, conflict
    value = dict(tables[-1])
    if "version" in value:
        value["version"] = version
    if extras := sorted({x for table in tables for x in table.get("extras", ())}):
        value["extras"] = extras
    return value, conflict


def _places(places: Iterable[str]) -> str:
    found = list(dict.fromkeys(places))
    return found[0] if len(found) == 1 else f"{found[0]} and {len(found) - 1} more"


def way(row: Proposed) -> str:
    """Give the command that adds a package which was left out."""
    option = "--pypi " if row.kind == "pypi" else ""
    return f"{{command}} add {option}{row.name}"
