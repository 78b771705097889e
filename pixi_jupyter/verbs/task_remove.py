"""Take tasks out of the manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.task_edit import TaskTableRequest, change_tasks
from pixi_jupyter.verbs.workspace_edit import Edit

if TYPE_CHECKING:
    from pixi_jupyter.events import Operation
    from pixi_jupyter.manifest.task_edits import TaskEdits
    from pixi_jupyter.verbs.workspace_edit import EditResult


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRemoveRequest(TaskTableRequest):
    """Which tasks, and whose."""

    names: tuple[str, ...]


async def task_remove(request: TaskRemoveRequest, operation: Operation) -> EditResult:
    """Remove tasks from one table; all or none.

    Raises
    ------
    TaskNotInTableError, EnvironmentNotFoundError, FeatureNotFoundError
        Nothing was written.

    Notes
    -----
    Unlike pixi, which says that a task is not there and ends well.
    """
    names = tuple(dict.fromkeys(request.names))

    def edit(edits: TaskEdits) -> tuple[Edit, ...]:
        for name in names:
            edits.remove(name)
        return tuple(Edit(action="removed", kind="task", name=name) for name in names)

    return await change_tasks(request, operation, edit)
