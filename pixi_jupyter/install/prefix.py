"""What conda-meta says about a prefix: its packages, and their files."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import LinkError
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from pixi_jupyter.adapters.rattler import PrefixRecord, RepoDataRecord
    from pixi_jupyter.events import Operation

META = "conda-meta"


@dataclass(frozen=True, slots=True)
class InstalledFile:
    """One path that a package put into a prefix."""

    path: str
    """Relative to the prefix, with slashes."""
    is_link: bool
    size: int | None
    """In bytes; None where the linker changed the file, or said nothing."""
    sha256: str | None
    """Of the file as it lies in the prefix."""


@dataclass(frozen=True, slots=True)
class InstalledPackage:
    """One package of a prefix, with its files."""

    name: str
    files: tuple[InstalledFile, ...]

    @property
    def folders(self) -> set[str]:
        """The folders of its files, relative to the prefix."""
        return {file.path.rpartition("/")[0] for file in self.files} - {""}


def read_records(prefix: Path, operation: Operation) -> list[PrefixRecord]:
    """Read the records of a prefix under its lock.

    A record that cannot be read is deleted, with a warning: its package counts as
    not installed, and is linked again if it is wanted.

    Raises
    ------
    LinkError
        If a record may not be read or deleted.

    Notes
    -----
    py-rattler writes a record under another name first, so only something else
    can have damaged it, such as a full disk or an editor.
    """
    from pixi_jupyter.adapters.rattler import installed_records

    unreadable: list[Path] = []
    records = installed_records(prefix, unreadable=unreadable)
    for path in unreadable:
        try:
            path.read_bytes()  # what may not be read is not damaged
            path.unlink()
        except OSError as error:
            raise LinkError(prefix, reason=str(error)) from error
        operation.warn(f"{path} was damaged; its package is installed again")
    return records


def read_packages(
    prefix: Path, only: Collection[str] | None = None
) -> Iterator[InstalledPackage]:
    """Read the files of installed packages.

    Parameters
    ----------
    prefix
        Absolute path.
    only
        Names of the packages in question; None for all.
    """
    for path in sorted((prefix / META).glob("*.json")):
        # NAME-VERSION-BUILD.json, and neither version nor build holds a hyphen
        if only is not None and path.stem.rsplit("-", 2)[0] not in only:
            continue
        try:
            data = json.loads(path.read_bytes())
            files = tuple(map(_file, data["paths_data"]["paths"]))
            yield InstalledPackage(str(data["name"]), files)
        except (OSError, ValueError, KeyError, TypeError):
            continue


def _file(data: dict[str, Any]) -> InstalledFile:
    there, shipped = data.get("sha256_in_prefix"), data.get("sha256")
    patched = bool(there) and there != shipped
    return InstalledFile(
        str(data["_path"]),
        data.get("path_type") == "softlink",
        None if patched else data.get("size_in_bytes"),
        there or shipped,
    )


def site_packages(python: RepoDataRecord) -> str:
    """Give the folder of packages of a prefix, relative to it.

    Parameters
    ----------
    python
        The record of its python.
    """
    if python.python_site_packages_path:
        return python.python_site_packages_path
    if python.subdir.startswith("win-"):
        return "Lib/site-packages"
    minor = ".".join(str(python.version).split(".")[:2])
    return f"lib/python{minor}/site-packages"


def is_bare(prefix: Path) -> bool:
    """Tell whether a prefix holds nothing but the files of its lock."""
    others = [path for path in prefix.iterdir() if path.name != META]
    return not others and not any((prefix / META).glob("*.json"))


def remove_empty(prefix: Path, folders: Iterable[str]) -> None:
    """Remove those of `folders`, and of the folders that hold them, that are empty."""
    for folder in sorted(folders, key=len, reverse=True):
        path = prefix / folder
        while path != prefix and path.is_relative_to(prefix):
            try:
                path.rmdir()
            except FileNotFoundError:
                pass
            except OSError:
                break
            path = path.parent


def python_of(prefix: Path) -> Path:
    """Give the interpreter of a prefix, whether it is there or not."""
    return prefix / ("python.exe" if sys.platform == "win32" else "bin/python")
