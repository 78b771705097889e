"""Wheels for a machine that is not this one: its name for uv, and which file fits best.

Names of platforms: uv 0.13.9 (2026-11). Order of wheels: that of PEP 425 tags.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.errors import NotSupportedYetError
from pixi_jupyter.platforms import host_subdir

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from packaging.tags import Tag

    from pixi_jupyter.adapters.uv import File
    from pixi_jupyter.platforms import Platform

_MACHINES = {
    "linux-64": "x86_64",
    "linux-aarch64": "aarch64",
    "linux-ppc64le": "ppc64le",
    "linux-s390x": "s390x",
    "linux-riscv64": "riscv64",
    "linux-armv7l": "armv7l",
    "linux-32": "i686",
    "osx-64": "x86_64",
    "osx-arm64": "arm64",
    "win-64": "AMD64",
    "win-arm64": "ARM64",
    "win-32": "x86",
}
_WINDOWS = {
    "win-64": ("x86_64-pc-windows-msvc", "win_amd64"),
    "win-arm64": ("aarch64-pc-windows-msvc", "win_arm64"),
    "win-32": ("i686-pc-windows-msvc", "win32"),
}
_MACS = {"osx-64": "x86_64-apple-darwin", "osx-arm64": "aarch64-apple-darwin"}
_GLIBC_MINORS = (17, 28, *range(31, 41))
_MANYLINUX = {(2, 17): "manylinux2014", (2, 12): "manylinux2010", (2, 5): "manylinux1"}
WITHOUT_WHEELS = ("emscripten-", "wasi-", "noarch", "zos-")
"""Subdirs, by how they begin, for which pixi leaves PyPI out."""


def version_of(platform: Platform, name: str) -> tuple[int, int] | None:
    """Give the first two numbers of a virtual package, if the platform has it."""
    for package in platform.virtual_packages:
        if package.name == name:
            numbers = [int(x) for x in package.version.split(".")[:2] if x.isdigit()]
            return (*numbers, 0, 0)[:2] if numbers else None  # type: ignore[return-value]  # two of them
    return None


def uv_platform(platform: Platform) -> str | None:
    """Give uv's name of a platform; None where it is this machine.

    Raises
    ------
    NotSupportedYetError
        If uv cannot solve for it.
    """
    subdir = platform.subdir
    if subdir in _WINDOWS:
        return _WINDOWS[subdir][0]
    if subdir in _MACS:
        return _MACS[subdir]
    machine = _MACHINES.get(subdir, "")
    if subdir in {"linux-64", "linux-aarch64"}:
        if version_of(platform, "__musl"):
            return f"{machine}-unknown-linux-musl"
        major, minor = version_of(platform, "__glibc") or (2, 28)
        known = [x for x in _GLIBC_MINORS if major > 2 or x <= minor]  # noqa: PLR2004  glibc 2
        return f"{machine}-manylinux_2_{max(known, default=17)}"
    if subdir == "linux-riscv64":
        return "riscv64-unknown-linux"
    if subdir == host_subdir():
        return None
    what = f"solving PyPI requirements for {subdir} on another machine"
    raise NotSupportedYetError(what)


def uv_variables(platform: Platform) -> dict[str, str]:
    """Give what uv has to know of a platform and has no flag for."""
    version = version_of(platform, "__osx")
    if version is None:
        return {}
    return {"MACOSX_DEPLOYMENT_TARGET": ".".join(map(str, version))}


def marker_environment(platform: Platform, python: str) -> dict[str, str]:
    """Give the values of PEP 508 markers, as pixi has them.

    Parameters
    ----------
    python
        Its whole version.
    """
    subdir = platform.subdir
    family = subdir.partition("-")[0]
    names = {"win": ("nt", "Windows", "win32"), "osx": ("posix", "Darwin", "darwin")}
    os_name, system, sys_platform = names.get(family, ("posix", "Linux", "linux"))
    return {
        "implementation_name": "cpython",
        "implementation_version": python,
        "os_name": os_name,
        "platform_machine": _MACHINES.get(subdir, ""),
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_system": system,
        "platform_version": "",
        "python_full_version": python,
        "python_version": ".".join(python.split(".")[:2]),
        "sys_platform": sys_platform,
    }


def tag_ranks(platform: Platform, python: str) -> Mapping[Tag, int]:
    """Rank the tags that a platform can use: 0 for the best one."""
    from packaging.tags import compatible_tags, cpython_tags

    major, minor = (int(x) for x in python.split(".")[:2])
    places = list(_platform_tags(platform))
    interpreter = f"cp{major}{minor}"
    tags = [
        *cpython_tags((major, minor), abis=[interpreter], platforms=places),
        *compatible_tags((major, minor), interpreter=interpreter, platforms=places),
    ]
    return {tag: number for number, tag in reversed(list(enumerate(tags)))}


def _platform_tags(platform: Platform) -> Iterator[str]:
    from packaging.tags import mac_platforms

    subdir = platform.subdir
    if subdir in _WINDOWS:
        yield _WINDOWS[subdir][1]
        return
    machine = _MACHINES.get(subdir, subdir)
    if subdir in _MACS:
        yield from mac_platforms(version_of(platform, "__osx") or (13, 0), machine)
        return
    if musl := version_of(platform, "__musl"):
        yield from (f"musllinux_1_{x}_{machine}" for x in range(musl[1], -1, -1))
    else:
        _, minor = version_of(platform, "__glibc") or (2, 28)
        oldest = 5 if machine in {"x86_64", "i686"} else 17
        for number in range(minor, oldest - 1, -1):
            yield f"manylinux_2_{number}_{machine}"
            if old := _MANYLINUX.get((2, number)):
                yield f"{old}_{machine}"
    yield f"linux_{machine}"


def best_wheel(wheels: Sequence[File], ranks: Mapping[Tag, int]) -> File | None:
    """Choose the wheel that fits best; None where none does."""
    from packaging.utils import InvalidWheelFilename, parse_wheel_filename

    found: list[tuple[int, tuple[int, str], File]] = []
    for wheel in wheels:
        try:
            _, _, build, tags = parse_wheel_filename(wheel.name)
        except InvalidWheelFilename:
            continue
        rank = min((ranks[tag] for tag in tags if tag in ranks), default=None)
        if rank is not None:
            number, text = build or (0, "")
            found.append((rank, (-number, text), wheel))
    return min(found, key=lambda each: each[:2])[2] if found else None
