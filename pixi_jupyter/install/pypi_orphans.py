"""PyPI packages that no python uses any longer: it moved, or left the prefix."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pixi_jupyter.adapters.uv import Build, uninstall
from pixi_jupyter.install.locks import prefix_lock
from pixi_jupyter.install.pypi_dists import forget, read_dists, sites
from pixi_jupyter.install.pypi_note import note, noted

if TYPE_CHECKING:
    from collections.abc import Collection

    from pixi_jupyter.adapters.uv import Uv
    from pixi_jupyter.events import Operation


async def remove_orphans(
    prefix: Path, uv: Uv, operation: Operation, *, environment: str = "default"
) -> tuple[str, ...]:
    """Take all packages of ours out of a prefix that has no python any more.

    Returns
    -------
    tuple
        Their names.

    Raises
    ------
    PypiInstallError, ToolFailedError, ToolNotFoundError, PrefixBusyError

    Notes
    -----
    Takes the prefix lock. uv runs with the python of this process, which it needs to
    start and takes nothing from.
    """
    what = f"remove PyPI packages of {prefix.name}"
    build = Build(python=Path(sys.executable), environment=environment)
    async with prefix_lock(prefix, operation, what=what):
        suspects = noted(prefix)
        removed: tuple[str, ...] = ()
        for site in sites(prefix):
            removed += await empty_site(site, suspects, uv, build)
        note(prefix, ())
    return removed


async def empty_site(
    site: Path, suspects: Collection[str], uv: Uv, build: Build
) -> tuple[str, ...]:
    """Take our packages out of one folder of packages; give their names.

    Parameters
    ----------
    suspects
        Names that an install had begun with and did not end.
    """
    dists = await asyncio.to_thread(read_dists, site)
    ours = [x for x in dists if x.is_ours or x.name in suspects]
    names = tuple(dict.fromkeys(x.name for x in ours if x.has_record))
    for dist in ours:
        if not dist.has_record:
            await asyncio.to_thread(forget, dist)
    await uninstall(uv, names, replace(build, target=site))
    return names
