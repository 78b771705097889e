"""Make the environment of a notebook ready, wherever the notebook says it is.

In this order: the workspace around it that it names; its working copy, where that is
newer than what it carries; what it carries, at the prefix of that content; the block in
its first cell; the workspace around it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import (
    ManifestNotFoundError,
    NotebookEnvironmentNotFoundError,
    NotSupportedYetError,
)
from pixi_jupyter.lock.file import parse_lock
from pixi_jupyter.manifest.compose import compose
from pixi_jupyter.manifest.discovery import find_manifest
from pixi_jupyter.manifest.parse import parse_manifest, read_manifest
from pixi_jupyter.notebook.blocks import environment_of_block
from pixi_jupyter.notebook.copies import (
    is_copy_newer,
    lay_out,
    note_same,
    read_copy,
    write_copy,
)
from pixi_jupyter.notebook.files import read_notebook
from pixi_jupyter.notebook.metadata import read_environment, read_reference
from pixi_jupyter.notebook.places import ENVIRONMENT, MANIFEST, working_copy
from pixi_jupyter.platforms import emulated, host_subdir
from pixi_jupyter.trust.consent import require_trust
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.ensure_installed import EnsureInstalledRequest, ensure_installed
from pixi_jupyter.verbs.request import Request

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pixi_jupyter.events import Operation
    from pixi_jupyter.notebook.metadata import NotebookEnvironment


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookOpenRequest(Request):
    """Which notebook."""

    path: Path
    trust: bool = False
    """Whether the user agrees now to what it carries."""
    kernel: bool = True
    """Whether a Python kernel shall start."""
    offline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Which manifest has a notebook's environment."""

    manifest: Path
    environment: str = ENVIRONMENT
    is_frozen: bool = False
    """Whether the lock is taken as it is: it is what the notebook carries."""
    is_shared: bool = False
    """Whether the prefix is that of a content, which nobody changes."""
    digest: str = ""
    """Of what it carries; empty for a workspace's environment."""
    solved_for: str = ""
    """The platform that the notebook's lock lacks, and that is solved here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookOpenResult:
    """How to start a kernel for a notebook."""

    opened: Opened
    prefix: str
    changed: bool
    payload: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "manifest": str(self.opened.manifest),
            "environment": self.opened.environment,
            "shared": self.opened.is_shared,
            "digest": self.opened.digest or None,
            "prefix": self.prefix,
            "changed": self.changed,
            "payload": dict(self.payload),
        }


async def notebook_open(
    request: NotebookOpenRequest, operation: Operation
) -> NotebookOpenResult:
    """Install what a notebook carries or names, and say how to start in it.

    Raises
    ------
    NotebookEnvironmentNotFoundError
        If it neither carries nor names one, and no workspace is around it.
    ConsentNeededForNotebookError, NotebookRefusedError, NotebookForbiddenError
        Nothing was fetched.
    PixiJupyterError
        As for `install`.
    """
    opened = open_notebook(request.path, operation, trust=request.trust)
    ready = await ensure_installed(
        EnsureInstalledRequest(
            manifest=opened.manifest,
            environment=opened.environment,
            kernel=request.kernel,
            frozen=opened.is_frozen,
            offline=request.offline,
        ),
        operation,
    )
    if opened.solved_for:
        operation.warn(_solved_words(opened.solved_for))
    return NotebookOpenResult(
        opened=opened, prefix=ready.prefix, changed=ready.changed, payload=ready.payload
    )


def open_notebook(path: Path, operation: Operation, *, trust: bool = False) -> Opened:
    """Find or lay out the workspace of a notebook's environment.

    Raises
    ------
    NotebookReadError, NotebookMetadataError, NotebookEnvironmentNotFoundError
    ConsentNeededForNotebookError, NotebookRefusedError, NotebookForbiddenError
        If it carries what was not agreed to; nothing was written.
    """
    path = path.absolute()
    if not path.exists() and (working_copy(path) / MANIFEST).is_file():
        # it was renamed while its kernel ran, and the kernel is started again
        return Opened(manifest=working_copy(path) / MANIFEST)
    notebook = read_notebook(path)
    if (named := _in_workspace(notebook, path)) is not None:
        return named
    carried = read_environment(notebook, path=path)
    carried = carried or environment_of_block(notebook, path)
    if is_copy_newer(path, carried):
        return _of_the_copy(path, carried)
    if carried is not None:
        require_trust(carried, trust=trust, name=path.name)
        return place(carried, path, operation, has_copy=read_copy(path) is not None)
    try:
        return Opened(manifest=find_manifest(path.parent))
    except (ManifestNotFoundError, NotSupportedYetError) as error:
        raise NotebookEnvironmentNotFoundError(path) from error


def place(
    environment: NotebookEnvironment,
    path: Path,
    operation: Operation,
    *,
    has_copy: bool = False,
) -> Opened:
    """Lay out what was agreed to: where its content belongs, or as a working copy.

    Parameters
    ----------
    path
        Of the notebook, whose working copy it becomes where its lock does not do.
    has_copy
        Whether the notebook has a working copy, which is then brought up to date.
    """
    digest = environment.digest
    lacking = _lacking(environment, path)
    if lacking is None and has_copy:
        manifest = write_copy(path, environment)
        return Opened(manifest=manifest, is_frozen=True, digest=digest)
    if lacking is None:
        return Opened(
            manifest=lay_out(environment), is_frozen=True, is_shared=True, digest=digest
        )
    from pixi_jupyter.verbs.notebook_platform import for_this_platform

    operation.warn(_solved_words(lacking, done=False))
    manifest = write_copy(path, for_this_platform(environment, lacking))
    note_same(path, digest, begins=True)
    return Opened(manifest=manifest, digest=digest, solved_for=lacking)


def _of_the_copy(path: Path, carried: NotebookEnvironment | None) -> Opened:
    mine = read_copy(path)
    digest = carried.digest if carried else ""
    is_same = mine is not None and mine.digest == digest
    return Opened(
        manifest=working_copy(path) / MANIFEST,
        is_frozen=is_same and carried is not None and carried.lock is not None,
        digest=digest,
    )


def _in_workspace(notebook: Mapping[str, Any], path: Path) -> Opened | None:
    """Find the environment that a notebook names in the workspace around it."""
    reference = read_reference(notebook, path=path)
    if reference is None or not reference.workspace:
        return None
    try:
        manifest = find_manifest(path.parent)
    except (ManifestNotFoundError, NotSupportedYetError):
        return None
    read = read_manifest(manifest)
    if read.name != reference.workspace or (
        reference.environment not in read.environments
    ):
        return None
    return Opened(manifest=manifest, environment=reference.environment)


def _lacking(environment: NotebookEnvironment, path: Path) -> str | None:
    """Give the platform of this computer that the lock has nothing for."""
    subdir = host_subdir()
    if environment.lock is None:
        return subdir
    lock = parse_lock(environment.lock, path)
    locked = lock.environments.get(ENVIRONMENT)
    runnable = emulated(subdir)
    manifest = parse_manifest(environment.manifest, path.with_name(MANIFEST))
    declared = compose(manifest).environments[ENVIRONMENT].platforms
    for platform in declared:
        if platform.subdir in runnable and locked and platform.name in locked.packages:
            return None
    return subdir


def _solved_words(platform: str, *, done: bool = True) -> str:
    if not done:
        return f"the notebook's lock has nothing for {platform}; it is solved here"
    return (
        f"solved here for {platform}, with the versions of the notebook's lock where"
        " they exist; the notebook carries it when it is saved"
    )
