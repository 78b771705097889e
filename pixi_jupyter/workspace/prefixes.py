"""What an environment's prefix needs around an install: a free place, and bytecode."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from pixi_jupyter.errors import LinkError
from pixi_jupyter.install.bytecode import compile_closure, compile_rest_in_background
from pixi_jupyter.install.marker import moved_from
from pixi_jupyter.install.prefix import site_packages
from pixi_jupyter.install.rescue import rescue
from pixi_jupyter.install.scripts import LinkScripts
from pixi_jupyter.workspace.scripts import allowed_scripts

if TYPE_CHECKING:
    from pathlib import Path

    from pixi_jupyter.adapters.rattler import RepoDataRecord
    from pixi_jupyter.events import Operation
    from pixi_jupyter.workspace.context import Workspace

MOVED_ASIDE = "moved-aside"
"""In ``.pixi``: files of the user from prefixes that had to be made anew."""


def clear_moved(workspace: Workspace, name: str, operation: Operation) -> None:
    """Remove a prefix that was made for another place, if that is what is there.

    What belongs to none of its packages is kept; where the prefix is a link, only
    the link goes, because what it leads to may be in use elsewhere.

    Raises
    ------
    LinkError
        If something cannot be removed.
    """
    prefix = workspace.prefix(name)
    if (made_at := moved_from(prefix)) is None:
        return
    try:
        if prefix.is_symlink():
            operation.warn(
                f"{prefix} leads to {prefix.resolve()}, which was made as {made_at};"
                " the link is removed, and the environment is installed here"
            )
            prefix.unlink()
            return
        operation.warn(f"{prefix} was moved from {made_at}; it is installed anew")
        kept = workspace.pixi_dir / MOVED_ASIDE / name
        if count := len(rescue(prefix, kept)):
            noun = "file" if count == 1 else "files"
            operation.warn(f"{count} {noun} of no package are now in {kept}")
        shutil.rmtree(prefix)
    except OSError as error:
        raise LinkError(prefix, reason=str(error)) from error


def link_scripts(
    workspace: Workspace, prefix: Path, operation: Operation
) -> LinkScripts:
    """Give what runs the scripts of packages, as the workspace is configured."""
    return LinkScripts(prefix, operation, lambda: allowed_scripts(workspace.settings))


async def compile_after_install(
    workspace: Workspace,
    prefix: Path,
    records: list[RepoDataRecord],
    operation: Operation,
) -> None:
    """Compile what a kernel start needs at once, and the rest in the background."""
    by_name = {record.name.normalized: record for record in records}
    if "python" not in by_name or workspace.settings.bytecode == "none":
        return
    site = prefix / site_packages(by_name["python"])
    if "ipykernel" in by_name:
        await compile_closure(prefix, operation, sites=[(site, site)])
    if workspace.settings.bytecode == "all":
        compile_rest_in_background(prefix, sites=[(site, site)])
