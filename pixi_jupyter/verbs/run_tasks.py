"""Plan what runs for the words of a command, and run it if it is a task."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import UnsupportedPlatformError
from pixi_jupyter.tasks.graph import make_plan
from pixi_jupyter.tasks.output import OutputLog
from pixi_jupyter.tasks.run import NodeResult, Outcome, Run
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.run import command_start
from pixi_jupyter.verbs.run_work import TaskWork
from pixi_jupyter.workspace.context import open_workspace
from pixi_jupyter.workspace.recorder import output_path

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pixi_jupyter.events import Operation
    from pixi_jupyter.manifest.compose import Environment
    from pixi_jupyter.platforms import Platform
    from pixi_jupyter.tasks.models import Plan
    from pixi_jupyter.verbs.run import RunRequest, RunResult
    from pixi_jupyter.workspace.context import Workspace

_NOT_FOUND = 127
"""What shells say of a program that is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRunResult:
    """What became of tasks."""

    results: tuple[NodeResult, ...]
    exit_code: int = 0
    log: Path | None = None
    """Where all that they said is kept."""
    is_dry: bool = False
    """Whether they were only shown."""
    available: tuple[str, ...] = ()
    """Tasks that could be run instead, where a program was not found."""

    @property
    def failure(self) -> str | None:
        """Why the run counts as failed."""
        if not self.exit_code:
            return None
        for each in self.results:
            if each.state in ("failed", "cancelled") and each.exit_code is not None:
                word = "failed" if each.state == "failed" else "was cancelled"
                return f"{each.node.name} {word} with exit code {each.exit_code}"
        return f"exit code {self.exit_code}"

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "tasks": [each.to_json() for each in self.results],
            "exit_code": self.exit_code,
            "log": str(self.log) if self.log else None,
        }


async def run_words(
    request: RunRequest, operation: Operation
) -> RunResult | TaskRunResult:
    """Plan and run tasks, or say how to start a command.

    Raises
    ------
    asyncio.CancelledError
        If it was cancelled where output goes through events; nothing runs any more.
    TaskError, CommandNotFoundError, CommandStartError, ToolNotFoundError, UsageError
    PixiJupyterError
        As for `install`.
    """
    workspace = open_workspace(request.manifest, offline=request.offline)
    platforms = _Platforms(workspace)
    plan = make_plan(
        workspace.composition,
        request.command,
        environment=request.chosen_environment,
        executable=request.executable,
        skip_deps=request.skip_deps,
        templated=request.templated,
        platform_of=platforms,
    )
    work = TaskWork(
        workspace=workspace,
        request=request,
        operation=operation,
        platform_of=platforms,
    )
    if request.dry_run:
        return _shown(plan, work, workspace)
    if plan.asked.task is None:
        activation = await work.activation(plan.asked.environment)
        script = work.script(plan.asked) if request.templated else None
        names = _names(workspace, platforms)
        return command_start(request, activation, script=script, tasks=names)
    log = None
    if request.output == "events":
        log = OutputLog(output_path(workspace.home, operation.id))
    outcome = await Run(
        plan=plan,
        work=work,
        operation=operation,
        jobs=request.jobs,
        output=request.output,
        names_places=len(workspace.composition.environments) > 1,
        log=log,
    ).run()
    if outcome.signal_number is not None and request.output == "events":
        raise asyncio.CancelledError
    return _result(outcome, workspace, platforms)


def _shown(plan: Plan, work: TaskWork, workspace: Workspace) -> TaskRunResult:
    """Say what would run."""
    is_one = len(workspace.composition.environments) == 1
    return TaskRunResult(
        results=tuple(
            NodeResult(
                node=node,
                state="skipped",
                place=None if is_one else node.environment,
                command=work.script(node),
            )
            for node in plan.nodes
        ),
        is_dry=True,
    )


def _result(
    outcome: Outcome, workspace: Workspace, platforms: Callable[[Environment], Any]
) -> TaskRunResult:
    available: tuple[str, ...] = ()
    if outcome.exit_code == _NOT_FOUND:
        available = _names(workspace, platforms)
    return TaskRunResult(
        results=outcome.results,
        exit_code=outcome.exit_code,
        log=outcome.log,
        available=available,
    )


def _names(
    workspace: Workspace, platforms: Callable[[Environment], Any]
) -> tuple[str, ...]:
    """Name the tasks that a person may run here."""
    from pixi_jupyter.tasks.choice import TaskFinder

    names = TaskFinder(workspace.composition, platforms).names()
    return tuple(name for name in names if not name.startswith("_"))


class _Platforms:
    """The platform of an environment here; asks the machine only where it must."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def __call__(self, environment: Environment) -> Platform | None:
        from pixi_jupyter.workspace.installed import known

        workspace = self._workspace
        installed = known(workspace.manifest.path, environment.name)
        if installed is not None:
            for each in environment.platforms:
                if each.name == installed.platform.name:
                    return each
        from pixi_jupyter.workspace.hosts import host_platform

        try:
            return host_platform(workspace, environment)
        except UnsupportedPlatformError:
            return None
