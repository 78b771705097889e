"""Names of tasks, and values of their arguments, for completion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.commands.complete import Match
from pixi_jupyter.errors import UnsupportedPlatformError
from pixi_jupyter.manifest.hosts import best_platform
from pixi_jupyter.platforms import host_subdir
from pixi_jupyter.tasks.read import read_task, tasks_of
from pixi_jupyter.verbs.task_words import command_text

if TYPE_CHECKING:
    from pixi_jupyter.commands.complete import Spot
    from pixi_jupyter.manifest.compose import Environment
    from pixi_jupyter.platforms import Platform
    from pixi_jupyter.tasks.models import Task
    from pixi_jupyter.workspace.context import Workspace

TASK_KINDS = frozenset(("own_task", "runnable", "task", "task_argument"))
"""Kinds of names that are looked for among the tasks; `runnable`: and elsewhere."""
_SHORT = 60


def task_matches(workspace: Workspace, spot: Spot) -> list[Match]:
    """Give what the kind of a spot asks for."""
    if spot.kind == "task_argument":
        return _values(workspace, spot)
    tasks = _own(workspace, spot) if spot.kind == "own_task" else _all(workspace, spot)
    shows_hidden = spot.partial.startswith("_") or spot.kind == "own_task"
    return [
        Match(name, _meta(tasks[name]))
        for name in sorted(tasks)
        if shows_hidden or not tasks[name].is_hidden
    ]


def _meta(task: Task) -> str:
    needs = ", ".join(each.task for each in task.depends_on)
    told = task.description or command_text(task.command) or f"runs {needs}"
    text = " ".join(told.split())
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 1]}…"


def _all(workspace: Workspace, spot: Spot) -> dict[str, Task]:
    """Give the tasks of the environment that was named, or of all."""
    found: dict[str, Task] = {}
    name = spot.values.get("environment")
    for environment in workspace.composition.environments.values():
        if name is not None and name != environment.name:
            continue
        if (platform := _platform(workspace, environment)) is not None:
            found = {**tasks_of(environment, platform), **found}
    return found


def _platform(workspace: Workspace, environment: Environment) -> Platform | None:
    """Choose a platform without a look at what else the computer has: it is quick."""
    try:
        return best_platform(environment, host_subdir(workspace.environ), ())
    except UnsupportedPlatformError:
        return environment.platforms[0] if environment.platforms else None


def _own(workspace: Workspace, spot: Spot) -> dict[str, Task]:
    """Give the tasks of the table that a command is told of."""
    manifest, name = workspace.manifest, spot.values.get("environment")
    feature = manifest.features.get(spot.values.get("feature", "default"))
    if name is not None:
        environment = manifest.environments.get(name)
        feature = environment.inline if environment else None
    if feature is None:
        return {}
    target = feature.default
    if (selector := spot.values.get("platform")) is not None:
        found = dict(feature.targets).get(selector)
        if found is None:
            return {}
        target = found
    return {name: read_task(name, each) for name, each in target.tasks.items()}


def _values(workspace: Workspace, spot: Spot) -> list[Match]:
    """Give the choices of the next argument of a task, or its default."""
    name, *given = spot.words
    task = _all(workspace, spot).get(name)
    if task is None or task.args is None or "--" in given:
        return []
    if len(given) >= len(task.args):
        return []
    argument = task.args[len(given)]
    values = argument.choices or ([argument.default] if argument.default else [])
    return [
        Match(each, f"{argument.name}, the default")
        if each == argument.default
        else Match(each, argument.name)
        for each in values
    ]
