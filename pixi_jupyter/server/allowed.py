"""Which verbs a client of the server may start, and what right each of them needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pixi_jupyter.errors import UsageError, VerbNotServedError
from pixi_jupyter.server.paths import inside

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Right: TypeAlias = Literal["read", "write", "execute"]
"""As Jupyter's authorizers know them."""

RIGHTS: Mapping[str, Right] = {
    "add": "write",
    "import_file": "write",
    "init": "write",
    "install": "write",
    "lock": "write",
    "reinstall": "write",
    "remove": "write",
    "run": "execute",
    "task_add": "write",
    "task_alias": "write",
    "task_remove": "write",
    "update": "write",
    "upgrade": "write",
    "workspace_channel_add": "write",
    "workspace_channel_remove": "write",
    "workspace_environment_add": "write",
    "workspace_environment_remove": "write",
    "workspace_platform_add": "write",
    "workspace_platform_remove": "write",
}
"""What is not here changes this computer beyond a workspace, or tells secrets."""

_PLACES = {"init": ("path",), "import_file": ("file",)}
"""Arguments that are contents paths."""
_OURS = ("manifest", "output", "executable")
"""Arguments that a client cannot choose."""


def right_for(verb: str) -> Right:
    """Give the right that a verb needs.

    Raises
    ------
    VerbNotServedError
    """
    if verb not in RIGHTS:
        raise VerbNotServedError(verb, available=RIGHTS)
    return RIGHTS[verb]


def prepared(
    root: Path,
    verb: str,
    request: Mapping[str, Any],
    manifest: Path | None,
    folder: Path,
) -> dict[str, Any]:
    """Make the request that an engine is given from that of a client.

    Parameters
    ----------
    manifest
        Of the workspace that is meant; None where there is none.
    folder
        Where a workspace would be made.

    Raises
    ------
    UsageError
        If it chooses what a client cannot choose.
    OutsideRootError
    """
    for name in _OURS:
        if name in request:
            what = f"{name} cannot be chosen by a client"
            raise UsageError(what)
    found = dict(request)
    for name in _PLACES.get(verb, ()):
        if name in found:
            found[name] = str(inside(root, str(found[name])))
    if verb == "init":
        found.setdefault("path", str(folder))
    else:
        found["manifest"] = str(manifest or folder)
    return found
