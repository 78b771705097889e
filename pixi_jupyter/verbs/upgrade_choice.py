"""What `upgrade` raises, and why it leaves the rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from pixi_jupyter.errors import DependencyNotFoundError, nearest
from pixi_jupyter.manifest.pyproject import normalised
from pixi_jupyter.workspace.loosen import Entry, entries_of, tables_of
from pixi_jupyter.workspace.loosen_pypi import PypiEntry, pypi_entries_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from pixi_jupyter.events import Operation
    from pixi_jupyter.manifest.document import ManifestDocument
    from pixi_jupyter.verbs.upgrade import UpgradeRequest
    from pixi_jupyter.workspace.context import Workspace
    from pixi_jupyter.workspace.relaxed import Kind

AnyEntry: TypeAlias = Entry | PypiEntry


@dataclass(slots=True)
class Choice:
    """What is raised, and why the rest is not."""

    entries: list[AnyEntry] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def kind_of(entry: AnyEntry) -> Kind:
    """Tell whether it is asked of the channels or of PyPI."""
    return "pypi" if isinstance(entry, PypiEntry) else "conda"


def choose(
    workspace: Workspace,
    document: ManifestDocument,
    request: UpgradeRequest,
    operation: Operation,
) -> Choice:
    """Choose what is raised.

    Raises
    ------
    DependencyNotFoundError, FeatureNotFoundError, EnvironmentNotFoundError
    """
    tables = list(tables_of(workspace, request.feature, request.environment))
    entries: list[AnyEntry] = list(entries_of(document, tables))
    entries += pypi_entries_of(document, tables)
    known = {entry.key for entry in entries}
    for name in request.packages:
        if not _keys(name) & known:
            raise DependencyNotFoundError(
                name,
                available=sorted(known),
                manifest=workspace.manifest.path.name,
                verb="upgrade",
            )
    for name in request.exclude:
        if not _keys(name) & known:
            close = nearest(name, known)
            hint = f", did you mean {close}?" if close else ""
            operation.warn(f"--exclude {name} names no dependency{hint}")
    choice = Choice()
    if not tables:
        whose = f"environment {request.environment} has no tables of its own"
        choice.notes.append(f"{whose}, -f NAME is for those of a feature")
    named = {key for name in request.packages for key in _keys(name)}
    spared = {key for name in request.exclude for key in _keys(name)}
    for entry in entries:
        if entry.key not in spared and (not named or entry.key in named):
            _consider(entry, named, choice)
    return choice


def _keys(name: str) -> set[str]:
    """Give a name as it is compared among conda's, and among those of PyPI."""
    return {name.lower(), normalised(name)}


def _consider(entry: AnyEntry, named: Collection[str], choice: Choice) -> None:
    """Take an entry, or say why not."""
    if entry.is_inherited:
        where = "[workspace.dependencies]"
        choice.notes.append(f"{entry.key} stays as it is, its version is in {where}")
    elif entry.is_source:
        if isinstance(entry, PypiEntry) and entry.is_double:
            reason = f"{entry.table.title} asks for it more than once"
            choice.notes.append(f"{entry.name} stays as it is, {reason}")
        elif named:
            choice.notes.append(f"{entry.key} stays as it is, it is no version")
    else:
        choice.entries.append(entry)
