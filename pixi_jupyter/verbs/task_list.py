"""List the tasks of a workspace, by environment.

Keys: pixi 0.77.0, `task list --json` (read 2026-11); the order here is always the
same, and an environment that is named restricts the JSON form too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import UnsupportedPlatformError
from pixi_jupyter.manifest.hosts import best_platform
from pixi_jupyter.manifest.merge import overlaid, targets_of
from pixi_jupyter.platforms import host_subdir
from pixi_jupyter.tasks.choice import TaskFinder
from pixi_jupyter.tasks.read import read_task
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.request import WorkspaceRequest
from pixi_jupyter.verbs.task_words import command_text
from pixi_jupyter.workspace.context import open_workspace
from pixi_jupyter.workspace.hosts import host_virtual_packages

if TYPE_CHECKING:
    from pixi_jupyter.events import Operation
    from pixi_jupyter.manifest.compose import Environment
    from pixi_jupyter.manifest.models import Feature
    from pixi_jupyter.platforms import Platform
    from pixi_jupyter.tasks.models import Dependency, Task
    from pixi_jupyter.workspace.context import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskListRequest(WorkspaceRequest):
    """Whose tasks."""

    environment: str | None = None
    """None: of all environments."""
    summary: bool = False
    """Names only, by environment."""
    machine_readable: bool = False
    """Names only, on one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentTasks:
    """The tasks of one environment."""

    environment: str
    runs_here: bool
    """Whether this computer can run it."""
    tasks: tuple[Task, ...]
    """By name; what counts where several features have one."""
    own: tuple[Task, ...] = ()
    """Those that are written inside of the environment."""
    features: tuple[tuple[str, tuple[Task, ...]], ...] = ()
    """Those of each feature."""

    def to_json(self) -> dict[str, Any]:
        """Give pixi's JSON form."""
        return {
            "environment": self.environment,
            "tasks": [task_data(each) for each in self.own],
            "features": [
                {"name": name, "tasks": [task_data(each) for each in tasks]}
                for name, tasks in self.features
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedTask:
    """One name in a list of tasks."""

    name: str
    description: str
    runs_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskListResult:
    """The tasks, and how they are to be shown."""

    environments: tuple[EnvironmentTasks, ...]
    summary: bool = False
    machine_readable: bool = False

    def to_json(self) -> list[dict[str, Any]]:
        """Give pixi's JSON form."""
        found = sorted(self.environments, key=lambda each: each.environment)
        return [each.to_json() for each in found]

    def listed(self) -> tuple[ListedTask, ...]:
        """Give each name once, without those that are hidden."""
        found: dict[str, ListedTask] = {}
        for each in self.environments:
            for task in each.tasks:
                if task.is_hidden:
                    continue
                known = found.get(task.name)
                found[task.name] = ListedTask(
                    name=task.name,
                    description=(known and known.description) or described(task),
                    runs_here=each.runs_here or bool(known and known.runs_here),
                )
        return tuple(found[name] for name in sorted(found))


async def task_list(request: TaskListRequest, operation: Operation) -> TaskListResult:
    """List the tasks of one environment, or of all.

    Raises
    ------
    EnvironmentNotFoundError
    """
    workspace = open_workspace(request.manifest, offline=request.offline)
    operation.finish("read")
    finder = finder_of(workspace)
    chosen = list(workspace.composition.environments.values())
    if request.environment is not None:
        chosen = [workspace.composition.environment(request.environment)]
    return TaskListResult(
        environments=tuple(_environment(finder, each) for each in chosen),
        summary=request.summary,
        machine_readable=request.machine_readable,
    )


def finder_of(workspace: Workspace) -> TaskFinder:
    """Make what finds the tasks that run on this computer."""
    subdir = host_subdir(workspace.environ)
    packages = host_virtual_packages(workspace)

    def platform_of(environment: Environment) -> Platform | None:
        try:
            return best_platform(environment, subdir, packages)
        except UnsupportedPlatformError:
            return None

    return TaskFinder(workspace.composition, platform_of)


def shown_platform(finder: TaskFinder, environment: Environment) -> Platform | None:
    """Give the platform whose tasks are shown: this computer's, else the first."""
    first = environment.platforms[0] if environment.platforms else None
    return finder.platform(environment.name) or first


def _environment(finder: TaskFinder, environment: Environment) -> EnvironmentTasks:
    platform = shown_platform(finder, environment)
    if platform is None:
        return EnvironmentTasks(environment=environment.name, runs_here=False, tasks=())
    by_feature = {each.name: _of_feature(each, platform) for each in environment.parts}
    written = environment.tasks(platform)
    return EnvironmentTasks(
        environment=environment.name,
        runs_here=finder.platform(environment.name) is not None,
        tasks=tuple(read_task(name, written[name]) for name in sorted(written)),
        own=by_feature.pop(f"@{environment.name}", ()),
        features=tuple(by_feature.items()),
    )


def _of_feature(feature: Feature, platform: Platform) -> tuple[Task, ...]:
    written = overlaid(target.tasks for target in targets_of(feature, platform))
    return tuple(read_task(name, written[name]) for name in sorted(written))


def described(task: Task) -> str:
    """Give a description on one line; empty where there is none."""
    return " ".join((task.description or "").split())


def task_data(task: Task) -> dict[str, Any]:
    """Give pixi's JSON form of a task."""
    return {
        "name": task.name,
        "cmd": command_text(task.command),
        "description": task.description,
        "depends_on": [_dependency(each) for each in task.depends_on],
        "args": argument_data(task),
        "cwd": task.cwd,
        "env": dict(task.env) or None,
        "default_environment": task.default_environment,
        "clean_env": task.clean_env,
        "inputs": None if task.inputs is None else list(task.inputs),
        "outputs": None if task.outputs is None else list(task.outputs),
    }


def argument_data(task: Task) -> list[dict[str, Any]] | None:
    """Give the JSON form of what a task asks for; None where it declares nothing."""
    if task.args is None:
        return None
    return [
        {
            "name": each.name,
            "default": each.default,
            "choices": None if each.choices is None else list(each.choices),
        }
        for each in task.args
    ]


def _dependency(dependency: Dependency) -> dict[str, Any]:
    args = [word if isinstance(word, str) else dict([word]) for word in dependency.args]
    return {
        "task_name": dependency.task,
        "args": args or None,
        "environment": dependency.environment,
    }
