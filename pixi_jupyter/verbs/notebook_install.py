"""Install the environments that notebooks carry, exactly as they are locked."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import UsageError
from pixi_jupyter.notebook.files import read_notebook
from pixi_jupyter.notebook.metadata import read_environment
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.install import InstallRequest, install
from pixi_jupyter.verbs.notebook_open import (
    NotebookOpenRequest,
    Opened,
    notebook_open,
    open_notebook,
)
from pixi_jupyter.verbs.request import Request

if TYPE_CHECKING:
    from pathlib import Path

    from pixi_jupyter.events import Operation
    from pixi_jupyter.workspace.installed import Installed


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookInstallRequest(Request):
    """Which notebooks."""

    files: tuple[Path, ...]
    trust: bool = False
    """Agree to what they carry."""
    offline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookInstalled:
    """One notebook whose environment is there."""

    path: Path
    opened: Opened
    installed: Installed
    """Conda and PyPI packages; what a kernel needs beside them is not counted."""
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "notebook": str(self.path),
            "digest": self.opened.digest or None,
            "manifest": str(self.opened.manifest),
            "shared": self.opened.is_shared,
            "solved_for": self.opened.solved_for or None,
            **self.installed.to_json(),
            "seconds": round(self.seconds, 3),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookInstallResult:
    """What was installed."""

    notebooks: tuple[NotebookInstalled, ...]

    def to_json(self) -> list[dict[str, Any]]:
        """Give the JSON form."""
        return [each.to_json() for each in self.notebooks]


async def notebook_install(
    request: NotebookInstallRequest, operation: Operation
) -> NotebookInstallResult:
    """Install what each notebook carries, at the prefix of its content.

    Raises
    ------
    NotebookReadError, NotebookMetadataError, NotebookEnvironmentNotFoundError
    ConsentNeededForNotebookError, NotebookRefusedError, NotebookForbiddenError
        Nothing was fetched for this one; those before it are installed.
    InstallError, SolveError
    """
    if not request.files:
        msg = "No notebook was named"
        raise UsageError(msg, hints=("{command} notebook install analysis.ipynb",))
    done = [
        await _install(file.absolute(), request, operation) for file in request.files
    ]
    return NotebookInstallResult(notebooks=tuple(done))


async def _install(
    path: Path, request: NotebookInstallRequest, operation: Operation
) -> NotebookInstalled:
    started = time.monotonic()
    opened = open_notebook(path, operation, trust=request.trust)
    result = await install(
        InstallRequest(
            manifest=opened.manifest,
            environments=(opened.environment,),
            frozen=opened.is_frozen,
            offline=request.offline,
        ),
        operation,
    )
    installed = result.installed[0]
    if _has_python(installed.prefix):
        # the kernel's part too, so that a start needs no network
        again = NotebookOpenRequest(
            path=path, trust=request.trust, offline=request.offline
        )
        ready = await notebook_open(again, operation)
        installed = replace(installed, payload=ready.payload)
    return NotebookInstalled(
        path=path,
        opened=opened,
        installed=installed,
        seconds=time.monotonic() - started,
    )


def _has_python(prefix: Path) -> bool:
    return any((prefix / "conda-meta").glob("python-[0-9]*.json"))


def carries(path: Path) -> bool:
    """Tell whether a notebook carries an environment.

    Raises
    ------
    NotebookReadError, NotebookMetadataError
    """
    return read_environment(read_notebook(path), path=path) is not None
