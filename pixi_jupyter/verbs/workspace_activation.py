"""What is done when an environment is activated: scripts and variables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pixi_jupyter.errors import (
    EntryNotFoundError,
    UsageError,
)
from pixi_jupyter.manifest.locate import dotted
from pixi_jupyter.manifest.selectors import parse_selector
from pixi_jupyter.redaction import redacted
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.request import WorkspaceRequest
from pixi_jupyter.verbs.workspace_edit import (
    Edit,
    EditResult,
    change_manifest,
)
from pixi_jupyter.workspace.context import open_workspace

if TYPE_CHECKING:
    from pixi_jupyter.events import Operation
    from pixi_jupyter.manifest.document import ManifestDocument
    from pixi_jupyter.verbs.workspace_edit import Action

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivationRequest(WorkspaceRequest):
    """Whose activation."""

    feature: str | None = None
    environment: str | None = None
    target: str | None = None
    """Only for platforms that this selector selects."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceEnvSetRequest(ActivationRequest):
    """Which variables, as ``NAME=VALUE``."""

    assignments: tuple[str, ...]
    """Not among what an operation is known by: they may be secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceEnvRemoveRequest(ActivationRequest):
    """Which variables."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceScriptAddRequest(ActivationRequest):
    """Which scripts, relative to the workspace's folder."""

    names: tuple[str, ...]
    prepend: bool = False
    """Before all others, also those that are there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceScriptRemoveRequest(ActivationRequest):
    """Which scripts."""

    names: tuple[str, ...]


async def set_env(request: WorkspaceEnvSetRequest, operation: Operation) -> EditResult:
    """Set variables.

    Raises
    ------
    UsageError
        If one is no assignment.
    """
    pairs = [_assignment(text) for text in request.assignments]

    def edit(document: ManifestDocument) -> tuple[Edit, ...]:
        keys = (*_above(document, request), "env")
        for name, value in pairs:
            document.set((*keys, name), value)
        return tuple(
            Edit(action="updated", kind="variable", name=name, value=redacted(value))
            for name, value in pairs
        )

    return await change_manifest(request, operation, edit)


async def remove_env(
    request: WorkspaceEnvRemoveRequest, operation: Operation
) -> EditResult:
    """Take variables out.

    Raises
    ------
    EntryNotFoundError
        Nothing was written.
    """

    def edit(document: ManifestDocument) -> tuple[Edit, ...]:
        document.check_is_there(request.feature, request.environment)
        keys = (*_above(document, request), "env")
        for name in request.names:
            there = document.get(*keys) or {}
            if name not in there:
                raise EntryNotFoundError(
                    name,
                    kind="variable",
                    available=there,
                    where=f"{dotted(keys)} of {document.path.name}",
                )
            document.unset((*keys, name))
        return tuple(
            Edit(action="removed", kind="variable", name=name) for name in request.names
        )

    return await change_manifest(request, operation, edit)


async def add_scripts(
    request: WorkspaceScriptAddRequest, operation: Operation
) -> EditResult:
    """Add scripts behind those that are there, or before them."""
    if not all(name.strip() for name in request.names):
        msg = "A script needs a path"
        raise UsageError(msg)

    def edit(document: ManifestDocument) -> tuple[Edit, ...]:
        keys = (*_above(document, request), "scripts")
        now = list(document.get(*keys) or ())
        names = list(dict.fromkeys(request.names))
        if request.prepend:
            wanted = [*names, *(each for each in now if each not in names)]
        else:
            wanted = [*now, *(name for name in names if name not in now)]
        document.set_items(keys, wanted)
        there: Action = "moved" if request.prepend and wanted != now else "kept"
        return tuple(
            Edit(
                action=there if name in now else "added",
                kind="activation script",
                name=name,
            )
            for name in names
        )

    result = await change_manifest(request, operation, edit)
    _warn(request, operation)
    return result


def _warn(request: WorkspaceScriptAddRequest, operation: Operation) -> None:
    """Say what will not work with a script."""
    workspace = open_workspace(request.manifest, offline=request.offline)
    subdirs = {
        platform.subdir
        for platform in workspace.composition.platforms
        if request.target is None or parse_selector(request.target).matches(platform)
    }
    for name in request.names:
        if not (workspace.root / name).is_file():
            operation.warn(f"{name} does not exist in {workspace.root} yet")
        is_batch = name.endswith((".bat", ".cmd"))
        if name.endswith(".sh") and any(each.startswith("win-") for each in subdirs):
            operation.warn(f"{name} cannot run on Windows; --target unix limits it")
        if is_batch and any(not each.startswith("win-") for each in subdirs):
            operation.warn(f"{name} runs on Windows only; --target win limits it")


async def remove_scripts(
    request: WorkspaceScriptRemoveRequest, operation: Operation
) -> EditResult:
    """Take scripts out.

    Raises
    ------
    EntryNotFoundError
        Nothing was written.
    """

    def edit(document: ManifestDocument) -> tuple[Edit, ...]:
        document.check_is_there(request.feature, request.environment)
        keys = (*_above(document, request), "scripts")
        now = list(document.get(*keys) or ())
        for name in request.names:
            if name not in now:
                raise EntryNotFoundError(
                    name,
                    kind="activation script",
                    available=now,
                    where=f"{dotted(keys)} of {document.path.name}",
                )
        kept = [each for each in now if each not in request.names]
        if kept:
            document.set_items(keys, kept)
        else:
            document.unset(keys)
        return tuple(
            Edit(action="removed", kind="activation script", name=name)
            for name in request.names
        )

    return await change_manifest(request, operation, edit)


def _above(document: ManifestDocument, request: ActivationRequest) -> tuple[str, ...]:
    above = document.above(
        feature=request.feature,
        environment=request.environment,
        platform=request.target,
    )
    return (*above, "activation")


def _assignment(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not _VARIABLE.fullmatch(name.strip()):
        msg = f"{text} is no assignment such as NAME=VALUE"
        raise UsageError(msg)
    return name.strip(), value
