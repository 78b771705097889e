"""Results in which every text is the same, for those who show them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pixi_jupyter.install.outcome import InstallOutcome
from pixi_jupyter.notebook.scan import NotebookScan
from pixi_jupyter.notebook.scan_rows import Doubt, Proposed
from pixi_jupyter.platforms import Platform
from pixi_jupyter.tasks.models import Argument, Dependency, Task
from pixi_jupyter.tasks.models import Node as TaskNode
from pixi_jupyter.tasks.run import NodeResult
from pixi_jupyter.trust.models import Amount, Facts, Origin, Refusal, Variable
from pixi_jupyter.verbs.clean import CleanResult
from pixi_jupyter.verbs.notebook_embed import Embedded, NotebookEmbedResult
from pixi_jupyter.verbs.notebook_extract import NotebookExtractResult
from pixi_jupyter.verbs.notebook_install import (
    NotebookInstalled,
    NotebookInstallResult,
)
from pixi_jupyter.verbs.notebook_open import Opened
from pixi_jupyter.verbs.notebook_scan import NotebookScanResult
from pixi_jupyter.verbs.notebook_trust import NotebookTrustResult, TrustedNotebook
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
from pixi_jupyter.workspace.installed import Installed
from pixi_jupyter.workspace.operations import OperationRecord
from support.verified import verify_results


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
        **carrying_results(name),
        **trust_results(name),
        "notebook_scan": scan_result(name),
        **verify_results(name),
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


def scan_result(name: str) -> NotebookScanResult:
    """Give what a notebook needs."""
    packages = [
        Proposed(kind="conda", name=name, value=name, why=(name, name), doubts=(name,)),
        Proposed(kind="pypi", name=name, value={"git": name, "extras": [name]}, why=()),
        Proposed(kind="conda", name=name, value="*", why=(name,), is_taken=False),
    ]
    return NotebookScanResult(
        scans=(
            NotebookScan(
                name=name,
                language=name,
                python=(3, 12),
                cells=1,
                facts=(),
                doubts=((name, name),),
                own=(name,),
            ),
        ),
        files=(name,),
        packages=tuple(packages),
        doubts=(Doubt(what=name, why=name, hint=name),),
        channels=(name,),
        manifest=Path(name),
        text=name,
        is_new=True,
        written=False,
        checked=True,
    )


def carrying_results(name: str) -> dict[str, Any]:
    """Make results of the verbs about what a notebook carries."""
    path = Path(name)
    embedded = Embedded(
        path=path,
        environment=name,
        workspace=name,
        why=name,
        packages=160,
        platforms=(name,),
        bytes=50_000,
        digest=name,
        changed=True,
        notes=(name,),
    )
    installed = Installed(
        environment=name,
        prefix=path,
        platform=Platform(name, name),
        packages=2,
        outcome=InstallOutcome(changed=True, state=name),
    )
    ready = NotebookInstalled(
        path=path,
        opened=Opened(manifest=path, digest=name, solved_for=name),
        installed=installed,
        seconds=1.5,
    )
    return {
        "notebook_embed": NotebookEmbedResult(notebooks=(embedded,)),
        "notebook_extract": NotebookExtractResult(path=path, files=(path,)),
        "notebook_install": NotebookInstallResult(notebooks=(ready,)),
    }


def trust_results(name: str) -> dict[str, Any]:
    """Make results of the verbs about what a notebook may use."""
    place = Origin(where=name, name=name, packages=(name,))
    facts = Facts(
        digest=name,
        environment=name,
        channels=(Origin(where=name, is_known=True), place),
        indexes=(place,),
        direct=(place,),
        others=(place,),
        is_locked=True,
        amount=Amount(platform=name, conda=2, pypi=1, size_bytes=3, unsized=1),
        unhashed=(name,),
        builds=(name,),
        variables=(Variable(name, True), Variable(name, False)),  # noqa: FBT003  flagged or not
        scripts=(name,),
        link_scripts=True,
        tasks=(name,),
        refusals=(Refusal(name, name),),
        forbidden=(name,),
    )
    result = NotebookTrustResult(
        notebooks=(
            TrustedNotebook(path=Path(name), state="not_trusted", facts=facts),
            TrustedNotebook(path=Path(name), state="nothing"),
        ),
        dry_run=True,
    )
    return {"notebook_trust": result, "notebook_untrust": result}
