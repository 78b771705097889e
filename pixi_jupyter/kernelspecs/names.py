"""Names of kernels: a stable one for files and notebooks, one for people."""

from __future__ import annotations

import hashlib
import os
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

_ILLEGAL = re.compile(r"[^a-z0-9_-]+")
_HASH_LENGTH = 6


def kernel_name(
    workspace: str, root: Path, environment: str, kernel: str | None = None
) -> str:
    """Give the name under which a kernel is registered.

    The same environment at the same place always has the same name, so that a
    notebook that was saved with it finds it again.

    Parameters
    ----------
    workspace
        The workspace's name.
    root
        The workspace's folder: tells workspaces of one name apart.
    environment
        The environment's name.
    kernel
        Folder name of a kernel that a package brought along. It comes after a
        full stop, which no environment's name has, so that the kernel ``ir`` of
        ``test`` is never taken for an environment ``test-ir``.
    """
    place = os.path.realpath(root)
    mark = hashlib.sha256(os.fsencode(place)).hexdigest()[:_HASH_LENGTH]
    parts = (_legal(workspace) or "workspace", mark, _legal(environment))
    name = "-".join(("pixi", *parts))
    return f"{name}.{_legal(kernel)}" if kernel else name


def _legal(text: str) -> str:
    return _ILLEGAL.sub("-", text.lower()).strip("-")


def display_name(
    workspace: str,
    environment: str,
    *,
    root: Path,
    others: Collection[str] = (),
    language: str | None = None,
) -> str:
    """Give the name that a person reads in a launcher.

    It never says whether the environment is installed: JupyterLab writes it into
    notebooks.

    Parameters
    ----------
    workspace
        The workspace's name.
    environment
        The environment's name.
    root
        The workspace's folder.
    others
        Names of all other workspaces that have kernels; where one is the same,
        the folder above this workspace is told in brackets.
    language
        Told for kernels that are not the environment's Python.

    Examples
    --------
    >>> from pathlib import Path
    >>> display_name("climate", "gpu", root=Path("/data/climate"))
    'climate: gpu'
    >>> display_name("climate", "gpu", root=Path("/data/climate"), others=["climate"])
    'climate (data): gpu'
    """
    whose = f"{workspace} ({root.parent.name})" if workspace in others else workspace
    what = f"{environment} ({language})" if language else environment
    return f"{whose}: {what}"
