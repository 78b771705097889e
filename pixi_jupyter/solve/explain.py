"""From the solver's answer to the lines of the manifest that contradict each other.

The solver names packages and not the requirements of the user: a version that was
ruled out by one is told as "no candidates". Only what follows from its answer and
from the manifest is said here.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pixi_jupyter.errors import UnsatisfiableError
from pixi_jupyter.manifest.locate import locate
from pixi_jupyter.platforms import SUBDIRS
from pixi_jupyter.solve.missing import spec_name
from pixi_jupyter.solve.report import Cause, Hidden, Need, read_report
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pixi_jupyter.manifest.compose import Environment, Requirement
    from pixi_jupyter.platforms import VirtualPackage

_MOST = 6
_MOST_NEEDS = 2
_PLATFORM_KEYS = {
    "__archspec": "archspec",
    "__cuda": "cuda",
    "__glibc": "glibc",
    "__linux": "linux",
    "__osx": "macos",
    "__win": "windows",
}
_EXAMPLES = {"__cuda": "12.0"}
_HOMES = {"__osx": "osx-arm64", "__win": "win-64", "__linux": "linux-64"}
_HOMES |= {"__glibc": "linux-64", "__cuda": "linux-64", "__unix": "linux-64"}


def explain(
    error: UnsatisfiableError,
    requirements: Sequence[Requirement],
    manifest_text: str,
    *,
    manifest: str = "pixi.toml",
    virtual_packages: Iterable[VirtualPackage] = (),
    constraints: Sequence[Requirement] = (),
    members: Iterable[Environment] = (),
) -> UnsatisfiableError:
    """Name the user's own requirements that meet in a conflict.

    Parameters
    ----------
    error
        What the solver said.
    requirements
        What was asked for on that platform.
    manifest_text
        To find lines in.
    manifest
        The manifest's name, for the places.
    virtual_packages
        What was solved with.
    constraints
        Those of the manifest on that platform.
    members
        The environments that were solved together.

    Returns
    -------
    UnsatisfiableError
        The same, with at most six lines in `guilty` and with hints.
    """
    causes = read_report(error.report)
    lines = _guilty(causes, [*requirements, *constraints])
    known = _Known(
        platform=error.platform,
        manifest=manifest,
        virtual={package.name: package for package in virtual_packages},
        asked={requirement.name for requirement in requirements},
    )
    rows = [
        (
            _place(line.requirement, manifest_text, manifest),
            *_words(line, known),
        )
        for line in lines
    ]
    hints = [hint for line in lines for hint in _hints(line, known)]
    hints += _apart(lines, tuple(members))
    return UnsatisfiableError(
        error.environment,
        platform=error.platform,
        report=error.report,
        guilty=_table(rows) or error.guilty,
        hints=tuple(dict.fromkeys((*error.hints, *hints))),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    platform: str
    manifest: str
    virtual: dict[str, VirtualPackage]
    asked: set[str]


@dataclass(frozen=True, slots=True)
class _Line:
    requirement: Requirement
    cause: Cause | None
    """What the solver says of it; None where another one runs into it."""


def _guilty(
    causes: Sequence[Cause], requirements: Sequence[Requirement]
) -> list[_Line]:
    """Choose the requirements that take part, in the order of the manifest."""
    found: dict[int, _Line] = {}
    for cause in causes:
        for number, requirement in enumerate(requirements):
            if number not in found and _is_same(requirement.match_spec, cause.spec):
                found[number] = _Line(requirement, cause)
                break
    names = {need.name for cause in causes for need in cause.needs}
    names |= {spec_name(cause.spec) for cause in causes}
    others = {
        number: _Line(requirement, None)
        for number, requirement in enumerate(requirements)
        if number not in found and requirement.name in names
    }
    # one that takes any version rules nothing out, unless there is no other
    bounded = {
        number: line
        for number, line in others.items()
        if _short(line.requirement.match_spec) != line.requirement.name
    }
    # the solver's own order differs from run to run
    return [line for _, line in sorted((found | (bounded or others)).items())]


def _is_same(one: str, other: str) -> bool:
    """Compare specs as the solver writes them."""
    if spec_name(one) != spec_name(other):
        return False
    plain = [re.sub(r"[\s*=\"']", "", text.lower()) for text in (one, other)]
    return plain[0] == plain[1] or "[" in one


def _place(requirement: Requirement, text: str, manifest: str) -> str:
    place = locate(text, requirement.spec.keys)
    return f"{manifest}:{place.line}" if place else f"[{requirement.table}]"


def _words(line: _Line, known: _Known) -> tuple[str, str]:
    shown = _short(line.requirement.match_spec)
    if line.cause is None:
        return shown, ""
    telling = _telling(line.cause, known)
    needs = [_need(need, known) for need in _alternatives(telling)]
    return shown, "; ".join(filter(None, (*needs, line.cause.reason)))


def _alternatives(needs: Sequence[Need]) -> list[Need]:
    """Put what the builds of one version ask of one package into one need."""
    found: dict[tuple[str, str, str], Need] = {}
    for need in needs:
        key = (need.parent, need.verb, need.name)
        if (other := found.get(key)) is None or need.name.startswith("__"):
            found.setdefault(key, need)
            continue
        more = need.spec.removeprefix(need.name).strip()
        found[key] = replace(other, spec=f"{other.spec} or {more}")
    return list(found.values())


def _telling(cause: Cause, known: _Known) -> Sequence[Need]:
    """Choose the needs that meet what the user asks for, else the first."""
    met = [need for need in cause.needs if need.name in known.asked]
    if met:
        return met[:_MOST_NEEDS]
    packages = [need for need in cause.needs if not need.name.startswith("__")]
    return packages[:_MOST_NEEDS] or cause.needs[:1]


def _need(need: Need, known: _Known) -> str:
    words = f"{need.parent} {need.verb} {_short(need.spec)}" if need.parent else ""
    if need.name.startswith("__"):
        have = known.virtual.get(need.name)
        declares = f"declares {have.version if have else 'none'}"
        reason = f"{known.platform} of this workspace {declares}"
        return f"{words}; {reason}" if words else reason
    if need.hidden:
        return f"{words}; {need.hidden.words}"
    if need.is_unknown and need.name not in known.asked:
        return f"{words}, for which there is no candidate"
    return words


def _short(spec: str) -> str:
    return spec.removesuffix(" *")


def _table(rows: Sequence[tuple[str, str, str]]) -> tuple[str, ...]:
    kept = rows if len(rows) <= _MOST else rows[: _MOST - 1]
    first = max((len(row[0]) for row in kept), default=0)
    second = max((len(row[1]) for row in kept), default=0)
    lines = [
        f"{place:<{first}}  {shown:<{second}}   {why}".rstrip()
        for place, shown, why in kept
    ]
    if len(kept) < len(rows):
        lines.append(f"and {len(rows) - len(kept)} more requirements")
    return tuple(lines)


def _apart(lines: Sequence[_Line], members: Sequence[Environment]) -> Iterator[str]:
    """Say that a conflict is one of environments that are solved together."""
    if len(members) < 2 or not lines:  # noqa: PLR2004  two can be apart
        return
    features = {line.requirement.feature for line in lines}
    # an environment that has all of them is in conflict with itself
    if any(features <= set(each.features) for each in members):
        return
    names = [each.name for each in members if features & set(each.features)]
    group = members[0].solve_group
    yield (
        f"{', '.join(names)} are solved together; without solve-group"
        f' = "{group}" each has its own solution'
    )


def _hidden_hints(hidden: Hidden, known: _Known) -> Iterator[str]:
    if hidden.why == "priority":
        url = hidden.said
        yield f'{hidden.name} = {{ version = "*", channel = "{url}" }}   takes that one'
        yield f'channel-priority = "flexible"   in {known.manifest}, for all packages'
    elif hidden.why == "cutoff":
        yield f"exclude-newer   in {known.manifest} has to be later than {hidden.said}"


def _hints(line: _Line, known: _Known) -> Iterator[str]:
    if line.cause and line.cause.hidden:
        yield from _hidden_hints(line.cause.hidden, known)
    for need in _telling(line.cause, known) if line.cause else ():
        if need.hidden:
            yield from _hidden_hints(need.hidden, known)
        if not need.name.startswith("__"):
            continue
        platform, key = known.platform, _PLATFORM_KEYS.get(need.name)
        if key and _can_have(need.name, known):
            found = re.search(r"\d[\w.]*", need.spec)
            version = found[0] if found else _EXAMPLES.get(need.name, "1")
            entry = f'{key} = "{version}"'
            if platform in SUBDIRS:
                entry = f'platforms = [{{ platform = "{platform}", {entry} }}]'
            yield f"{entry}   in {known.manifest}, if the machines have it"
            variable = "CONDA_OVERRIDE_" + need.name.strip("_").upper()
            yield f"{variable}={version} {{command}} lock   to try it without"
        elif need.name in _HOMES:
            name, home = line.requirement.name, _HOMES[need.name]
            yield (
                f"{{command}} add {name} --platform {home}"
                f"   {platform} cannot have {need.name}"
            )


def _can_have(name: str, known: _Known) -> bool:
    return name in known.virtual or (name == "__cuda" and "__osx" not in known.virtual)
