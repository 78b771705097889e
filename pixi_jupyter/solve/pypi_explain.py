"""From uv's answer to the lines of the manifest, and the conda packages, that meet.

uv tells a conflict as a chain of "because". Named here are its ends: what a person
asked for, and what the conda part of the solution has fixed before.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pixi_jupyter.errors import PypiResolutionError
from pixi_jupyter.manifest.locate import locate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pixi_jupyter.manifest.compose import Requirement
    from pixi_jupyter.names import Project
    from pixi_jupyter.solve.pypi_requirements import PypiRequirement

_MOST = 6
_NEEDS = re.compile(
    r"(?:all versions of )?(?P<who>[\w.-]+)(?P<version>[=<>!~][^\s,]*)? depends? on "
    r"(?P<what>[\w.-]+(?:\[[^\]]*\])?[=<>!~][^\s]*?)(?=,? (?:and|we)|,?$)"
)


def explain_pypi(
    error: PypiResolutionError,
    requirements: Sequence[PypiRequirement],
    manifest_text: str,
    *,
    provided: Mapping[str, Project],
    manifest: str = "pixi.toml",
    conda_requirements: Sequence[Requirement] = (),
) -> PypiResolutionError:
    """Name the requirements and conda packages that meet in a conflict.

    Parameters
    ----------
    error
        What uv said.
    requirements
        What was asked of PyPI on that platform.
    manifest_text
        To find lines in.
    provided
        What conda brings, by its name on PyPI: see `names.projects`.
    manifest
        The manifest's name, for the places.
    conda_requirements
        What was asked of the channels on that platform.

    Returns
    -------
    PypiResolutionError
        The same, with at most six lines in `guilty` and with hints.
    """
    pinned = [name for name in error.pinned if name in provided]
    asked = [each for each in requirements if _is_named(each.name, error.report)]
    conda = {each.name: each for each in conda_requirements}
    rows = [
        (_place(each, manifest_text, manifest), each.shown, "of PyPI")
        for each in asked[:_MOST]
    ]
    rows += [("", f"{who} needs {what}", "") for who, what in _needs(error, pinned)]
    for name in pinned:
        project = provided[name]
        wanted = conda.get(project.conda_name)
        place = _place(wanted, manifest_text, manifest) if wanted else ""
        have = f"{project.conda_name} {project.version}"
        why = f"conda's, from {_channel(project.channel)}"
        why += f", for {wanted.match_spec.removesuffix(' *')}" if wanted else ""
        rows.append((place, have, why))
    hints = [hint for name in pinned for hint in _hints(provided[name], asked)]
    return PypiResolutionError(
        error.environment,
        platform=error.platform,
        report=error.report,
        guilty=_table(rows) or error.guilty,
        hints=tuple(dict.fromkeys((*error.hints, *hints))),
        pinned=error.pinned,
    )


def _is_named(name: str, report: str) -> bool:
    return bool(re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-]|\.\w)", report))


def _needs(
    error: PypiResolutionError, pinned: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Find who, of PyPI, needs another version of what conda has."""
    seen = set()
    for found in _NEEDS.finditer(error.report):
        name = re.split(r"[\[=<>!~]", found["what"])[0]
        if name in pinned and found["who"] not in {"manifest", "you", "versions"}:
            version = (found["version"] or "").removeprefix("==")
            pair = (f"{found['who']} {version}".strip(), found["what"])
            if pair not in seen:
                seen.add(pair)
                yield pair


def _place(requirement: PypiRequirement | Requirement, text: str, manifest: str) -> str:
    keys = getattr(requirement, "keys", ()) or getattr(
        getattr(requirement, "spec", None), "keys", ()
    )
    place = locate(text, keys) if keys else None
    return f"{manifest}:{place.line}" if place else f"[{requirement.table}]"


def _channel(url: str) -> str:
    return url.rstrip("/").rsplit("/", 1)[-1] or "a channel"


def _hints(project: Project, asked: Sequence[PypiRequirement]) -> Iterator[str]:
    name = project.conda_name
    if any(each.name == project.name for each in asked):
        yield f"{{command}} remove --pypi {project.name}   conda brings it already"
    yield f"{{command}} add '{name} *'   lets conda take another version"
    yield (
        f"{{command}} remove {name} && {{command}} add --pypi {project.name}"
        "   takes it from PyPI"
    )


def _table(rows: Sequence[tuple[str, str, str]]) -> tuple[str, ...]:
    kept = rows if len(rows) <= _MOST else rows[: _MOST - 1]
    first = max((len(row[0]) for row in kept), default=0)
    second = max((len(row[1]) for row in kept), default=0)
    lines = [
        f"{place:<{first}}  {shown:<{second}}   {why}".rstrip()
        for place, shown, why in kept
    ]
    if len(kept) < len(rows):
        lines.append(f"and {len(rows) - len(kept)} more")
    return tuple(lines)
