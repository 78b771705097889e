"""Which of an environment's platforms a machine runs.

Rules: pixi 0.77.0, choice of the platform (read 2026-11). Only what a manifest
declares beyond a subdir's baseline is compared; builds are not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.errors import UnsupportedPlatformError
from pixi_jupyter.manifest.versions import compare
from pixi_jupyter.platforms import emulated

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pixi_jupyter.manifest.compose import Environment
    from pixi_jupyter.platforms import Platform, VirtualPackage

_WASM = ("emscripten-wasm32", "wasi-wasm32")


def best_platform(
    environment: Environment, host_subdir: str, host: Iterable[VirtualPackage]
) -> Platform:
    """Choose the platform of an environment that a machine runs best.

    Parameters
    ----------
    environment
        What is to run.
    host_subdir
        The machine's own subdir.
    host
        The machine's virtual packages.

    Returns
    -------
    Platform
        The first of the machine's subdir, in the workspace's order, whose declared
        virtual packages the machine has; else of a subdir that it can emulate.

    Raises
    ------
    UnsupportedPlatformError
        If there is none; says for each candidate what the machine lacks.
    """
    available = {package.name: package for package in host}
    reasons: list[str] = []
    for platform in _candidates(environment.platforms, host_subdir):
        lacking = [
            _lack(package, available.get(package.name))
            for package in platform.custom
            if not _has(available.get(package.name), package)
        ]
        if not lacking:
            return platform
        reasons += [f"{platform.name}: {lack}" for lack in lacking]
    raise UnsupportedPlatformError(
        environment.name,
        host=host_subdir,
        declared=[platform.name for platform in environment.platforms],
        reasons=reasons,
    )


def _candidates(platforms: Sequence[Platform], host_subdir: str) -> list[Platform]:
    found = [
        platform
        for subdir in emulated(host_subdir)
        for platform in platforms
        if platform.subdir == subdir
    ]
    if not found and len(platforms) == 1 and platforms[0].subdir in _WASM:
        return list(platforms)
    return found


def _has(have: VirtualPackage | None, wanted: VirtualPackage) -> bool:
    return have is not None and compare(have.version, wanted.version) >= 0


def _lack(wanted: VirtualPackage, have: VirtualPackage | None) -> str:
    found = f"this computer has {have.version}" if have else "this computer has none"
    return f"needs {wanted.name} {wanted.version} or newer, {found}"
