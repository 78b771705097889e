"""Subdirs, the platforms that a workspace declares, and virtual packages.

Baselines: pixi 0.77.0 writes these into its own locks (reference, read 2026-11).
"""

from __future__ import annotations

import os
import platform as _platform
import sys
from typing import TYPE_CHECKING

from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SUBDIRS = frozenset(
    [
        "emscripten-wasm32",
        "linux-32",
        "linux-64",
        "linux-aarch64",
        "linux-armv6l",
        "linux-armv7l",
        "linux-ppc64",
        "linux-ppc64le",
        "linux-riscv32",
        "linux-riscv64",
        "linux-s390x",
        "noarch",
        "osx-64",
        "osx-arm64",
        "wasi-wasm32",
        "win-32",
        "win-64",
        "win-arm64",
        "zos-z",
    ]
)

_ARCHSPEC = {
    "linux-64": "x86_64",
    "osx-64": "x86_64",
    "win-64": "x86_64",
    "linux-32": "x86",
    "win-32": "x86",
    "linux-aarch64": "aarch64",
    "win-arm64": "aarch64",
    "osx-arm64": "m1",
    "linux-ppc64le": "ppc64le",
    "linux-ppc64": "ppc64",
    "linux-s390x": "s390x",
    "linux-riscv64": "riscv64",
    "linux-riscv32": "riscv32",
    "linux-armv7l": "armv7l",
    "linux-armv6l": "armv6l",
}

_MACHINES = {
    ("linux", "x86_64"): "linux-64",
    ("linux", "aarch64"): "linux-aarch64",
    ("linux", "ppc64le"): "linux-ppc64le",
    ("linux", "s390x"): "linux-s390x",
    ("linux", "riscv64"): "linux-riscv64",
    ("linux", "i686"): "linux-32",
    ("linux", "armv7l"): "linux-armv7l",
    ("darwin", "x86_64"): "osx-64",
    ("darwin", "arm64"): "osx-arm64",
    ("win32", "amd64"): "win-64",
    ("win32", "x86"): "win-32",
    ("win32", "arm64"): "win-arm64",
}

CHECKED_ON_HOST = frozenset(
    ("__glibc", "__musl", "__eglibc", "__cuda", "__osx", "__win", "__linux")
)
"""The virtual packages that pixi compares with the machine before an install."""

_OVERRIDES = {
    "CONDA_OVERRIDE_CUDA": "__cuda",
    "CONDA_OVERRIDE_CUDA_ARCH": "__cuda_arch",
    "CONDA_OVERRIDE_LINUX": "__linux",
    "CONDA_OVERRIDE_OSX": "__osx",
    "CONDA_OVERRIDE_WIN": "__win",
    "CONDA_OVERRIDE_GLIBC": "__glibc",
    "CONDA_OVERRIDE_ARCHSPEC": "__archspec",
}


@dataclass(frozen=True, slots=True, order=True)
class VirtualPackage:
    """Something the machine brings along, such as glibc 2.28."""

    name: str
    """With the leading ``__``."""
    version: str
    build: str = ""
    """Empty where none is written."""

    @classmethod
    def parse(cls, text: str) -> VirtualPackage:
        """Read ``__name[=version[=build]]``.

        Raises
        ------
        ValueError
            If the text does not begin with ``__`` or has too many parts.
        """
        parts = text.strip().split("=")
        if not text.strip().startswith("__") or len(parts) > 3:  # noqa: PLR2004  name, version, build
            msg = f"{text!r} is not a virtual package"
            raise ValueError(msg)
        return cls(*parts) if len(parts) > 1 else cls(parts[0], "0")

    def __str__(self) -> str:
        return "=".join(filter(None, (self.name, self.version, self.build)))


def is_unix(subdir: str) -> bool:
    """Tell whether `subdir` belongs to the family unix."""
    return subdir.startswith(("linux-", "osx-", "emscripten-", "wasi-", "zos-"))


def baseline(subdir: str) -> tuple[VirtualPackage, ...]:
    """Give the virtual packages pixi assumes where the manifest says nothing.

    In the order in which pixi writes them into a lock.
    """
    found: list[VirtualPackage] = []
    if is_unix(subdir):
        found.append(VirtualPackage("__unix", "0", "0"))
    if subdir.startswith("linux-"):
        found.append(VirtualPackage("__linux", "4.18"))
        found.append(VirtualPackage("__glibc", "2.28"))
    if subdir.startswith("osx-"):
        found.append(VirtualPackage("__osx", "13.0"))
    if subdir.startswith("win-"):
        found.append(VirtualPackage("__win", "10.0"))
    if subdir in _ARCHSPEC:
        found.append(VirtualPackage("__archspec", "0", _ARCHSPEC[subdir]))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Platform:
    """One platform that a workspace is solved for."""

    name: str
    """Equal to the subdir unless it is a rich platform."""
    subdir: str
    custom: tuple[VirtualPackage, ...] = ()
    """What the manifest declares beyond, or instead of, the baseline."""

    @property
    def virtual_packages(self) -> tuple[VirtualPackage, ...]:
        """Baseline and custom ones, the custom ones winning by name."""
        mine = {package.name: package for package in self.custom}
        other_libc = mine.keys() & {"__musl", "__eglibc"}
        kept = [
            mine.pop(package.name, package)
            for package in baseline(self.subdir)
            if not (package.name == "__glibc" and other_libc)
        ]
        return (*kept, *sorted(mine.values()))

    @property
    def is_plain(self) -> bool:
        """Whether this is a bare subdir with nothing declared."""
        return self.name == self.subdir and not self.custom


def host_subdir(environ: Mapping[str, str] = os.environ) -> str:
    """Give the subdir of this machine, or of ``PIXI_OVERRIDE_PLATFORM``."""
    wanted = environ.get("PIXI_OVERRIDE_PLATFORM")
    if wanted in SUBDIRS:
        return wanted
    machine = _platform.machine().lower()
    return _MACHINES.get((sys.platform, machine), f"{sys.platform}-{machine}")


def override(
    detected: Iterable[VirtualPackage], environ: Mapping[str, str] = os.environ
) -> tuple[VirtualPackage, ...]:
    """Lay ``CONDA_OVERRIDE_*`` over detected virtual packages.

    An empty value removes the package, any other sets its version.
    """
    found = {package.name: package for package in detected}
    for variable, name in _OVERRIDES.items():
        value = environ.get(variable)
        if value is None:
            continue
        found.pop(name, None)
        if value.strip():
            archspec = name == "__archspec"
            found[name] = (
                VirtualPackage(name, "1", value.strip())
                if archspec
                else VirtualPackage(name, value.strip(), "0")
            )
    if "__cuda" not in found:
        found.pop("__cuda_arch", None)
    return tuple(found.values())


def emulated(subdir: str) -> tuple[str, ...]:
    """List the subdirs that a machine can run, its own first."""
    order = [subdir]
    if subdir.startswith("osx-") and subdir != "osx-64":
        order.append("osx-64")
    if subdir.startswith("win-") and subdir != "win-64":
        order.append("win-64")
    if subdir == "win-64":
        order.append("win-32")
    return tuple(order)
