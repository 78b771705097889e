"""Make a new workspace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pixi_jupyter.config import read_settings
from pixi_jupyter.errors import ManifestExistsError, UsageError
from pixi_jupyter.manifest.edits import set_value
from pixi_jupyter.manifest.parse import parse_manifest
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
from pixi_jupyter.verbs.import_file import read_import
from pixi_jupyter.verbs.request import Request
from pixi_jupyter.workspace.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pixi_jupyter.events import Operation
    from pixi_jupyter.exchange.environment_file import Imported


@dataclass(frozen=True, slots=True, kw_only=True)
class InitRequest(Request):
    """Where, and with what."""

    path: Path | None = None
    """The folder; None for the current one."""
    channels: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    format: Literal["pixi", "pyproject"] | None = None
    """None: pyproject.toml where there is one, else pixi.toml."""
    import_from: Path | None = None
    """An environment.yml; what it asks for comes into a pixi.toml."""
    scm: Literal["github", "gitlab", "codeberg"] = "github"
    """Which server's words stand in .gitattributes."""


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
    ImportFileError
        If the file to begin with cannot be read, or says what a manifest cannot.
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
        request.format is None and request.import_from is None and pyproject.exists()
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
    elif request.import_from is not None:
        found = read_import(request.import_from, "conda-env")
        for warning in found.warnings:
            operation.warn(warning)
        transaction.write(pixi, _imported(found, pixi, channels, platforms))
    else:
        transaction.write(pixi, new_manifest(folder.name, channels, platforms))
    folder.mkdir(parents=True, exist_ok=True)
    ignored, attributes = folder / ".gitignore", folder / ".gitattributes"
    transaction.write(ignored, extend_gitignore(_old(ignored)))
    transaction.write(attributes, extend_gitattributes(_old(attributes), request.scm))
    transaction.commit()
    operation.finish("init")
    return InitResult(path=pyproject if wants_pyproject else pixi, created=created)


def _old(path: Path) -> str:
    return read_text(path) if path.exists() else ""


def _imported(
    found: Imported, path: Path, channels: Iterable[str], platforms: Iterable[str]
) -> str:
    """Write a manifest that asks for what a file asks for.

    Raises
    ------
    ManifestParseError
        If a manifest cannot say it.
    """
    name = found.name or path.parent.name
    text = new_manifest(name, found.channels or channels, platforms)
    for table, values in (
        (("dependencies",), found.dependencies),
        (("pypi-dependencies",), found.pypi),
        (("activation", "env"), found.variables),
    ):
        for key, value in values.items():
            text = set_value(text, (*table, key), value)
    parse_manifest(text, path)
    return text
