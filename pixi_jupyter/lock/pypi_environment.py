"""Whether the PyPI packages of an environment were solved as they would be now.

The checks that hold for all its platforms, in the order of pixi 0.77.0 (read
2026-11): indexes, what may be built, tags of wheels, pre-releases.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pixi_jupyter.lock import places
from pixi_jupyter.lock.disagreement import Finding
from pixi_jupyter.names import normalised

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Mapping, Sequence
    from pathlib import Path

    from packaging.tags import Tag

    from pixi_jupyter.lock.models import LockedEnvironment, LockedPackage
    from pixi_jupyter.lock.pypi_asked import Options, Wanted

_INDEXES_SINCE = 5
_PRERELEASE = "if-necessary-or-explicit"
_KEYS = ("pypi-options",)


@dataclass(frozen=True, slots=True, kw_only=True)
class PypiSolved:
    """The PyPI part of an environment as it is asked for, and as it was solved."""

    wanted: Sequence[Wanted]
    """On any of its platforms."""
    options: Options
    locked: LockedEnvironment
    version: int
    """Of the lock."""
    default_index: str
    root: Path
    tags: Mapping[str, Callable[[], Container[Tag] | None]]
    """What each platform can use, by its name in the lock; None: not known."""


def check_pypi_environment(solved: PypiSolved) -> list[Finding]:
    """List what was solved in another way than it would be now."""
    if not solved.wanted:
        # the one option that a lock has also where nothing is asked of PyPI
        return [*_prerelease(solved)]
    return [
        *_indexes(solved),
        *_links(solved),
        *_unbuilt(solved),
        *_tags(solved),
        *_prerelease(solved),
    ]


def _finding(kind: str, text: str, *keys: str) -> Finding:
    return Finding(kind, text, (*_KEYS, *keys), keeps_hints=False, scope="pypi")  # type: ignore[arg-type]  # one of the subjects


def _packages(solved: PypiSolved) -> Iterator[tuple[str, LockedPackage]]:
    for platform, row in solved.locked.packages.items():
        yield from ((platform, package) for package in row if package.kind == "pypi")


def _indexes(solved: PypiSolved) -> Iterator[Finding]:
    uv, have = solved.options.uv, solved.locked.indexes
    if have is None:
        is_old = solved.version < _INDEXES_SINCE
        if not is_old and any(True for _ in _packages(solved)):
            text = "the lock does not say from which indexes its PyPI packages are"
            yield _finding("pypi-indexes", text)
        return
    first = uv.index_url or solved.default_index or next(iter(have), "")
    wanted = (first, *uv.extra_index_urls)
    if wanted != have:
        mine, other = (", ".join(map(places.shown, each)) for each in (wanted, have))
        text = f"the indexes are {mine}, the lock was solved with {other or 'none'}"
        yield _finding("pypi-indexes", text)


def _links(solved: PypiSolved) -> Iterator[Finding]:
    if solved.locked.indexes is None:
        return
    wanted = [_link(each, solved.root) for each in solved.options.find_links]
    have = [_link(each, solved.root) for each in solved.locked.find_links or ()]
    if wanted != have:
        mine, other = (", ".join(each) or "none" for each in (wanted, have))
        text = f"find-links are {mine}, the lock was solved with {other}"
        yield _finding("pypi-indexes", text, "find-links")


def _link(link: object, root: Path) -> str:
    table = link if isinstance(link, dict) else {"url": str(link)}
    if "path" in table:
        return places.absolute(str(table["path"]), root)
    return places.shown(str(table.get("url", "")))


def _unbuilt(solved: PypiSolved) -> Iterator[Finding]:
    no_build = solved.options.uv.no_build
    if not no_build:
        return
    listed = () if isinstance(no_build, bool) else no_build
    names = {normalised(name) for name in listed}
    editable = {
        each.name for each in solved.wanted if (each.source or {}).get("editable")
    }
    found = {
        package.name
        for _, package in _packages(solved)
        if not package.location.lower().endswith(".whl")
        and package.name not in editable
        and (no_build is True or normalised(package.name) in names)
    }
    for name in sorted(found):
        text = f"{name} is locked as a source, no-build allows wheels only"
        yield _finding("pypi-no-build", text, "no-build")


def _tags(solved: PypiSolved) -> Iterator[Finding]:
    from packaging.utils import InvalidWheelFilename, parse_wheel_filename

    known: dict[str, Container[Tag] | None] = {}
    for platform, package in _packages(solved):
        file_name = _bare(package.file_name)
        if not file_name.endswith(".whl") or platform not in solved.tags:
            continue
        if platform not in known:
            known[platform] = solved.tags[platform]()
        usable = known[platform]
        try:
            tags = parse_wheel_filename(file_name)[3]
        except InvalidWheelFilename:
            continue
        if usable is not None and not any(tag in usable for tag in tags):
            text = f"{file_name} is locked, {platform} cannot use it"
            yield Finding(
                "pypi-tags",
                text,
                ("workspace", "platforms"),
                keeps_hints=False,
                scope="pypi",
            )


def _bare(file_name: str) -> str:
    from urllib.parse import unquote

    return unquote(file_name.partition("?")[0].partition("#")[0])


def _prerelease(solved: PypiSolved) -> Iterator[Finding]:
    wanted = solved.options.uv.prerelease or _PRERELEASE
    have = solved.locked.options.get("pypi-prerelease-mode", _PRERELEASE)
    if wanted != have:
        text = f"the prerelease mode is {wanted}, the lock was solved with {have}"
        yield _finding("pypi-prerelease", text, "prerelease-mode")
