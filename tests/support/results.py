"""Results in which every text is the same, for those who show them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pixi_jupyter.tasks.models import Argument, Dependency, Task
from pixi_jupyter.tasks.models import Node as TaskNode
from pixi_jupyter.tasks.run import NodeResult
from pixi_jupyter.verbs.clean import CleanResult
from pixi_jupyter.verbs.operations import OperationsResult
from pixi_jupyter.verbs.reinstall import Reinstall, ReinstallResult
from pixi_jupyter.verbs.run_tasks import TaskRunResult
from pixi_jupyter.verbs.shell_hook import ShellHookResult
from pixi_jupyter.verbs.task_list import EnvironmentTasks, TaskListResult
from pixi_jupyter.verbs.tasks import RunnableTask, TasksResult
from pixi_jupyter.verbs.tree import TreeResult
from pixi_jupyter.verbs.workspace_edit import Edit, EditResult
from pixi_jupyter.workspace.cleaning import Removed
from pixi_jupyter.workspace.graph import Need, Node
from pixi_jupyter.workspace.operations import OperationRecord


def run_result(name: str) -> TaskRunResult:
    """Give what became of two tasks."""
    node = TaskNode(number=0, task=None, name=name, environment=name, extra=(name,))
    failed = NodeResult(
        node=node, state="failed", place=name, command=name, exit_code=2, seconds=0.5
    )
    skipped = NodeResult(node=node, state="skipped")
    return TaskRunResult(
        results=(failed, skipped), exit_code=2, log=Path(name), available=(name,)
    )


def workspace_results(name: str) -> dict[str, Any]:
    """Make results of the verbs that look after environments."""
    node = Node(
        name=name,
        version=name,
        kind="pypi",
        is_explicit=True,
        needs=(Need(name=name, extras=(name,)),),
    )
    cleaned = CleanResult(
        removed=(Removed(path=Path(name), kind=name, size_bytes=2, freed_bytes=1),),
        kept=((Path(name), name),),
        pruned=((name, Path(name)),),
    )
    again = Reinstall(
        environment=name,
        prefix=Path(name),
        platform=name,
        again=(name,),
        added=(name,),
        changed=(name,),
        removed=(name,),
    )
    return {
        "clean": cleaned,
        "clean_cache": cleaned,
        "operations": OperationsResult(
            root=Path(name),
            operations=(
                OperationRecord(
                    id=name,
                    verb=name,
                    what=name,
                    phase=name,
                    label=name,
                    done=1,
                    total=2,
                    error=name,
                ),
            ),
        ),
        "reinstall": ReinstallResult(reinstalled=(again,), dry_run=True),
        "run": run_result(name),
        "shell_hook": ShellHookResult(environment=name, shell=name, script=name),
        **task_results(name),
        "tree": TreeResult(
            environment=name, platform=name, roots=(name,), nodes={name: node}
        ),
    }


def task_results(name: str) -> dict[str, Any]:
    """Make results of the verbs that change and show tasks."""
    task = Task(
        name=name,
        command=(name, name),
        description=name,
        depends_on=(Dependency(task=name, args=(name, (name, name))),),
        args=(Argument(name=name, default=name, choices=(name,)),),
    )
    edited = EditResult(
        edits=(Edit(action="added", kind="task", name=name, value=name),),
        manifest=name,
        feature=name,
        target=name,
    )
    listed = EnvironmentTasks(
        environment=name, runs_here=True, tasks=(task,), features=((name, (task,)),)
    )
    runnable = RunnableTask(
        task=task, environment=name, environments=(name,), runs_here=True
    )
    return {
        "task_add": edited,
        "task_alias": edited,
        "task_list": TaskListResult(environments=(listed,)),
        "task_remove": edited,
        "tasks": TasksResult(workspace=name, manifest=name, tasks=(runnable,)),
    }
