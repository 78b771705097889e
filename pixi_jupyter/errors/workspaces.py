"""Files of a workspace that could not be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.errors.base import PixiJupyterError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class WriteError(PixiJupyterError):
    """A file of the workspace could not be written."""

    code = "write"

    def __init__(self, path: Path, *, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(
            f"{path} could not be written",
            details=(reason,),
            hints=("make room or give write permission, then try again",),
        )


class RemoveError(PixiJupyterError):
    """Something that was to be removed stays.

    Parameters
    ----------
    paths
        What stays.
    reason
        What the system says of the first of them.
    removed
        How many other things were removed.
    """

    code = "remove"

    def __init__(self, paths: Sequence[Path], *, reason: str, removed: int = 0) -> None:
        self.paths, self.reason, self.removed = tuple(paths), reason, removed
        first = str(self.paths[0]) if self.paths else "something"
        more = len(self.paths) - 1
        super().__init__(
            f"{first} could not be removed"
            + (f", and {more} more" if more > 0 else ""),
            details=(reason, *(str(path) for path in self.paths[1:])),
            hints=("give write permission or stop what uses it, then try again",),
        )


class ConsentNeededError(PixiJupyterError):
    """Nobody can be asked whether something may be done.

    Parameters
    ----------
    what
        What would be done, to begin a sentence with.
    agreed
        The command that does it without a question.
    """

    code = "consent-needed"

    def __init__(self, what: str, *, agreed: str) -> None:
        self.what, self.agreed = what, agreed
        super().__init__(
            f"{what} was not agreed to, and nobody can be asked here",
            hints=(f"{agreed}   agrees to it",),
        )


class WorkspaceBusyError(PixiJupyterError):
    """Another process is changing manifest or lock."""

    code = "workspace-busy"

    def __init__(self, root: Path, *, holder: str, seconds: float) -> None:
        self.root, self.holder, self.seconds = root, holder, seconds
        super().__init__(
            f"Workspace {root} is being changed by another process"
            f" ({holder}, waited {seconds:.0f} s)",
            hints=("wait for that process, or stop it",),
        )


class ChangedMeanwhileError(WriteError):
    """Somebody else wrote a file while a verb was at work on it."""

    code = "changed-meanwhile"

    def __init__(self, path: Path) -> None:
        super().__init__(path, reason="it was changed by somebody else meanwhile")
        self.hints = ("the same command again; nothing was written",)
