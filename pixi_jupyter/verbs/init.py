"""Make a new workspace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pixi_jupyter.config import read_settings
from pixi_jupyter.errors import ManifestExistsError, UsageError
from pixi_jupyter.manifest.template import (
    extend_gitattributes,
    extend_gitignore,
    extend_pyproject,
    new_manifest,
    new_pyproject,
)
from pixi_jupyter.manifest.text import read_text
from pixi_jupyter.platforms import SUBDIRS, host_subdir
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.request import Request
from pixi_jupyter.workspace.transaction import Transaction

if TYPE_CHECKING:
    from pixi_jupyter.events import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class InitRequest(Request):
    """Where, and with what."""

    path: Path | None = None
    """The folder; None for the current one."""
    channels: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    format: Literal["pixi", "pyproject"] | None = None
    """None: pyproject.toml where there is one, else pixi.toml."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InitResult:
    """What `init` made."""

    path: Path
    created: bool
    """Whether the manifest is new, not an extended pyproject.toml."""

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {"manifest_path": str(self.path), "created": self.created}


async def init(request: InitRequest, operation: Operation) -> InitResult:
    """Write a manifest, and the files that keep git from what can be remade.

    Raises
    ------
    ManifestExistsError
        If the folder is a workspace already.
    UsageError
        If a platform is none.
    """
    folder = (request.path or Path.cwd()).absolute()
    for platform in request.platforms:
        if platform not in SUBDIRS:
            msg = f"{platform} is no platform"
            raise UsageError(msg, hints=("linux-64, osx-arm64, win-64 …",))
    channels = request.channels or read_settings().default_channels
    platforms = request.platforms or (host_subdir(),)
    pixi, pyproject = folder / "pixi.toml", folder / "pyproject.toml"
    if pixi.exists():
        raise ManifestExistsError(pixi)
    transaction = Transaction()
    wants_pyproject = request.format == "pyproject" or (
        request.format is None and pyproject.exists()
    )
    created = True
    if wants_pyproject and pyproject.exists():
        text = read_text(pyproject)
        extended = extend_pyproject(text, pyproject, channels, platforms)
        if extended is None:
            raise ManifestExistsError(pyproject)
        transaction.write(pyproject, extended)
        created = False
    elif wants_pyproject:
        transaction.write(pyproject, new_pyproject(folder.name, channels, platforms))
    else:
        transaction.write(pixi, new_manifest(folder.name, channels, platforms))
    folder.mkdir(parents=True, exist_ok=True)
    for name, extend in (
        (".gitignore", extend_gitignore),
        (".gitattributes", extend_gitattributes),
    ):
        path = folder / name
        old = read_text(path) if path.exists() else ""
        transaction.write(path, extend(old))
    transaction.commit()
    operation.finish("init")
    return InitResult(path=pyproject if wants_pyproject else pixi, created=created)
