"""The running interpreter as the conda packages ``python`` and ``python_abi``.

Names, build strings and constraints follow conda-forge's recipes of both, read
2026-11, so that packages of other channels fit on top.
"""

from __future__ import annotations

import os
import platform
import sys
import sysconfig
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pixi_jupyter.channel.archive import Entry
from pixi_jupyter.channel.blueprint import Blueprint, abi_tag, system_dependency
from pixi_jupyter.channel.relocate import Relocation
from pixi_jupyter.errors import ChannelBuildError
from pixi_jupyter.platforms import host_subdir
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

_LEFT_OUT = frozenset(
    [
        "__pycache__",
        "dist-packages",
        "idle_test",
        "site-packages",
        "test",
        "tests",
        "turtledemo",
    ]
)
"""Folders of the standard library that no environment needs."""

_BUILD_NOTES = ("_sysconfigdata", "_sysconfig_vars", "Makefile", "python-config.py")
"""Beginnings of the names of files that say where the interpreter was built."""

_FIRST_WITH_ABI_BUILD = (3, 13)
"""Since this version conda-forge's builds end in cp313 instead of cpython."""

# A Debian interpreter reads dist-packages only, and .pth files of folders that
# are added by a plain .pth line are not read; so this line adds it as a site.
_DEBIAN_PTH = (
    "import os, site, sys; "
    "site.addsitedir(os.path.join(sys.base_prefix, 'lib', {folder!r}, "
    "'site-packages'))\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpreter:
    """Where an interpreter and its parts lie."""

    version: str
    """As conda writes it, such as ``3.11.7``."""
    prefix: Path
    """``sys.base_prefix``: that of the interpreter below a virtual environment."""
    known_as: str
    """The same as it was written, possibly through a symbolic link."""
    executable: Path
    standard_library: Path
    headers: Path
    package_config: Path | None
    """Folder of its ``.pc`` files."""
    subdir: str
    libc: str = ""
    """Version of the glibc it runs on; empty where there is none."""
    free_threaded: bool = False

    @classmethod
    def running(cls) -> Interpreter:
        """Describe the interpreter that runs this.

        Raises
        ------
        ChannelBuildError
            If it is not CPython, or a macOS framework.
        """
        what = f"the interpreter {sys.executable}"
        if sys.implementation.name != "cpython":
            raise ChannelBuildError(
                what,
                reason=f"it is {sys.implementation.name}, and only CPython is known",
            )
        if sysconfig.get_config_var("PYTHONFRAMEWORK"):
            raise ChannelBuildError(
                what,
                reason="it is a macOS framework, which cannot be moved",
                hint="uv python install   gives an interpreter that can",
            )
        prefix = Path(sys.base_prefix).resolve()
        libc, libc_version = platform.libc_ver()
        config = sysconfig.get_config_var("LIBPC")
        executable = f"bin/python{sys.version_info[0]}.{sys.version_info[1]}"
        if sys.platform == "win32":
            executable = "python.exe"
        return cls(
            # a build from a branch calls itself 3.13.0+, which conda cannot read
            version=platform.python_version().rstrip("+"),
            prefix=prefix,
            known_as=sys.base_prefix,
            executable=prefix / executable,
            standard_library=Path(sysconfig.get_path("stdlib")).resolve(),
            headers=Path(sysconfig.get_path("include")).resolve(),
            package_config=Path(config) if config else None,
            subdir=host_subdir({}),
            libc=libc_version if libc == "glibc" else "",
            free_threaded=bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
        )

    @property
    def major_minor(self) -> str:
        """Such as ``3.11``."""
        return ".".join(self.version.split(".")[:2])

    @property
    def abi(self) -> str:
        """Such as ``cp311``, or ``cp313t`` without the global lock."""
        return abi_tag(self.major_minor, free_threaded=self.free_threaded)

    @property
    def folder(self) -> str:
        """Name of the folder below ``lib``, such as ``python3.13t``."""
        return f"python{self.major_minor}{'t' if self.free_threaded else ''}"

    @property
    def site_packages(self) -> str:
        """Where packages go, relative to a prefix."""
        if self.subdir.startswith("win-"):
            return "Lib/site-packages"
        return f"lib/{self.folder}/site-packages"

    @property
    def is_debian(self) -> bool:
        """Whether its ``site`` module looks for packages where Debian has them."""
        site = self.standard_library / "site.py"
        return "dist-packages" in site.read_text(encoding="utf-8")


def python_package(interpreter: Interpreter) -> Blueprint:
    """Plan the package ``python``.

    Raises
    ------
    ChannelBuildError
        If the interpreter has no executable or standard library on disk, or
        cannot be moved.
    """
    _check(interpreter)
    sources = dict(_sources(interpreter))
    relocation = Relocation(interpreter.prefix, interpreter.known_as)
    relocation.add_libraries(sources)
    number = tuple(int(part) for part in interpreter.major_minor.split("."))
    newer = number >= _FIRST_WITH_ABI_BUILD
    family, _, machine = interpreter.subdir.partition("-")
    return Blueprint(
        name="python",
        version=interpreter.version,
        subdir=interpreter.subdir,
        build=f"h{{digest}}_{{number}}_{interpreter.abi if newer else 'cpython'}",
        fields={
            "arch": "x86_64" if machine == "64" else machine,
            "platform": family,
            "depends": system_dependency(
                "__glibc", interpreter.libc, interpreter.subdir
            ),
            "constrains": [
                f"python_abi {interpreter.major_minor}.* *_{interpreter.abi}"
            ],
            "license": "PSF-2.0",
            "python_site_packages_path": interpreter.site_packages,
        },
        about={
            "summary": "CPython as it was found on one machine, for that machine",
            "home": "https://www.python.org",
            "license": "PSF-2.0",
            "extra": {"glibc": interpreter.libc},
        },
        sources=sources,
        read=partial(_read, interpreter, sources, relocation),
    )


def python_abi_package(interpreter: Interpreter) -> Blueprint:
    """Plan the package ``python_abi``, which compiled packages depend on."""
    minor = interpreter.major_minor
    return Blueprint(
        name="python_abi",
        version=minor,
        subdir="noarch",
        build=f"h{{digest}}_{{number}}_{interpreter.abi}",
        fields={
            "noarch": "generic",
            "depends": [],
            "constrains": [f"python {minor}.*"],
        },
        about={"summary": "Metapackage that selects one binary interface of CPython"},
        read=tuple,
    )


def _check(interpreter: Interpreter) -> None:
    what = f"the interpreter {interpreter.executable}"
    if not interpreter.executable.is_file():
        raise ChannelBuildError(what, reason="there is no such file")
    if not (interpreter.standard_library / "os.py").is_file():
        raise ChannelBuildError(
            what,
            reason=f"its standard library is not in {interpreter.standard_library}",
        )
    if not interpreter.standard_library.is_relative_to(interpreter.prefix):
        raise ChannelBuildError(
            what,
            reason=f"its standard library lies outside {interpreter.prefix}",
        )


def _sources(interpreter: Interpreter) -> Iterator[tuple[str, Path]]:
    """List the files of the package by their path in it."""
    prefix = interpreter.prefix
    if interpreter.subdir.startswith("win-"):
        yield from _windows_sources(prefix)
    else:
        yield f"bin/{interpreter.folder}", interpreter.executable
        for name in (f"{interpreter.folder}-config", "python3-config"):
            if (config := prefix / "bin" / name).is_file():
                yield f"bin/{name}", config
    library = interpreter.standard_library
    for file in _walk(library):
        yield file.relative_to(prefix).as_posix(), file
    if interpreter.headers.is_relative_to(prefix) and interpreter.headers.is_dir():
        for file in _walk(interpreter.headers):
            yield file.relative_to(prefix).as_posix(), file
    if interpreter.package_config:
        minor = interpreter.major_minor
        for file in sorted(interpreter.package_config.glob(f"python-{minor}*.pc")):
            yield f"lib/pkgconfig/{file.name}", file


def _windows_sources(prefix: Path) -> Iterator[tuple[str, Path]]:
    for pattern in ("*.exe", "*.dll", "LICENSE.txt"):
        for file in sorted(prefix.glob(pattern)):
            yield file.name, file
    for folder in ("DLLs", "libs", "tcl"):
        for file in _walk(prefix / folder):
            yield file.relative_to(prefix).as_posix(), file


def _walk(folder: Path) -> Iterator[Path]:
    """List the files below a folder that belong into a package."""
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(set(folders) - _LEFT_OUT)
        for name in sorted(names):
            # EXTERNALLY-MANAGED would forbid pip in every environment made of it
            if name == "EXTERNALLY-MANAGED" or name.startswith("_test"):
                continue
            if name.endswith((".pyc", ".a", ".o")) or name.startswith("libpython"):
                continue
            if (file := Path(root, name)).is_file():
                yield file


def _read(
    interpreter: Interpreter, sources: dict[str, Path], relocation: Relocation
) -> Iterator[Entry]:
    for path, file in sources.items():
        data = file.read_bytes()
        runnable = os.access(file, os.X_OK) and not path.endswith(".py")
        mode = 0o755 if runnable else 0o644
        if _tells_prefix(path):
            yield relocation.text(path, data, mode)
        else:
            yield Entry(path, relocation.binary(path, data), mode)
    for path, target in relocation.links.items():
        yield Entry(path, mode=0o777, link=target)
    if interpreter.subdir.startswith("win-"):
        return
    for name in ("python", "python3", f"python{interpreter.major_minor}"):
        if name != interpreter.folder:
            yield Entry(f"bin/{name}", mode=0o777, link=interpreter.folder)
    note = f"Packages are linked into this folder of {interpreter.folder}\n"
    yield Entry(f"{interpreter.site_packages}/README.txt", note.encode())
    if interpreter.is_debian:
        line = _DEBIAN_PTH.format(folder=interpreter.folder)
        yield Entry("lib/python3/dist-packages/pixi-jupyter.pth", line.encode())


def _tells_prefix(path: str) -> bool:
    """Tell whether a file is one that says where the interpreter was built."""
    folder, _, name = path.rpartition("/")
    return (
        name.startswith(_BUILD_NOTES)
        or name.endswith(".pc")
        or (folder == "bin" and name.endswith("-config"))
    )
