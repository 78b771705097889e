"""Whether a locked PyPI package is what one requirement asks for.

Rules: pixi 0.77.0, lock satisfiability (read 2026-11).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from pixi_jupyter.lock import places
from pixi_jupyter.lock.disagreement import Finding
from pixi_jupyter.lock.pypi_asked import version_text
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from packaging.requirements import Requirement

    from pixi_jupyter.lock.models import LockedPackage
    from pixi_jupyter.lock.pypi_asked import PypiRow, Wanted
    from pixi_jupyter.names import Project

_REFERENCES_SINCE = 7
"""Locks of older versions may leave out which branch or tag was asked for."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A requirement, and who has it."""

    requirement: Requirement
    wanted: Wanted | None
    """Of the manifest; None where a package has it."""
    parent: str
    """Name of the manifest, or name and version of the package."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Path of the requirement in the manifest."""
        return self.wanted.keys if self.wanted else ()

    @property
    def index(self) -> str | None:
        """The one index that must have it."""
        return self.wanted.index if self.wanted else None

    @property
    def source(self) -> dict[str, object] | None:
        """The place that it asks for: a table as in a manifest."""
        if self.wanted is not None and self.wanted.source is not None:
            return dict(self.wanted.source)
        url = self.requirement.url
        if url is None:
            return None
        if url.startswith("git+"):
            bare, _, fragment = url.partition("#")
            found = places.locked_repository(bare)
            assert found is not None  # noqa: S101  it begins so
            inside = dict(x.split("=", 1) for x in fragment.split("&") if "=" in x)
            table: dict[str, object] = {"git": found.url, **inside}
            # whether the reference is a branch, a tag or a commit, nobody says
            return {**table, "": found.reference} if found.reference else table
        return {"path" if places.is_path(url) else "url": url}

    def said(self, what: str) -> str:
        """Say that the manifest asks for something, or that a package needs it."""
        if self.wanted is not None:
            return f"{self.parent} asks for {what}"
        return f"{self.parent} needs it {what}"


def misfit(ask: Ask, package: LockedPackage, row: PypiRow) -> Finding | None:
    """Tell why a locked package is not what is asked for; None where it is."""
    if (source := ask.source) is not None:
        return _place(ask, source, package, row)
    if text := _version(ask, package):
        return Finding("pypi", text, ask.keys)
    return _index(ask, package, row)


def _version(ask: Ask, package: LockedPackage) -> str:
    specifier, location = ask.requirement.specifier, package.location
    if not specifier or (ask.wanted is None and places.is_path(location)):
        return ""
    version = package.version
    if version and specifier.contains(version, prereleases=True):
        return ""
    name, text = package.name, version_text(ask.requirement)
    have = f"{name} {version}" if version else f"{name} without a version"
    if ask.wanted is not None:
        return f"{have} of PyPI is locked, {ask.parent} asks for {text}"
    return f"{ask.parent} needs {name} {text} of PyPI, the lock has {version or 'none'}"


def _index(ask: Ask, package: LockedPackage, row: PypiRow) -> Finding | None:
    locked = package.fields.get("index")
    if ask.wanted is None:
        return None
    if ask.index is not None:
        # without one it is from the environment's first
        have = str(locked or next(iter(row.origins), row.default_index))
        if have == ask.index or not (locked or _knows_index(row, package)):
            return None
        text = f"{package.name} is locked from {places.shown(have)}"
        text += f", {row.manifest} asks for it from {places.shown(ask.index)}"
        return Finding("pypi-place", text, ask.keys)
    known = row.origins or ((row.default_index,) if row.default_index else ())
    if locked is None or not known:
        return None
    have = str(locked).rstrip("/")
    if have in {each.rstrip("/") for each in known}:
        return None
    text = f"{package.name} is locked from {places.shown(have)}, no index of its own"
    text += " is asked for any more"
    return Finding("pypi-place", text, ask.keys)


def _knows_index(row: PypiRow, package: LockedPackage) -> bool:
    has_index = "://" in package.location and "+" not in package.location.split(":")[0]
    return row.version >= _REFERENCES_SINCE and has_index


def _place(
    ask: Ask, source: dict[str, object], package: LockedPackage, row: PypiRow
) -> Finding | None:
    location = package.location
    if "git" in source:
        fits = _is_repository(ask, source, location, row)
    elif "path" in source:
        fits = places.is_path(location) and places.absolute(
            location, row.root
        ) == places.asked_path(source, row.root)
    else:
        is_url = location.startswith("direct+") and "git+" not in location
        fits = is_url and places.bare_url(location) == places.bare_url(
            cast("str", source["url"])
        )
    if fits:
        return None
    wanted = places.source_shown({k: v for k, v in source.items() if k})
    text = f"{package.name} is locked from {places.shown(location)}, "
    text += ask.said(wanted if ask.wanted is not None else f"from {wanted}")
    return Finding("pypi-place", text, ask.keys)


def _is_repository(
    ask: Ask, source: dict[str, object], location: str, row: PypiRow
) -> bool:
    locked = places.locked_repository(location)
    if locked is None:
        return False
    asked = places.asked_repository(source)
    if "" in source:
        asked = places.Repository(
            url=asked.url,
            reference=str(source[""]),
            subdirectory=asked.subdirectory,
        )
    if ask.wanted is not None and asked.lfs != locked.lfs:
        return False
    knows = row.version >= _REFERENCES_SINCE
    return places.is_same_repository(asked, locked, knows_references=knows)


def conda_misfit(ask: Ask, project: Project) -> Finding | None:
    """Tell why what conda brings is not what is asked of PyPI; None where it is."""
    have = f"{project.conda_name} {project.version}"
    if (source := ask.source) is not None:
        wanted = places.source_shown({k: v for k, v in source.items() if k})
        said = ask.said(wanted if ask.wanted is not None else f"from {wanted}")
        return Finding("pypi-by-conda", f"{have} is conda's, {said}", ask.keys)
    if ask.requirement.specifier.contains(project.version, prereleases=True):
        return None
    said = ask.said(f"{project.name} {version_text(ask.requirement)} of PyPI")
    if ask.wanted is None:
        text = version_text(ask.requirement)
        said = f"{ask.parent} needs {project.name} {text} of PyPI"
    return Finding("pypi-by-conda", f"{have} is conda's, {said}", ask.keys)
