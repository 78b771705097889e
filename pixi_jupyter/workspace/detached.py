"""Environments that are kept outside of their workspace.

Rules: pixi 0.77.0, ``detached-environments`` (read 2026-11). The prefixes lie in a
folder of the workspace's own below the one that is configured, and ``.pixi/envs`` is a
link to it, so that whoever looks there finds them.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from pixi_jupyter.errors import WriteError

if TYPE_CHECKING:
    from pathlib import Path

    from pixi_jupyter.events import Operation
    from pixi_jupyter.workspace.context import Workspace

_OURS = re.compile(r".+-[0-9]{1,20}")


def detached_folder(base: Path, root: Path, name: str) -> Path:
    """Give the folder of a workspace's prefixes.

    Parameters
    ----------
    base
        That is configured for all workspaces.
    root
        The workspace's folder.
    name
        The workspace's.
    """
    import xxhash

    return base / f"{name}-{xxhash.xxh3_64_intdigest(os.fsencode(root))}" / "envs"


def is_detached(envs: Path) -> bool:
    """Tell whether ``.pixi/envs`` is a link to a folder that is a workspace's own."""
    if not envs.is_symlink():
        return False
    leads_to = envs.resolve()
    return leads_to.name == "envs" and bool(_OURS.fullmatch(leads_to.parent.name))


def link_detached(workspace: Workspace, operation: Operation) -> None:
    """Make ``.pixi/envs`` lead to the detached folder; nothing without one.

    Prefixes that are in a real folder there stay, and are told about.

    Raises
    ------
    WriteError
    """
    folder, link = workspace.envs, workspace.pixi_dir / "envs"
    try:
        if folder == link:
            if is_detached(link):
                link.unlink()
            return
        folder.mkdir(parents=True, exist_ok=True)
        if os.name == "nt":  # links need rights there that few people have
            return
        if link.is_symlink():
            if link.readlink() == folder:
                return
            link.unlink()
        elif link.is_dir() and any(link.iterdir()):
            operation.warn(
                f"{link} has environments from before; those in use are in {folder}"
            )
            return
        elif link.is_dir():
            link.rmdir()
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(folder, target_is_directory=True)
    except OSError as error:
        raise WriteError(link, reason=error.strerror or str(error)) from error
