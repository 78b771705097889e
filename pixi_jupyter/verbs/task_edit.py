"""What the verbs that change tasks have in common."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pixi_jupyter.errors import UsageError, nearest
from pixi_jupyter.manifest.selectors import parse_selector
from pixi_jupyter.manifest.task_edits import TaskEdits, tables_of
from pixi_jupyter.tasks.read import read_task
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.request import WorkspaceRequest
from pixi_jupyter.verbs.workspace_edit import change_manifest
from pixi_jupyter.workspace.context import open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pixi_jupyter.events import Operation
    from pixi_jupyter.manifest.document import ManifestDocument
    from pixi_jupyter.verbs.workspace_edit import Edit, EditResult


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskTableRequest(WorkspaceRequest):
    """Whose tasks are changed."""

    feature: str | None = None
    """None: those of the workspace itself."""
    environment: str | None = None
    """Instead of a feature: those inside this environment."""
    platform: str | None = None
    """Only for platforms that this selector selects."""


async def change_tasks(
    request: TaskTableRequest,
    operation: Operation,
    edit: Callable[[TaskEdits], tuple[Edit, ...]],
) -> EditResult:
    """Edit a table of tasks; nothing is solved for it.

    Parameters
    ----------
    edit
        Changes the table; says what it changed.

    Raises
    ------
    UsageError, ManifestError
        Nothing was written.
    """
    if request.feature is not None and request.environment is not None:
        msg = "--feature and --environment name two tables; a task is written in one"
        raise UsageError(msg)
    if request.platform is not None:
        _check_selector(request.platform)
    missing: list[tuple[str, str]] = []

    def change(document: ManifestDocument) -> tuple[Edit, ...]:
        edits = edit(
            TaskEdits(
                document=document,
                feature=request.feature,
                environment=request.environment,
                platform=request.platform,
            )
        )
        missing.extend(_missing(document, {each.name for each in edits}))
        return edits

    result = await change_manifest(request, operation, change)
    for name, needed in dict.fromkeys(missing):
        operation.warn(f"{name} depends on {needed}, and no task has that name")
    if any(each.action == "added" for each in result.edits):
        _warn_of_place(request, operation)
    return replace(result, target=request.platform)


def _warn_of_place(request: TaskTableRequest, operation: Operation) -> None:
    """Say where a new task cannot be run from."""
    workspace = open_workspace(request.manifest, offline=request.offline)
    environments = workspace.composition.environments.values()
    feature, selector = request.feature, request.platform
    if feature is not None and not any(feature in x.features for x in environments):
        operation.warn(f"No environment has the feature {feature} yet")
    if selector is None:
        return
    platforms = workspace.composition.platforms
    chosen = parse_selector(selector)
    if not any(chosen.matches(each) for each in platforms):
        names = [each.name for each in platforms]
        close = nearest(selector, names)
        hint = f"; did you mean {close}?" if close else ""
        operation.warn(
            f"{selector} is no platform of the workspace ({', '.join(names)}){hint}"
        )


def check_name(name: str) -> None:
    """Refuse a name by which nobody could run a task.

    Raises
    ------
    UsageError
    """
    if not name or name.startswith("-") or any(x.isspace() for x in name):
        msg = f"{name!r} cannot be the name of a task: it is to be one word"
        raise UsageError(msg)


def _check_selector(text: str) -> None:
    try:
        parse_selector(text)
    except ValueError as error:
        from pixi_jupyter.platforms import SUBDIRS

        close = nearest(text, SUBDIRS)
        hints = (f"did you mean {close}?",) if close else ()
        msg = f"{text} selects no platform: {error}"
        raise UsageError(msg, hints=hints) from error


def _missing(document: ManifestDocument, names: set[str]) -> Iterator[tuple[str, str]]:
    """Find what tasks need that are named, or that need one of those.

    Yields
    ------
    tuple
        A task, and one that it depends on and that is nowhere.
    """
    tasks = [
        (name, written)
        for table in tables_of(document)
        for name, written in table.tasks().items()
    ]
    known = {name for name, _ in tasks}
    for name, written in tasks:
        if not isinstance(written, str | list | dict):
            continue
        try:
            needs = [each.task for each in read_task(name, written).depends_on]
        except (KeyError, TypeError, AttributeError):
            continue  # what cannot be read is refused when all is
        for needed in needs:
            if needed not in known and ({name, needed} & names):
                yield name, needed
