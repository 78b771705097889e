"""Results in which every text is the same, for those who show them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pixi_jupyter.verbs.clean import CleanResult
from pixi_jupyter.verbs.operations import OperationsResult
from pixi_jupyter.verbs.reinstall import Reinstall, ReinstallResult
from pixi_jupyter.verbs.shell_hook import ShellHookResult
from pixi_jupyter.verbs.tree import TreeResult
from pixi_jupyter.workspace.cleaning import Removed
from pixi_jupyter.workspace.graph import Need, Node
from pixi_jupyter.workspace.operations import OperationRecord


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
        "shell_hook": ShellHookResult(environment=name, shell=name, script=name),
        "tree": TreeResult(
            environment=name, platform=name, roots=(name,), nodes={name: node}
        ),
    }
