"""What a manifest asks of PyPI, as uv is asked.

Rules: pixi 0.77.0, pypi-dependencies (read 2026-11).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import InvalidRequirementError
from pixi_jupyter.manifest.locate import dotted
from pixi_jupyter.manifest.merge import overlaid
from pixi_jupyter.manifest.models import ProjectRequirements
from pixi_jupyter.manifest.selectors import parse_selector
from pixi_jupyter.names import normalised

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pixi_jupyter.manifest.merge import Merged
    from pixi_jupyter.manifest.models import Feature, Manifest
    from pixi_jupyter.platforms import Platform

TABLE = "pypi-dependencies"
_PLACES = ("git", "path", "url")
_REFERENCES = ("rev", "tag", "branch")
_KEYS = frozenset(
    (
        *_PLACES,
        *_REFERENCES,
        *("version", "extras", "index", "editable", "subdirectory", "lfs"),
        *("markers", "env-markers"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PypiRequirement:
    """One thing that a feature asks of PyPI."""

    name: str
    """Normalised."""
    text: str
    """PEP 508; without the place where `source` has one."""
    source: Mapping[str, Any] | None = None
    """git, path or url, and what goes with it; None for an index."""
    index: str | None = None
    """URL of the one index that has it."""
    feature: str = "default"
    keys: tuple[str, ...] = ()
    """Path of the requirement in the file."""

    @property
    def table(self) -> str:
        """Dotted path of the table that says so, as in the file."""
        return dotted(self.keys[:-1])

    @property
    def shown(self) -> str:
        """The requirement in a few words."""
        if self.source is None:
            return self.text
        kind = next(key for key in _PLACES if key in self.source)
        return f"{self.text} ({kind} {self.source[kind]})"

    @property
    def is_direct(self) -> bool:
        """Whether it names the very file, folder or repository."""
        return self.source is not None or " @ " in self.text

    @property
    def editable(self) -> bool | None:
        """Whether a folder is to be installed by reference; None: not said."""
        return self.source.get("editable") if self.source else None

    def holds(self, markers: Mapping[str, str]) -> bool:
        """Tell whether it is meant for a platform and Python."""
        from packaging.requirements import Requirement

        marker = Requirement(self.text).marker
        return marker is None or marker.evaluate({**markers, "extra": ""})

    def accepts(self, version: str) -> bool:
        """Tell whether a version will do."""
        from packaging.requirements import Requirement

        return Requirement(self.text).specifier.contains(version, prereleases=True)


def read_requirements(merged: Merged, platform: Platform) -> list[PypiRequirement]:
    """List what is asked for on a platform, in the order of the features.

    Raises
    ------
    InvalidRequirementError
    """
    found: list[PypiRequirement] = []
    for feature in merged.parts_on(platform):
        for name, (value, keys) in _table(merged.manifest, feature, platform).items():
            found += parse_requirement(name, value, keys=keys, feature=feature.name)
    return found


def _table(
    manifest: Manifest, feature: Feature, platform: Platform
) -> dict[str, tuple[object, tuple[str, ...]]]:
    """Give values and their places, by normalised name; later tables win."""
    top = _top(manifest, feature.name)
    rows = [((*top, TABLE), feature.default)]
    rows += [
        ((*top, "target", selector, TABLE), target)
        for selector, target in feature.targets
        if parse_selector(selector).matches(platform)
    ]
    return overlaid(
        {
            normalised(name): (value, (*keys, name))
            for name, value in target.pypi_dependencies.items()
        }
        for keys, target in rows
    )


def _top(manifest: Manifest, feature: str) -> tuple[str, ...]:
    prefix = () if manifest.kind == "pixi" else ("tool", "pixi")
    if feature == "default":
        return prefix
    if feature.startswith("@"):
        return (*prefix, "environments", feature[1:])
    return (*prefix, "feature", feature)


def parse_requirement(
    name: str,
    value: object,
    *,
    keys: tuple[str, ...] = (),
    feature: str = "default",
) -> list[PypiRequirement]:
    """Read one value of a table of PyPI dependencies.

    Parameters
    ----------
    name
        As written, or normalised.
    value
        A version, a table, or what a pyproject.toml says elsewhere.

    Raises
    ------
    InvalidRequirementError
    """
    if isinstance(value, ProjectRequirements):
        found = [
            _made(normalised(name), text, keys=("project", "dependencies"), at=feature)
            for text in value.texts
        ]
        if value.table is not None:
            found += parse_requirement(name, value.table, keys=keys, feature=feature)
        return found
    if isinstance(value, str):
        value = {"version": value}
    if not isinstance(value, dict):
        raise InvalidRequirementError(name, reason="a version or a table belongs here")
    table: dict[str, Any] = value
    where = dotted(keys)
    _check(name, table, where)
    version = str(table.get("version", "*")).strip()
    extras = ",".join(map(str, table.get("extras") or ()))
    text = normalised(name) + (f"[{extras}]" if extras else "")
    text += "" if version == "*" else version
    if marker := table.get("markers") or table.get("env-markers"):
        text += f" ; {marker}"
    source = {
        key: table[key]
        for key in (*_PLACES, *_REFERENCES, "subdirectory", "editable", "lfs")
        if key in table
    }
    made = _made(
        normalised(name), text, keys=keys, at=feature, index=table.get("index")
    )
    return [_replaced(made, source)] if source else [made]


def _replaced(made: PypiRequirement, source: Mapping[str, Any]) -> PypiRequirement:
    return replace(made, source=source)


def _made(
    name: str,
    text: str,
    *,
    keys: tuple[str, ...],
    at: str,
    index: str | None = None,
) -> PypiRequirement:
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        Requirement(text)
    except InvalidRequirement as error:
        reason = str(error).splitlines()[0]
        raise InvalidRequirementError(
            text, reason=reason, where=dotted(keys)
        ) from error
    return PypiRequirement(name=name, text=text, index=index, feature=at, keys=keys)


def _check(name: str, table: Mapping[str, Any], where: str) -> None:
    unknown = [key for key in table if key not in _KEYS]
    if unknown:
        reason = f"{unknown[0]} is not known here"
        raise InvalidRequirementError(name, reason=reason, where=where)
    for one, others in (
        (_PLACES, _PLACES),
        (_REFERENCES, _REFERENCES),
        (("version", "index"), _PLACES),
        (("editable",), ("git", "url")),
        ((*_REFERENCES, "lfs"), ("path", "url")),
    ):
        if pair := next(_pairs(table, one, others), None):
            reason = f"{pair[0]} cannot be used with {pair[1]}"
            raise InvalidRequirementError(name, reason=reason, where=where)
    if "git" not in table and (lone := [x for x in _REFERENCES if x in table]):
        reason = f"{lone[0]} belongs to git"
        raise InvalidRequirementError(name, reason=reason, where=where)


def _pairs(
    table: Mapping[str, Any], one: tuple[str, ...], others: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    for first in one:
        for second in others:
            if first != second and first in table and second in table:
                yield first, second


def uv_source(requirement: PypiRequirement, root: Path) -> dict[str, Any] | None:
    """Give the table of ``tool.uv.sources`` that a requirement needs.

    Parameters
    ----------
    root
        What relative paths start from.
    """
    if requirement.source is None:
        return None
    found = {key: value for key, value in requirement.source.items() if key != "lfs"}
    if requirement.source.get("lfs"):
        found["lfs"] = True
    if "path" in found:
        found["path"] = str((root / str(found["path"])).resolve())
        if (subdirectory := found.pop("subdirectory", None)) is not None:
            found["path"] = str((root / found["path"] / subdirectory).resolve())
    return found
