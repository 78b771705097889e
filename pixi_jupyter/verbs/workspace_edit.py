"""What the verbs that change or show a manifest's own tables have in common."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pixi_jupyter.errors import ManifestError
from pixi_jupyter.install.locks import workspace_lock
from pixi_jupyter.manifest.discovery import find_manifest
from pixi_jupyter.manifest.document import ManifestDocument
from pixi_jupyter.manifest.parse import parse_manifest
from pixi_jupyter.manifest.script_place import home_of
from pixi_jupyter.manifest.text import read_text
from pixi_jupyter.redaction import redacted
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.change import apply_change, changing
from pixi_jupyter.verbs.request import LockingRequest, name_of, words_of
from pixi_jupyter.workspace.solution import provide_solution
from pixi_jupyter.workspace.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pixi_jupyter.events import Operation
    from pixi_jupyter.verbs.change import Changed
    from pixi_jupyter.verbs.request import WorkspaceRequest
    from pixi_jupyter.workspace.context import Workspace

Action: TypeAlias = Literal["added", "updated", "removed", "moved", "kept"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EditRequest(LockingRequest):
    """A request that changes what is solved."""

    no_install: bool = False
    """Lock, do not install."""

    @property
    def leaves_lock(self) -> bool:
        """Whether the manifest alone is changed."""
        return self.frozen or self.locked


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedRequest(EditRequest):
    """The same about a feature or an environment."""

    feature: str | None = None
    """Whose table; None for that of the workspace itself."""
    environment: str | None = None
    """Instead of a feature: the tables inside this environment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One thing that was changed in the manifest, or that needed no change."""

    action: Action
    kind: str
    """channel, platform, environment, feature, name, version …"""
    name: str
    """Empty for what a workspace has one of."""
    value: str = ""
    """What it is now, or is known as."""

    def to_json(self) -> dict[str, str]:
        """Give the JSON form."""
        found = {"action": self.action, "kind": self.kind, "name": self.name}
        return {**found, "value": self.value} if self.value else found


@dataclass(frozen=True, slots=True, kw_only=True)
class EditResult:
    """What a command did to the manifest, and to the lock where it has one to do."""

    edits: tuple[Edit, ...]
    manifest: str
    """As a person in the workspace writes it."""
    changed: Changed | None = None
    """None where nothing that is solved can have changed."""
    feature: str | None = None
    environment: str | None = None
    target: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        rest = self.changed.to_json() if self.changed else {}
        return {"edits": [each.to_json() for each in self.edits], **rest}


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One thing of a list, with what is known of it."""

    title: str
    facts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a command found in a manifest."""

    kind: str
    """What the sections are about."""
    sections: tuple[Section, ...]
    data: Any
    """The JSON form."""

    def to_json(self) -> Any:  # noqa: ANN401  a list or a table
        """Give the JSON form."""
        return self.data


def facts(**values: Iterable[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Give those facts that there are."""
    found = ((key, tuple(map(redacted, value))) for key, value in values.items())
    return tuple((key, value) for key, value in found if value)


async def change_and_lock(
    request: EditRequest,
    operation: Operation,
    edit: Callable[[Workspace, ManifestDocument], tuple[Edit, ...]],
    *,
    install: Iterable[str] = (),
) -> EditResult:
    """Edit the manifest, solve what it asks now, and write both.

    Parameters
    ----------
    edit
        Changes the document; says what it changed.
    install
        Environments to bring up to date, unless the request forbids it.

    Raises
    ------
    SolveError, ManifestError
        Nothing was written.
    InstallError
        Manifest and lock are written; the next install finishes.

    Notes
    -----
    As in pixi 0.77.0 (read 2026-11), where channels and platforms alone do so: a
    manifest whose environments have no solution is not written.
    """
    async with changing(request, operation) as workspace:
        started = time.monotonic()
        document = ManifestDocument(workspace.text, workspace.manifest.path)
        edits = edit(workspace, document)
        edited = workspace.edited(document.text)
        solution = session = None
        if not request.leaves_lock and edited.text != workspace.text:
            session = edited.session()
            solution = await provide_solution(edited, operation, session=session)
        changed = await apply_change(
            workspace,
            edited,
            solution,
            operation,
            session=session,
            install=() if request.no_install else tuple(install),
            started=started,
        )
        return EditResult(
            edits=edits,
            manifest=changed.manifest,
            changed=changed,
            feature=getattr(request, "feature", None),
            environment=getattr(request, "environment", None),
        )


async def change_manifest(
    request: WorkspaceRequest,
    operation: Operation,
    edit: Callable[[ManifestDocument], tuple[Edit, ...]],
    *,
    forgives: bool = False,
) -> EditResult:
    """Edit the manifest where nothing that is solved depends on it.

    Parameters
    ----------
    forgives
        Write it also where it cannot be read then; that is told as a warning.

    Raises
    ------
    ManifestError
        Nothing was written.

    Notes
    -----
    A manifest that cannot be read may be what is mended, so that only the result
    is looked at.
    """
    path = find_manifest(Path.cwd(), request.manifest)
    name = name_of(request)
    async with workspace_lock(home_of(path), operation, what=words_of(name, request)):
        text = read_text(path)
        document = ManifestDocument(text, path)
        edits = edit(document)
        if document.text != text:
            try:
                parse_manifest(document.text, path)
            except ManifestError as error:
                if not forgives:
                    raise
                operation.warn(": ".join((error.message, *error.details[:1])))
            transaction = Transaction()
            transaction.write(path, document.text, was=text)
            transaction.commit()
    return EditResult(
        edits=edits,
        manifest=path.name,
        feature=getattr(request, "feature", None),
        environment=getattr(request, "environment", None),
        target=getattr(request, "target", None),
    )
