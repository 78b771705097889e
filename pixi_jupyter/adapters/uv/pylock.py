"""The file in which uv gives and takes packages: ``pylock.NAME.toml`` (PEP 751)."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from pixi_jupyter.adapters.toml import TomlError, parse_toml, tomlkit
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A wheel, or an archive of sources."""

    url: str = ""
    """Empty where it is a file on this machine."""
    path: str = ""
    sha256: str = ""
    md5: str = ""
    size: int | None = None
    """In bytes."""
    subdirectory: str = ""

    @property
    def location(self) -> str:
        """URL or path."""
        return self.url or self.path

    @property
    def name(self) -> str:
        """Of the file."""
        bare = self.location.partition("#")[0].partition("?")[0]
        return bare.replace("\\", "/").rsplit("/", 1)[-1]

    @property
    def is_wheel(self) -> bool:
        """Whether it can be installed as it is."""
        return self.name.endswith(".whl")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A commit of a git repository."""

    url: str
    commit: str
    requested: str = ""
    """Branch, tag or revision that was asked for."""
    subdirectory: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """A folder of sources."""

    path: str
    editable: bool = False
    subdirectory: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One package, from one of five kinds of places."""

    name: str
    version: str = ""
    wheels: tuple[File, ...] = ()
    """Those that fit, of an index."""
    sdist: File | None = None
    """Of an index."""
    archive: File | None = None
    """That was asked for by its URL or path."""
    repository: Repository | None = None
    directory: Directory | None = None


def parse_pylock(text: str) -> tuple[Package, ...]:
    """Read the packages.

    Raises
    ------
    ValueError
        If the text is not such a file.
    """
    data = _read(text)
    try:
        return tuple(_package(each) for each in data.get("packages", []))
    except (KeyError, TypeError, AttributeError) as error:
        msg = f"not a pylock file: {error!r}"
        raise ValueError(msg) from error


def _read(text: str) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib

        return tomllib.loads(text)
    try:
        return parse_toml(text).unwrap()
    except TomlError as error:
        raise ValueError(str(error)) from error


def _package(data: Mapping[str, Any]) -> Package:
    vcs, folder = data.get("vcs"), data.get("directory")
    return Package(
        name=data["name"],
        version=data.get("version", ""),
        wheels=tuple(map(_file, data.get("wheels", []))),
        sdist=_file(data["sdist"]) if "sdist" in data else None,
        archive=_file(data["archive"]) if "archive" in data else None,
        repository=vcs
        and Repository(
            url=vcs.get("url") or vcs["path"],
            commit=vcs["commit-id"],
            requested=vcs.get("requested-revision", ""),
            subdirectory=vcs.get("subdirectory", ""),
        ),
        directory=folder
        and Directory(
            path=folder["path"],
            editable=folder.get("editable", False),
            subdirectory=folder.get("subdirectory", ""),
        ),
    )


def _file(data: Mapping[str, Any]) -> File:
    hashes = data.get("hashes", {})
    return File(
        url=data.get("url", ""),
        path=data.get("path", ""),
        sha256=hashes.get("sha256", ""),
        md5=hashes.get("md5", ""),
        size=data.get("size"),
        subdirectory=data.get("subdirectory", ""),
    )


def format_pylock(packages: Iterable[Package]) -> str:
    """Give the text from which uv installs, or takes the versions it prefers."""
    document = {
        "lock-version": "1.0",
        "created-by": "pixi-jupyter",
        "packages": [_table(each) for each in packages],
    }
    return tomlkit.dumps(document)


def _table(package: Package) -> dict[str, Any]:
    table: dict[str, Any] = {"name": package.name}
    if package.version:
        table["version"] = package.version
    if package.wheels:
        table["wheels"] = [_file_table(each) for each in package.wheels]
    if package.sdist:
        table["sdist"] = _file_table(package.sdist)
    if package.archive:
        table["archive"] = _file_table(package.archive)
    if found := package.repository:
        table["vcs"] = _said(
            {
                "type": "git",
                "url": found.url,
                "requested-revision": found.requested,
                "commit-id": found.commit,
                "subdirectory": found.subdirectory,
            }
        )
    if folder := package.directory:
        table["directory"] = {"path": folder.path, "editable": folder.editable} | _said(
            {"subdirectory": folder.subdirectory}
        )
    return table


def _file_table(file: File) -> dict[str, Any]:
    hashes = _said({"sha256": file.sha256, "md5": file.md5})
    place = {"url": file.url, "path": file.path, "subdirectory": file.subdirectory}
    return {**_said(place), "hashes": hashes}


def _said(table: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in table.items() if value}
