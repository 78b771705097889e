"""Which installed package stands against ipykernel, in words.

The solver says what does not fit; that the other side is installed, and who holds
it there, is known to us alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pixi_jupyter.adapters.rattler import RepoDataRecord

_REQUIRER = re.compile(r"(?P<name>\S+) .* would (?:require|constrain)$")
_REQUIRED = re.compile(r"(?P<name>\S+) (?P<spec>.+?), (?:for )?which ")
_UNKNOWN = re.compile(r"No candidates were found for (?P<name>\S+) ")
_HOLDS = re.compile(r"(?<![>!])[=<~]")
"""In a spec that keeps a package from being newer."""


@dataclass(frozen=True, slots=True)
class _Need:
    """One line of the report: a package and what it asks for."""

    requirer: str
    name: str
    spec: str


def find_blockers(
    report: str, installed: Sequence[RepoDataRecord], channels: Sequence[str]
) -> tuple[str, ...]:
    """Say which installed packages do not go with ipykernel.

    Parameters
    ----------
    report
        The solver's tree.
    installed
        The records of the environment.
    channels
        Where ipykernel was looked for.
    """
    if unknown := _UNKNOWN.match(report):
        places = ", ".join(channels) or "no channel"
        return (f"{unknown['name']} is in none of the channels: {places}",)
    needs = list(dict.fromkeys(_needs(report)))
    lines = dict.fromkeys(
        line
        for need in needs
        for line in (*_installed(need, installed), *_constrained(need, installed))
    )
    return tuple(lines)


def _needs(report: str) -> Iterator[_Need]:
    above: list[tuple[int, str]] = []
    for line in report.splitlines():
        text = line.lstrip("├│└─ \t")
        depth = len(line) - len(text)
        while above and above[-1][0] >= depth:
            above.pop()
        if requirer := _REQUIRER.match(text):
            above.append((depth, requirer["name"]))
        elif (required := _REQUIRED.match(text)) and above:
            yield _Need(above[-1][1], required["name"], required["spec"])


def _installed(need: _Need, installed: Sequence[RepoDataRecord]) -> Iterator[str]:
    from pixi_jupyter.adapters.rattler import match_spec

    wanted = match_spec(f"{need.name} {need.spec}")
    for record in installed:
        name = record.name.normalized
        if name != need.name or record.matches(wanted):
            continue
        yield (
            f"{name} {record.version} is installed,"
            f" {need.requirer} needs {name} {need.spec}"
        )
        for holder in installed:
            for depend in holder.depends:
                held, _, spec = depend.partition(" ")
                if held == name and _HOLDS.search(spec):
                    yield (
                        f"{holder.name.normalized} {holder.version} holds it there,"
                        f" with {depend}"
                    )


def _constrained(need: _Need, installed: Sequence[RepoDataRecord]) -> Iterator[str]:
    for record in installed:
        for constraint in record.constrains:
            if constraint.partition(" ")[0] == need.name:
                yield (
                    f"{record.name.normalized} {record.version} goes only with"
                    f" {constraint}, {need.requirer} needs {need.name} {need.spec}"
                )
