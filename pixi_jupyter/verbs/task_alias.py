"""Write a task that only groups others into the manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.task_edit import TaskTableRequest, change_tasks, check_name
from pixi_jupyter.verbs.workspace_edit import Edit

if TYPE_CHECKING:
    from pixi_jupyter.events import Operation
    from pixi_jupyter.manifest.task_edits import TaskEdits
    from pixi_jupyter.verbs.workspace_edit import EditResult


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAliasRequest(TaskTableRequest):
    """Which tasks run under which name."""

    name: str
    depends_on: tuple[str, ...]
    """In the order of running."""
    description: str | None = None


async def task_alias(request: TaskAliasRequest, operation: Operation) -> EditResult:
    """Add an alias that is not there yet.

    Raises
    ------
    UsageError
        If nobody could run it by its name.
    TaskExistsError
        Nothing was written.
    """
    check_name(request.name)
    value: dict[str, Any] = {"depends-on": list(request.depends_on)}
    if request.description:
        value["description"] = request.description

    def edit(edits: TaskEdits) -> tuple[Edit, ...]:
        edits.add(request.name, value)
        return (
            Edit(
                action="added",
                kind="alias",
                name=request.name,
                value=", ".join(request.depends_on),
            ),
        )

    return await change_tasks(request, operation, edit)
