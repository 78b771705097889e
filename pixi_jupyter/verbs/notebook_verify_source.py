"""What a notebook is run from: the lock that it carries, or its workspace's."""

from __future__ import annotations

import re
from dataclasses import field
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import (
    ManifestNotFoundError,
    NotebookEnvironmentNotFoundError,
    NotebookUnlockedError,
    NotSupportedYetError,
    PixiJupyterError,
)
from pixi_jupyter.kernelspecs.names import kernel_name
from pixi_jupyter.manifest.discovery import find_manifest
from pixi_jupyter.manifest.parse import read_manifest
from pixi_jupyter.notebook.files import read_notebook
from pixi_jupyter.notebook.metadata import read_environment, read_reference
from pixi_jupyter.notebook.places import ENVIRONMENT
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pixi_jupyter.manifest.models import Manifest
    from pixi_jupyter.notebook.metadata import NotebookEnvironment
    from pixi_jupyter.notebook.verify import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One notebook, and what it is run from."""

    named: Path
    """As it was named."""
    path: Path
    """Absolute."""
    content: Mapping[str, Any] = field(default_factory=dict)
    carried: NotebookEnvironment | None = None
    manifest: Path | None = None
    """Of the workspace around it, where it carries nothing."""
    name: str = ENVIRONMENT
    """The environment's in that manifest, or in what it carries."""
    workspace: str = ""
    error: PixiJupyterError | None = None
    """Why it cannot be run."""

    @property
    def origin(self) -> Origin:
        """Whose lock it is."""
        if self.carried is not None:
            return "notebook"
        return "workspace" if self.manifest is not None else ""

    @property
    def environment(self) -> str:
        """How people call the environment."""
        if self.carried is not None:
            return self.carried.environment
        return f"{self.workspace}: {self.name}" if self.manifest else ""

    @property
    def digest(self) -> str | None:
        """Of what it carries."""
        return None if self.carried is None else self.carried.digest

    @property
    def language(self) -> str:
        """In which it is written; empty where it does not say."""
        spec, info = (_table(self.content, each) for each in _LANGUAGE)
        return str(spec.get("language") or info.get("name") or "").lower()

    @property
    def kernel(self) -> str:
        """The folder of a kernel that a package brings along, as it was named."""
        name = str(_table(self.content, "kernelspec").get("name") or "")
        return name.rpartition(".")[2]


_LANGUAGE = ("kernelspec", "language_info")


def source_of(named: Path, here: Path) -> Source:
    """Find what a notebook is run from.

    Parameters
    ----------
    here
        What relative paths start from.

    Notes
    -----
    A notebook that cannot be run says so in its `error`: others still can.
    """
    path = here / named.expanduser()
    content: Mapping[str, Any] = {}
    try:
        content = read_notebook(path)
        return _found(named, path, content)
    except PixiJupyterError as error:
        return Source(named=named, path=path, content=content, error=error)


def _found(named: Path, path: Path, content: Mapping[str, Any]) -> Source:
    carried = read_environment(content, path=path)
    if carried is not None and carried.lock is not None:
        return Source(named=named, path=path, content=content, carried=carried)
    try:
        found = find_manifest(path.parent)
    except (ManifestNotFoundError, NotSupportedYetError) as error:
        if carried is not None:
            raise NotebookUnlockedError(named) from error
        raise NotebookEnvironmentNotFoundError(named) from error
    manifest = read_manifest(found)
    return Source(
        named=named,
        path=path,
        content=content,
        manifest=found,
        name=environment_named(content, manifest, path),
        workspace=manifest.name,
    )


def environment_named(
    notebook: Mapping[str, Any], manifest: Manifest, path: Path
) -> str:
    """Give the environment of a workspace that a notebook means.

    Parameters
    ----------
    notebook
        Its JSON.
    manifest
        Of the workspace around it.
    path
        For messages.

    Returns
    -------
    str
        What its metadata name; else that of its kernel; else the default one.
    """
    reference = read_reference(notebook, path=path)
    if reference and reference.workspace in ("", manifest.name):
        return reference.environment
    kernel = str(_table(notebook, "kernelspec").get("name") or "").partition(".")[0]
    for name in manifest.environments:
        wanted = kernel_name(manifest.name, manifest.root, name)
        # the folder may have had another place where it was saved
        if kernel == wanted or _placeless(kernel) == _placeless(wanted):
            return name
    return ENVIRONMENT


def _placeless(kernel: str) -> str:
    """Leave out of a kernel's name what tells folders apart."""
    return re.sub("-[0-9a-f]{6}-", "-", kernel, count=1)


def _table(notebook: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    metadata = notebook.get("metadata")
    found = metadata.get(key) if isinstance(metadata, dict) else None
    return found if isinstance(found, dict) else {}
