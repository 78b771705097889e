"""A first install: staged beside its place, while the cache is looked at.

Whether cached files were edited is known only after as many `lstat` as there are
files. It is rare, so the rest does not wait for it: where a file was edited, what
was staged is thrown away and staged again from files whose hashes are compared.
"""

from __future__ import annotations

import asyncio
import shutil
from typing import TYPE_CHECKING

from pixi_jupyter.install.fetch import with_edited
from pixi_jupyter.install.plan import names
from pixi_jupyter.install.reporter import InstallReporter
from pixi_jupyter.install.stage import stage

if TYPE_CHECKING:
    from pathlib import Path

    from pixi_jupyter.adapters.rattler import Session
    from pixi_jupyter.events import Operation
    from pixi_jupyter.install.fetch import Missing
    from pixi_jupyter.install.plan import InstallPlan


async def stage_first(
    prefix: Path,
    plan: InstallPlan,
    missing: Missing,
    session: Session,
    operation: Operation,
    *,
    subdir: str | None,
    validate: bool,
) -> Path:
    """Link all of a plan beside `prefix`.

    Parameters
    ----------
    missing
        What is not cached; nobody has looked for edited packages yet.
    validate
        Compare cached files with their hashes from the start.

    Returns
    -------
    Path
        The staged prefix, for `move_in`.

    Raises
    ------
    DownloadError, LinkError
        The prefix is as it was; the process may not install any more.
    """

    async def staged(*, validate: bool) -> Path:
        reporter = InstallReporter(
            operation, sizes=missing.sizes, links=names(plan.added)
        )
        place = await stage(
            prefix,
            plan.wanted,
            session,
            reporter=reporter,
            subdir=subdir,
            validate=validate,
        )
        reporter.close()
        return place

    looking = asyncio.ensure_future(
        with_edited(missing, plan.to_link, session, operation)
    )
    try:
        place = await staged(validate=validate)
        if (await looking).edited and not validate:
            await asyncio.to_thread(shutil.rmtree, place)
            place = await staged(validate=True)
    finally:
        looking.cancel()
    return place
