"""Say which configuration file is edited, and with which program."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import UsageError, WriteError
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.config_scope import ScopeRequest, target_of

if TYPE_CHECKING:
    from pixi_jupyter.events import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigEditRequest(ScopeRequest):
    """With what."""

    editor: str | None = None
    """A command; None: ``EDITOR``, else one that comes with the system."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigEditResult:
    """How to edit; a face that has a terminal starts the program."""

    path: Path
    command: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {"path": str(self.path), "command": list(self.command)}


async def config_edit(
    request: ConfigEditRequest, operation: Operation
) -> ConfigEditResult:
    """Find the file, and make its folder.

    Raises
    ------
    UsageError, NoWorkspaceSettingsError, WriteError
    """
    del operation
    default = "notepad" if sys.platform == "win32" else "nano"
    editor = request.editor or os.environ.get("EDITOR") or default
    try:
        command = tuple(shlex.split(editor))
    except ValueError as error:
        msg = f"{editor!r} cannot be split: {error}"
        raise UsageError(msg) from error
    path = target_of(request)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        where = Path(error.filename or path)
        raise WriteError(where, reason=error.strerror or str(error)) from error
    return ConfigEditResult(path=path, command=(*command, str(path)))
