"""What a workspace has one of: name, version, description, the pixi it needs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pixi_jupyter._version import PIXI_VERSION
from pixi_jupyter.errors import EntryNotFoundError, RequiresPixiError, UsageError
from pixi_jupyter.manifest.discovery import find_manifest
from pixi_jupyter.manifest.document import ManifestDocument
from pixi_jupyter.manifest.parse import parse_manifest
from pixi_jupyter.manifest.text import read_text
from pixi_jupyter.manifest.versions import is_version, matches
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.request import WorkspaceRequest
from pixi_jupyter.verbs.workspace_edit import Edit, EditResult, change_manifest

if TYPE_CHECKING:
    from pixi_jupyter.events import Operation

Key: TypeAlias = Literal["name", "version", "description", "requires-pixi"]
_OLD_PIXI = 4
"""The exit code of pixi where the workspace needs another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceGetRequest(WorkspaceRequest):
    """Which of them."""

    key: Key


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceSetRequest(WorkspaceRequest):
    """Which of them, and what it shall be."""

    key: Key
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceUnsetRequest(WorkspaceRequest):
    """Which of them."""

    key: Key


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceBumpRequest(WorkspaceRequest):
    """Which part of the version is raised."""

    part: Literal["major", "minor", "patch"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceVerifyRequest(WorkspaceRequest):
    """Whether this program is the pixi that the workspace needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueResult:
    """One value of the manifest."""

    key: str
    value: str | None

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {self.key: self.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyResult:
    """Whether this program is the pixi that the workspace needs."""

    required: str | None
    have: str = PIXI_VERSION
    fits: bool = True
    words: tuple[str, ...] = ()
    """What is wrong, as our errors say it."""

    @property
    def exit_code(self) -> int:
        """4 where another pixi is needed, as pixi's own."""
        return 0 if self.fits else _OLD_PIXI

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {"required": self.required, "have": self.have, "fits": self.fits}


async def get(request: WorkspaceGetRequest, operation: Operation) -> ValueResult:
    """Read one of them; nothing else in the manifest has to be right.

    Notes
    -----
    The folder's name stands for a workspace that has none.
    """
    document = ManifestDocument.read(find_manifest(Path.cwd(), request.manifest))
    operation.finish("read")
    value = document.get(*_keys(document, request.key))
    if value is None and request.key == "name":
        value = document.path.absolute().parent.name
    return ValueResult(key=request.key, value=None if value is None else str(value))


async def set_value(request: WorkspaceSetRequest, operation: Operation) -> EditResult:
    """Set one of them where it stands, or where pixi would write it.

    Raises
    ------
    UsageError, InvalidSpecError
        If the value cannot be one; nothing was written.
    """
    _check(request.key, request.value)

    def edit(document: ManifestDocument) -> tuple[Edit, ...]:
        keys = _keys(document, request.key)
        same = document.get(*keys) == request.value
        if not same:
            document.set(keys, request.value)
        return (
            Edit(
                action="kept" if same else "updated",
                kind=request.key,
                name="",
                value=request.value,
            ),
        )

    forgives = request.key == "requires-pixi"
    return await change_manifest(request, operation, edit, forgives=forgives)


async def unset(request: WorkspaceUnsetRequest, operation: Operation) -> EditResult:
    """Take one of them out."""

    def edit(document: ManifestDocument) -> tuple[Edit, ...]:
        keys = _keys(document, request.key)
        if document.get(*keys) is None:
            return (Edit(action="kept", kind=request.key, name=""),)
        document.unset(keys)
        return (Edit(action="removed", kind=request.key, name=""),)

    return await change_manifest(request, operation, edit)


async def bump(request: WorkspaceBumpRequest, operation: Operation) -> EditResult:
    """Raise a part of the version; the parts behind it become zero.

    Raises
    ------
    EntryNotFoundError
        If the workspace has no version.
    InvalidSpecError
        If what it has is none.
    """
    from pixi_jupyter.adapters.rattler import parse_version

    def edit(document: ManifestDocument) -> tuple[Edit, ...]:
        keys = _keys(document, "version")
        old = document.get(*keys)
        if old is None:
            key = keys[-1]
            raise EntryNotFoundError(
                key, kind="key", available=(), where=document.path.name
            )
        raised = getattr(parse_version(str(old)), f"bump_{request.part}")()
        document.set(keys, str(raised))
        return (Edit(action="updated", kind="version", name="", value=str(raised)),)

    return await change_manifest(request, operation, edit)


async def verify(request: WorkspaceVerifyRequest, operation: Operation) -> VerifyResult:
    """Compare the pixi that the workspace needs with the one we speak."""
    path = find_manifest(Path.cwd(), request.manifest)
    operation.finish("read")
    try:
        manifest = parse_manifest(read_text(path), path)
    except RequiresPixiError as error:
        return VerifyResult(
            required=error.required, fits=False, words=tuple(error.lines())
        )
    return VerifyResult(required=manifest.requires_pixi)


def _keys(document: ManifestDocument, key: Key) -> tuple[str, ...]:
    """Give the path where a key stands, or where pixi would write it."""
    own = (*document.section, key)
    is_python = document.path.name == "pyproject.toml"
    is_project = isinstance(document.get("project"), dict)
    if key != "requires-pixi" and is_python and is_project:
        return own if document.get(*own) is not None else ("project", key)
    return own


def _check(key: Key, value: str) -> None:
    if key == "version" and not is_version(value):
        msg = f"{value} is no version"
        raise UsageError(msg)
    if key == "name" and not value.strip():
        msg = "A workspace needs a name"
        raise UsageError(msg)
    if key == "requires-pixi":
        matches(PIXI_VERSION, value)
