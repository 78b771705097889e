"""Whether a distribution that lies in a prefix is the one that is locked.

The points of comparison: pixi 0.77.0, PyPI install plan (read 2026-11).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixi_jupyter.install.pypi_dists import InstalledDist
    from pixi_jupyter.solve.pypi_record import PypiRecord

_PROJECT_FILES = ("pyproject.toml", "setup.py", "setup.cfg")


def differs(
    record: PypiRecord, dist: InstalledDist, root: Path, *, is_editable: bool
) -> str:
    """Say in a few words how a distribution differs from what is locked.

    Returns
    -------
    str
        Empty where it is the same, as far as anybody can see.
    """
    if record.version and not _same_version(record.version, dist.version):
        return "another version"
    locked, there = record.requires_python, dist.requires_python
    if locked and not _same_specifiers(locked, there):
        return "made for another Python"
    url = dist.direct_url
    if url is None or record.from_index:
        return "" if url is None and record.from_index else "from another place"
    if record.is_git:
        return _other_commit(record, url)
    if record.is_directory:
        return _other_folder(record, dist, root, is_editable=is_editable)
    return _other_file(record, dist, url, root)


def _other_file(
    record: PypiRecord, dist: InstalledDist, url: Mapping[str, object], root: Path
) -> str:
    file = record.file(root)
    assert file is not None  # noqa: S101  it is an archive
    if _bare(str(url.get("url", ""))) != _bare(file.location):
        return "from another place"
    if file.path and _modified(Path(file.path)) > dist.modified:
        return "older than its file"
    return ""


def _same_version(one: str, other: str) -> bool:
    from packaging.version import InvalidVersion, Version

    try:
        return Version(one) == Version(other)
    except InvalidVersion:
        return one == other


def _same_specifiers(one: str, other: str) -> bool:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        return SpecifierSet(one) == SpecifierSet(other)
    except InvalidSpecifier:
        return one.replace(" ", "") == other.replace(" ", "")


def _other_commit(record: PypiRecord, url: Mapping[str, object]) -> str:
    info = url.get("vcs_info")
    commit = info.get("commit_id") if isinstance(info, dict) else None
    if commit != record.git.commit:
        return "another commit"
    if _bare(str(url.get("url", ""))) != _bare(record.git.url):
        return "another repository"
    if (url.get("subdirectory") or "") != record.git.subdirectory:
        return "another folder of the repository"
    return ""


def _other_folder(
    record: PypiRecord, dist: InstalledDist, root: Path, *, is_editable: bool
) -> str:
    url = dist.direct_url or {}
    info = url.get("dir_info")
    if not isinstance(info, dict):
        return "not from a folder"
    package = record.package(root)
    assert package.directory is not None  # noqa: S101  it is a folder
    folder = Path(package.directory.path)
    if Path(_bare(str(url.get("url", "")))) != folder.resolve():
        return "from another folder"
    if bool(info.get("editable", False)) != is_editable:
        return "editable, or not"
    if any(_modified(folder / name) > dist.modified for name in _PROJECT_FILES):
        return "older than its project"
    return ""


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _bare(url: str) -> str:
    """Give a URL or path without user, fragment and trailing marks."""
    from pixi_jupyter.redaction import without_secrets

    if url.startswith("file:"):
        return unquote(urlsplit(url).path)
    bare = without_secrets(url).partition("#")[0].partition("?")[0]
    return bare.removesuffix("/").removesuffix(".git")
