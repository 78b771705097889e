"""From uv's answer to the lines of the manifest, and the conda packages, that meet.

uv tells a conflict as a chain of "because". Named here are its ends: what a person
asked for, and what the conda part of the solution has fixed before.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from pixi_jupyter.errors import PypiResolutionError
from pixi_jupyter.manifest.locate import locate
from pixi_jupyter.names import normalised

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from pixi_jupyter.manifest.compose import Requirement
    from pixi_jupyter.names import Project
    from pixi_jupyter.solve.pypi_requirements import PypiRequirement

_MOST = 6
_PYTHON = "python"
_NOBODY = frozenset(("manifest", "you", "versions"))
_OTHER_PYTHON = re.compile(
    r"Python version \((?P<version>[\d.]+)\) does not satisfy Python"
)
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
    meeting = {*pinned, *(each.name for each in asked)}
    needs = _needs(error.report, meeting)
    rows += [("", f"{who} needs {what}", "") for who, what in needs]
    for name in pinned:
        project = provided[name]
        wanted = conda.get(project.conda_name)
        place = _place(wanted, manifest_text, manifest) if wanted else ""
        have = f"{project.conda_name} {project.version}"
        why = f"conda's, from {_channel(project.channel)}"
        why += f", for {wanted.match_spec.removesuffix(' *')}" if wanted else ""
        rows.append((place, have, why))
    rows += _python_row(error.report, conda.get(_PYTHON), manifest_text, manifest)
    hints = [hint for name in pinned for hint in _hints(provided[name], asked)]
    hints += _loosening(needs, asked, pinned)
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


def _needs(report: str, meeting: Collection[str]) -> list[tuple[str, str]]:
    """Find who, of PyPI, needs what somebody else asks for in another version.

    Parameters
    ----------
    meeting
        Names that conda or the manifest has a word on, besides `report`.
    """
    pairs: dict[tuple[str, str], str] = {}
    for found in _NEEDS.finditer(report):
        if found["who"] not in _NOBODY:
            version = (found["version"] or "").removeprefix("==")
            who = f"{found['who']} {version}".strip()
            name = normalised(re.split(r"[\[=<>!~]", found["what"])[0])
            pairs.setdefault((who, found["what"]), name)
    times = Counter(pairs.values())
    return [
        pair
        for pair, name in pairs.items()
        if name in meeting or name == _PYTHON or times[name] > 1
    ]


def _python_row(
    report: str, wanted: Requirement | None, text: str, manifest: str
) -> Iterator[tuple[str, str, str]]:
    """Name the Python that is too old, or too new, for something."""
    if found := _OTHER_PYTHON.search(report):
        place = _place(wanted, text, manifest) if wanted else ""
        asked = f", for {wanted.match_spec.removesuffix(' *')}" if wanted else ""
        yield place, f"python {found['version']}", f"conda's{asked}"


def _loosening(
    needs: Iterable[tuple[str, str]],
    asked: Sequence[PypiRequirement],
    pinned: Sequence[str],
) -> Iterator[str]:
    """Say which lines of the manifest could give way."""
    named = {normalised(re.split(r"[\[=<>!~]", what)[0]) for _, what in needs}
    if _PYTHON in named:
        yield f"{{command}} upgrade {_PYTHON}   takes the newest that the rest allows"
    for each in asked:
        is_bound = each.name != normalised(each.shown)
        if each.name in named and each.name not in pinned and is_bound:
            yield f"{{command}} upgrade {each.name}   lets it be another version"


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
