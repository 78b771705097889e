"""What can be wrong with a notebook and the environment that it carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.errors.base import PixiJupyterError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_MOST = 12


class NotebookError(PixiJupyterError):
    """A notebook cannot be used."""

    code = "notebook"


class NotebookReadError(NotebookError):
    """A file is no notebook, or cannot be read."""

    code = "notebook-read"

    def __init__(self, path: Path | str, *, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(
            f"{path} cannot be read as a notebook",
            details=(reason,),
            hints=("a file that Jupyter opens: .ipynb, JSON",),
        )


class NotebookMetadataError(NotebookError):
    """What a notebook says of its environment does not hold together.

    Parameters
    ----------
    where
        The key, from the notebook's metadata on: ``pixi-jupyter.lock.data``.
    reason
        What is wrong with it.
    path
        The notebook, where it is known.
    """

    code = "notebook-metadata"

    def __init__(
        self, *, where: str, reason: str, path: Path | str | None = None
    ) -> None:
        self.where, self.reason, self.path = where, reason, path
        whose = f" of {path}" if path else ""
        super().__init__(
            f"The environment in the metadata{whose} cannot be read",
            details=(f"{where}: {reason}",),
            hints=("{command} notebook embed FILE   writes it anew, from a workspace",),
        )


class NotebookEnvironmentNotFoundError(NotebookError):
    """A notebook carries no environment."""

    code = "notebook-environment-not-found"

    def __init__(self, path: Path | str) -> None:
        self.path = path
        super().__init__(
            f"{path} carries no environment",
            hints=(
                f"{{command}} notebook embed {path}   that of the workspace around it",
                f"{{command}} init --notebook {path}   a new one of its own",
            ),
        )


class NotebookUnlockedError(NotebookError):
    """A notebook carries an environment that was never solved."""

    code = "notebook-unlocked"

    def __init__(self, path: Path | str) -> None:
        self.path = path
        super().__init__(
            f"{path} carries an environment without a lock",
            hints=(f"{{command}} notebook install {path}   solves it",),
        )


class NotebookEnvironmentExistsError(NotebookError):
    """A notebook carries an environment already."""

    code = "notebook-environment-exists"

    def __init__(self, path: Path | str) -> None:
        self.path = path
        super().__init__(
            f"{path} carries an environment already",
            hints=(f"{{command}} notebook install {path}",),
        )


class NotPortableError(NotebookError):
    """An environment needs files that do not travel with a notebook.

    Parameters
    ----------
    environment
        Its name.
    reasons
        What it needs, one line each.
    """

    code = "not-portable"

    def __init__(self, environment: str, *, reasons: Sequence[str]) -> None:
        self.environment, self.reasons = environment, tuple(reasons)
        rest = len(reasons) - _MOST
        more = (f"and {rest:,} more",) if rest > 0 else ()
        super().__init__(
            f"Environment {environment} cannot travel in a notebook,"
            " it needs files of this workspace",
            details=(*reasons[:_MOST], *more),
            hints=(
                "an environment without them: {command} notebook embed -e NAME FILE",
            ),
        )


class NotThisNotebookError(NotebookError):
    """A kernel cannot tell which notebook it belongs to."""

    code = "not-this-notebook"

    def __init__(self, *, reason: str) -> None:
        self.reason = reason
        super().__init__(
            "This kernel does not know its notebook",
            details=(reason,),
            hints=("PIXI_JUPYTER_NOTEBOOK=FILE   in front of the command names it",),
        )
