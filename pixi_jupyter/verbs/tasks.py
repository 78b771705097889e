"""Tell what can be run in a workspace, and what each task needs to be told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import AmbiguousTaskError
from pixi_jupyter.redaction import redacted
from pixi_jupyter.tasks.read import tasks_of
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.request import WorkspaceRequest
from pixi_jupyter.verbs.task_list import (
    argument_data,
    described,
    finder_of,
    shown_platform,
)
from pixi_jupyter.verbs.task_words import command_text
from pixi_jupyter.workspace.context import open_workspace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixi_jupyter.events import Operation
    from pixi_jupyter.tasks.choice import TaskFinder
    from pixi_jupyter.tasks.models import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class TasksRequest(WorkspaceRequest):
    """Whose tasks."""

    environment: str | None = None
    """None: of all environments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnableTask:
    """A task, and where it would run."""

    task: Task
    environment: str | None
    """None: it has to be chosen, or none can run here."""
    environments: tuple[str, ...]
    """All that have it; of those that can run here, if any can."""
    runs_here: bool

    @property
    def before(self) -> tuple[str, ...]:
        """Names of the tasks that it says run before it."""
        return tuple(dict.fromkeys(each.task for each in self.task.depends_on))

    @property
    def command(self) -> str | None:
        """Its text, templates as written; None for an alias."""
        text = command_text(self.task.command)
        return text and redacted(text)

    @property
    def description(self) -> str:
        """On one line; empty where there is none."""
        return described(self.task)

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "name": self.task.name,
            "environment": self.environment,
            "environments": list(self.environments),
            "description": self.task.description,
            "command": self.command,
            "arguments": argument_data(self.task) or [],
            "before": list(self.before),
            "hidden": self.task.is_hidden,
            "runs_here": self.runs_here,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class TasksResult:
    """All tasks by name."""

    workspace: str
    manifest: str
    tasks: tuple[RunnableTask, ...]

    @property
    def shown(self) -> tuple[RunnableTask, ...]:
        """Those that are not hidden."""
        return tuple(each for each in self.tasks if not each.task.is_hidden)

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "workspace": self.workspace,
            "manifest": self.manifest,
            "tasks": [each.to_json() for each in self.tasks],
        }


async def tasks(request: TasksRequest, operation: Operation) -> TasksResult:
    """List the tasks, hidden ones too, and what `run` would do with each.

    Raises
    ------
    EnvironmentNotFoundError
    """
    workspace = open_workspace(request.manifest, offline=request.offline)
    operation.finish("read")
    finder = finder_of(workspace)
    composition = workspace.composition
    if request.environment is not None:
        composition.environment(request.environment)
    having: dict[str, dict[str, Task]] = {}
    for environment in composition.environments.values():
        platform = shown_platform(finder, environment)
        if platform is None or request.environment not in (None, environment.name):
            continue
        for name, task in tasks_of(environment, platform).items():
            having.setdefault(name, {})[environment.name] = task
    return TasksResult(
        workspace=workspace.manifest.name,
        manifest=str(workspace.manifest.path),
        tasks=tuple(
            _runnable(finder, name, having[name], request.environment)
            for name in sorted(having)
        ),
    )


def _runnable(
    finder: TaskFinder,
    name: str,
    having: Mapping[str, Task],
    only: str | None,
) -> RunnableTask:
    here = [each for each in having if finder.platform(each) is not None]
    chosen = None
    if here:
        try:
            chosen = finder.choose(name, environment=only)
        except AmbiguousTaskError:
            chosen = None
    return RunnableTask(
        task=having[chosen or (here or list(having))[0]],
        environment=chosen,
        environments=tuple(here or having),
        runs_here=bool(here),
    )
