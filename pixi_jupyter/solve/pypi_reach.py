"""The part of a solve group's PyPI packages that one of its environments needs.

Rules: pixi 0.77.0, splitting a group's solution (read 2026-11): names and extras
count, versions and markers do not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.names import normalised

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pixi_jupyter.names import Project
    from pixi_jupyter.solve.pypi_record import PypiRecord


def reachable_pypi(
    records: Iterable[PypiRecord],
    requirements: Iterable[str],
    provided: Mapping[str, Project],
) -> tuple[list[PypiRecord], list[str]]:
    """Give what is reached from the requirements of an environment.

    Parameters
    ----------
    records
        The solution of the group.
    requirements
        What the environment asks of PyPI, as PEP 508.
    provided
        What conda brings to the group.

    Returns
    -------
    tuple
        Records, sorted by name, and names of conda packages: what those need in turn
        is reached too.
    """
    known = {record.name: record for record in records}
    pending = list(map(_name_and_extras, requirements))
    found: dict[str, PypiRecord] = {}
    conda: set[str] = set()
    walked: set[tuple[str, str]] = set()
    while pending:
        name, extras = pending.pop()
        if (record := known.get(name)) is None:
            if name in provided:
                conda.add(provided[name].conda_name)
            continue
        found[name] = record
        for extra in ("", *extras):
            if (name, extra) not in walked:
                walked.add((name, extra))
                pending += _below(record, extra)
    return [found[name] for name in sorted(found)], sorted(conda)


def _name_and_extras(text: str) -> tuple[str, tuple[str, ...]]:
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        found = Requirement(text)
    except InvalidRequirement:
        return "", ()
    return normalised(found.name), tuple(sorted(map(normalised, found.extras)))


def _below(record: PypiRecord, extra: str) -> list[tuple[str, tuple[str, ...]]]:
    """List what a package needs, or what one of its extras adds."""
    below = []
    for text in record.requires_dist:
        marker = text.partition(";")[2]
        if ("extra" in marker) == bool(extra) and (not extra or _names(marker, extra)):
            below.append(_name_and_extras(text))
    return below


def _names(marker: str, extra: str) -> bool:
    text = marker.lower().replace("_", "-")
    return f"'{extra}'" in text or f'"{extra}"' in text
