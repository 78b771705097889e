"""One PyPI package as a lock has it: made from uv's answer, and given back to uv.

Forms of locations: pixi 0.77.0 and rattler_lock (read 2026-11).
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from pixi_jupyter.adapters.uv import Directory, File, Package, Repository
from pixi_jupyter.names import normalised
from pixi_jupyter.redaction import without_secrets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixi_jupyter.solve.pypi_requirements import PypiRequirement

_ARCHIVES = (".whl", ".zip", ".tar.gz", ".tar.bz2", ".tar.xz", ".tgz")
_REFERENCES = ("rev", "tag", "branch")


@dataclass(frozen=True, slots=True, kw_only=True)
class PypiRecord:
    """One package of PyPI that was decided on."""

    location: str
    """URL or path, in the form of a lock: ``direct+…`` and ``git+…`` where it was
    asked for by its place."""
    name: str
    """Normalised."""
    version: str = ""
    """Empty where a folder says it only when it is built."""
    sha256: str = ""
    md5: str = ""
    index: str = ""
    """URL of the index that it is from; empty for uv's own default."""
    requires_dist: tuple[str, ...] = ()
    requires_python: str = ""

    @property
    def fields(self) -> dict[str, object]:
        """All but the location, in the order and words of a lock."""
        found: dict[str, object] = {
            "name": self.name,
            "version": self.version,
            "sha256": self.sha256,
            "md5": "" if self.sha256 else self.md5,
            "index": self.index,
            "requires_dist": list(self.requires_dist),
            "requires_python": self.requires_python,
        }
        return {key: value for key, value in found.items() if value}

    @classmethod
    def from_fields(cls, location: str, fields: Mapping[str, Any]) -> PypiRecord:
        """Read what a lock says of a package."""
        return cls(
            location=location,
            name=normalised(str(fields.get("name", ""))),
            version=str(fields.get("version") or ""),
            sha256=str(fields.get("sha256") or ""),
            md5=str(fields.get("md5") or ""),
            index=str(fields.get("index") or ""),
            requires_dist=tuple(map(str, fields.get("requires_dist") or ())),
            requires_python=str(fields.get("requires_python") or ""),
        )

    @property
    def is_git(self) -> bool:
        """Whether it is a commit of a repository."""
        return self.location.startswith("git+")

    @property
    def is_url(self) -> bool:
        """Whether its location is no path."""
        return "://" in self.location

    @property
    def is_directory(self) -> bool:
        """Whether it is a folder of sources."""
        return not self.is_url and not self.location.lower().endswith(_ARCHIVES)

    @property
    def from_index(self) -> bool:
        """Whether an index has it."""
        return self.is_url and not self.is_git and not self._is_direct

    @property
    def _is_direct(self) -> bool:
        return self.location.startswith("direct+")

    @property
    def git(self) -> Repository:
        """The commit, where it is one."""
        bare, _, commit = self.location.removeprefix("git+").partition("#")
        url, _, query = bare.partition("?")
        said = dict(parse_qsl(query))
        requested = next((said[key] for key in _REFERENCES if key in said), "")
        return Repository(
            url=url,
            commit=commit,
            requested=requested,
            subdirectory=said.get("subdirectory", ""),
        )

    def package(self, root: Path, *, editable: bool = False) -> Package:
        """Give the form in which uv installs it.

        Parameters
        ----------
        root
            What relative paths start from.
        editable
            Whether a folder is installed by reference.
        """
        if self.is_git:
            return Package(name=self.name, version=self.version, repository=self.git)
        if self.is_directory:
            folder = Directory(path=str(self._path(root)), editable=editable)
            return Package(name=self.name, directory=folder)
        sha256, md5 = self.sha256, "" if self.sha256 else self.md5
        if not self.is_url:
            file = File(path=str(self._path(root)), sha256=sha256, md5=md5)
            return Package(name=self.name, version=self.version, archive=file)
        file = File(url=self.location.removeprefix("direct+"), sha256=sha256, md5=md5)
        if self._is_direct:
            return Package(name=self.name, version=self.version, archive=file)
        if file.is_wheel:
            return Package(name=self.name, version=self.version, wheels=(file,))
        return Package(name=self.name, version=self.version, sdist=file)

    def file(self, root: Path) -> File | None:
        """Give the file that is installed or built, if it is one."""
        package = self.package(root)
        return package.archive or package.sdist or next(iter(package.wheels), None)

    def _path(self, root: Path) -> Path:
        return Path(os.path.normpath(root / self.location))


def location_of(
    package: Package,
    file: File | None,
    requirement: PypiRequirement | None,
    root: Path,
) -> str:
    """Give the location of a package in the words of a lock.

    Parameters
    ----------
    file
        The wheel or sdist that was chosen.
    requirement
        The one that names its place, if the manifest has it.
    root
        The workspace's folder; paths in it are relative.
    """
    source = requirement.source if requirement and requirement.source else {}
    if package.repository is not None:
        return _git_location(package.repository, source)
    if package.directory is not None:
        inside = package.directory.subdirectory
        path = Path(package.directory.path, inside) if inside else None
        return _path_text(str(path or package.directory.path), source, root)
    assert file is not None  # noqa: S101  it comes as a file
    if file.path:
        return _path_text(file.path, source, root)
    if file.url.startswith("file:"):
        return _path_text(unquote(urlsplit(file.url).path), source, root)
    url = without_secrets(file.url)
    if package.archive is None:
        return url.partition("#")[0]
    inside = f"#subdirectory={file.subdirectory}" if file.subdirectory else ""
    return f"direct+{url.partition('#')[0]}{inside}"


def _git_location(repository: Repository, source: Mapping[str, Any]) -> str:
    asked = [(key, str(source[key])) for key in _REFERENCES if key in source]
    if not source and repository.requested:
        asked = [("rev", repository.requested)]
    lfs = [("lfs", "true")] if source.get("lfs") else []
    inside = source.get("subdirectory") or repository.subdirectory
    pairs = [("subdirectory", str(inside))] if inside else []
    query = "&".join(f"{key}={quote(x, safe='')}" for key, x in (*pairs, *lfs, *asked))
    url = without_secrets(str(source.get("git") or repository.url))
    url = url.removeprefix("git+")
    return f"git+{url}{'?' if query else ''}{query}#{repository.commit}"


def _path_text(path: str, source: Mapping[str, Any], root: Path) -> str:
    """Give a path as it was written, or relative to the workspace."""
    written = source.get("path")
    if isinstance(written, str) and not source.get("subdirectory"):
        text = written.replace("\\", "/")
        if re.match(r"/|[A-Za-z]:|\.\./|\./|\.\.$", text):
            return text
        return "./" if text == "." else f"./{text}"
    try:
        inside = Path(path).relative_to(root.resolve()).as_posix()
    except ValueError:
        return path
    return "./" if inside == "." else f"./{inside}"
