"""Which configuration file is meant."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pixi_jupyter.config import config_files, system_config
from pixi_jupyter.errors import ManifestNotFoundError, NoWorkspaceSettingsError
from pixi_jupyter.manifest.discovery import find_manifest
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.request import Request

if TYPE_CHECKING:
    from pixi_jupyter.config import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeRequest(Request):
    """A request about the configuration."""

    manifest: Path | None = None
    """Manifest or folder; None for the current folder and those above."""
    scope: str | None = None
    """system, global or local; None: local inside a workspace, else global."""


def files_of(request: ScopeRequest) -> tuple[tuple[Scope, Path], ...]:
    """List the files that count for a request, lowest first.

    Raises
    ------
    NoWorkspaceSettingsError
    """
    files = config_files(_root(request))
    if request.scope == "system":
        return tuple(each for each in files if each[0] == "system")
    if request.scope == "global":
        return tuple(each for each in files if each[0] != "local")
    return files


def target_of(request: ScopeRequest) -> Path:
    """Give the file that is changed.

    Raises
    ------
    NoWorkspaceSettingsError

    Notes
    -----
    Of a person's files it is the lowest that exists, as in pixi; else the one in
    pixi's home.
    """
    root = _root(request)
    if request.scope == "system":
        return system_config()
    if root is not None and request.scope != "global":
        return root / ".pixi" / "config.toml"
    mine = [path for scope, path in config_files(None) if scope == "global"]
    if not mine:
        from pixi_jupyter.config import pixi_home

        return pixi_home() / "config.toml"
    return next((path for path in mine if path.exists()), mine[-1])


def _root(request: ScopeRequest) -> Path | None:
    if request.scope in ("system", "global"):
        return None
    try:
        return find_manifest(Path.cwd(), request.manifest).parent
    except ManifestNotFoundError as error:
        if request.scope == "local":
            raise NoWorkspaceSettingsError(Path.cwd()) from error
        if request.manifest is not None:
            raise
        return None
