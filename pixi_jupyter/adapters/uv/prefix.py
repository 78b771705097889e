"""Installs packages into a prefix, and takes them out of it.

Never ``uv pip sync``: it would take conda's packages away.
"""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from pixi_jupyter.adapters.uv.failures import Context, failure
from pixi_jupyter.adapters.uv.options import UvOptions
from pixi_jupyter.adapters.uv.pylock import Package, format_pylock
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pixi_jupyter.adapters.uv.process import Uv


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """Where packages go, and how those are built that have to be."""

    python: Path
    """The interpreter of the prefix."""
    environment: str = "default"
    options: UvOptions = field(default_factory=UvOptions)
    variables: Mapping[str, str] = field(default_factory=dict)
    """Those of the activated prefix."""
    reinstall: tuple[str, ...] = ()
    """Names of packages that are installed again though they seem to be there."""
    target: Path | None = None
    """A folder that is filled in place of the prefix."""


async def install(uv: Uv, packages: Sequence[Package], build: Build) -> None:
    """Install just these packages, without what they depend on.

    Raises
    ------
    DownloadError, OfflineError
        One cannot be had.
    HashMismatchError
        One is not what the lock says.
    PypiBuildError, PypiInstallError, ToolFailedError, ToolNotFoundError

    Notes
    -----
    uv downloads and builds everything before it changes the prefix. Can be
    cancelled; what lies there half is found by the next install.
    """
    with tempfile.TemporaryDirectory(prefix="pixi-jupyter-uv-") as name:
        path = Path(name, "pylock.install.toml")
        text = format_pylock(packages)
        await asyncio.to_thread(path.write_text, text, encoding="utf-8")
        words = ["pip", "install", "-r", str(path), "--no-deps"]
        words += ["--preview-features", "pylock", "--break-system-packages"]
        words += ["--python", str(build.python)]
        words += ["--target", str(build.target)] if build.target else []
        for package in build.reinstall:
            words += ["--reinstall-package", package]
        words += [*build.options.index_flags(), *build.options.build_flags()]
        variables = {**build.variables, **build.options.variables()}
        finished = await uv.run(words, cwd=Path(name), variables=variables)
        if finished.exit_code:
            files = [each.name for package in packages for each in package.wheels]
            raise failure(
                finished, _context(uv, build, "install", files, folder=Path(name))
            )


async def uninstall(uv: Uv, names: Sequence[str], build: Build) -> None:
    """Take packages away by the files that their own records list.

    Raises
    ------
    PypiInstallError, ToolFailedError, ToolNotFoundError
    """
    if not names:
        return
    words = ["pip", "uninstall", *names, "--break-system-packages"]
    words += ["--target", str(build.target)] if build.target else []
    finished = await uv.run([*words, "--python", str(build.python)])
    if finished.exit_code:
        raise failure(finished, _context(uv, build, "uninstall", names))


def _context(
    uv: Uv,
    build: Build,
    verb: str,
    names: Sequence[str],
    *,
    folder: Path | None = None,
) -> Context:
    prefix = build.target or build.python.parent
    if prefix.name in {"bin", "Scripts"}:
        prefix = prefix.parent
    return Context(
        what=f"{verb} {', '.join(names)}",
        environment=build.environment,
        prefix=prefix,
        folders=() if folder is None else (folder,),
        cache_dir=uv.cache_dir,
    )
