"""Make a new workspace.

What is written where: pixi 0.77.0, `init` (read 2026-11).
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from pixi_jupyter.adapters.git import read_author
from pixi_jupyter.config import Settings, pixi_home, read_settings
from pixi_jupyter.errors import ManifestExistsError, UsageError
from pixi_jupyter.manifest.edits import set_value
from pixi_jupyter.manifest.parse import parse_manifest
from pixi_jupyter.manifest.pyproject_template import (
    extend_pyproject,
    module_name,
    new_pyproject,
    safe_name,
)
from pixi_jupyter.manifest.template import (
    Extras,
    extend_gitattributes,
    extend_gitignore,
    new_manifest,
)
from pixi_jupyter.manifest.text import read_text
from pixi_jupyter.platforms import SUBDIRS, host_subdir
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.import_file import read_import
from pixi_jupyter.verbs.request import Request
from pixi_jupyter.workspace.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixi_jupyter.events import Operation

_S3_KEYS = ("endpoint-url", "region", "force-path-style")


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
    script: Path | None = None
    """Instead of a workspace: a script that shall say itself what it needs."""
    notebook: Path | None = None
    """Instead of a workspace: a notebook that shall carry its environment."""
    scm: Literal["github", "gitlab", "codeberg"] = "github"
    """Which server's words stand in .gitattributes."""
    conda_pypi_map: Mapping[str, str] | Literal[False] | None = None
    """Where names on PyPI stand, by channel; False for no mapping."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InitResult:
    """What `init` made."""

    path: Path
    created: bool
    """Whether the manifest is new, not an extended pyproject.toml."""
    changed: bool = True
    """False where the pyproject.toml was a workspace already."""
    editable: str | None = None
    """The project that became a dependency of its own workspace."""
    environments: tuple[str, ...] = ()
    """Made of the project's extras and dependency groups."""
    is_script: bool = False
    is_notebook: bool = False

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "manifest_path": str(self.path),
            "created": self.created,
            "changed": self.changed,
            "editable": self.editable,
            "environments": list(self.environments),
        }


async def init(request: InitRequest, operation: Operation) -> InitResult:
    """Write a manifest, and the files that keep git from what can be remade.

    Raises
    ------
    ManifestExistsError, ScriptBlockExistsError, NotebookEnvironmentExistsError
        If the folder has a pixi.toml already, the script its block, or the notebook
        its environment.
    UsageError
        If a platform is none, or the folder holds pixi's own home.
    ImportFileError
        If the file to begin with cannot be read, or says what a manifest cannot.
    """
    for platform in request.platforms:
        if platform not in SUBDIRS:
            msg = f"{platform} is no platform"
            raise UsageError(msg, hints=("linux-64, osx-arm64, win-64 …",))
    if request.script is not None:
        return _init_script(request.script.absolute(), request)
    if request.notebook is not None:
        return _init_notebook(request.notebook.absolute(), request)
    folder = (request.path or Path.cwd()).absolute()
    _check(folder)
    settings = read_settings()
    extras = Extras(
        author=await asyncio.to_thread(read_author, folder),
        conda_pypi_map=request.conda_pypi_map,
        index_url=settings.pypi.get("index-url"),
        extra_index_urls=tuple(settings.pypi.get("extra-index-urls") or ()),
        s3_options=_buckets(settings, request.channels or settings.default_channels),
    )
    transaction = Transaction()
    result = _write_manifest(request, folder, transaction, extras, operation)
    if not result.changed:
        return result
    folder.mkdir(parents=True, exist_ok=True)
    ignored, attributes = folder / ".gitignore", folder / ".gitattributes"
    transaction.write(ignored, extend_gitignore(_old(ignored)))
    transaction.write(attributes, extend_gitattributes(_old(attributes), request.scm))
    for path in transaction.contents:
        path.parent.mkdir(parents=True, exist_ok=True)
    transaction.commit()
    operation.finish("init")
    return result


def _init_script(path: Path, request: InitRequest) -> InitResult:
    from pixi_jupyter.verbs.init_script import init_script

    is_new = not path.exists()
    init_script(path, channels=request.channels, platforms=request.platforms)
    return InitResult(path=path, created=is_new, is_script=True)


def _init_notebook(path: Path, request: InitRequest) -> InitResult:
    from pixi_jupyter.verbs.init_notebook import init_notebook

    if path.is_dir():
        msg = "Nothing says which notebook is meant"
        raise UsageError(msg, hints=("{command} init --notebook analysis.ipynb",))
    is_new = init_notebook(path, channels=request.channels, platforms=request.platforms)
    return InitResult(path=path, created=is_new, is_notebook=True)


def _check(folder: Path) -> None:
    if folder.resolve() == pixi_home().absolute().parent.resolve():
        msg = (
            f"{folder} cannot be a workspace: its .pixi holds what is yours everywhere"
        )
        raise UsageError(msg, hints=("{command} init my-workspace",))
    if (folder / "pixi.toml").exists():
        raise ManifestExistsError(folder / "pixi.toml")


def _buckets(
    settings: Settings, channels: tuple[str, ...]
) -> dict[str, dict[str, object]]:
    """Give what is configured of the buckets that channels are in."""
    configured = settings.network.get("s3-options")
    configured = configured if isinstance(configured, dict) else {}
    used = {urlsplit(each).hostname for each in channels if each.startswith("s3://")}
    return {
        bucket: {key: said[key] for key in _S3_KEYS if key in said}
        for bucket, said in configured.items()
        if bucket in used and isinstance(said, dict)
    }


def _write_manifest(
    request: InitRequest,
    folder: Path,
    transaction: Transaction,
    extras: Extras,
    operation: Operation,
) -> InitResult:
    channels = request.channels or read_settings().default_channels
    platforms = request.platforms or (host_subdir(),)
    pixi, pyproject = folder / "pixi.toml", folder / "pyproject.toml"
    wants_pyproject = request.format == "pyproject" or (
        request.format is None and request.import_from is None and pyproject.exists()
    )
    if wants_pyproject and pyproject.exists():
        extended = extend_pyproject(
            read_text(pyproject), pyproject, channels, platforms, extras=extras
        )
        if extended is None:
            return InitResult(path=pyproject, created=False, changed=False)
        transaction.write(pyproject, extended.text)
        return InitResult(
            path=pyproject,
            created=False,
            editable=extended.editable,
            environments=extended.environments,
        )
    if wants_pyproject:
        text = new_pyproject(folder.name, channels, platforms, extras=extras)
        transaction.write(pyproject, text)
        module = module_name(safe_name(folder.name))
        package = folder / "src" / module / "__init__.py"
        if not package.exists():
            transaction.write(package, "")
        return InitResult(path=pyproject, created=True, editable=module)
    if request.import_from is not None:
        text = _imported(
            request.import_from, pixi, channels, platforms, extras, operation
        )
    else:
        text = new_manifest(folder.name, channels, platforms, extras=extras)
    transaction.write(pixi, text)
    return InitResult(path=pixi, created=True)


def _old(path: Path) -> str:
    return read_text(path) if path.exists() else ""


def _imported(
    file: Path,
    path: Path,
    channels: tuple[str, ...],
    platforms: tuple[str, ...],
    extras: Extras,
    operation: Operation,
) -> str:
    """Write a manifest that asks for what a file asks for.

    Raises
    ------
    ManifestParseError
        If a manifest cannot say it.
    """
    found = read_import(file, "conda-env")
    for warning in found.warnings:
        operation.warn(warning)
    name = found.name or path.parent.name
    text = new_manifest(name, found.channels or channels, platforms, extras=extras)
    for table, values in (
        (("dependencies",), found.dependencies),
        (("pypi-dependencies",), found.pypi),
        (("activation", "env"), found.variables),
    ):
        for key, value in values.items():
            text = set_value(text, (*table, key), value)
    parse_manifest(text, path)
    return text
