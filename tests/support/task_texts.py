"""Tasks of manifests, planned and written out without a disk or a process."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pixi_jupyter.errors import TaskError
from pixi_jupyter.platforms import Platform
from pixi_jupyter.tasks.arguments import from_words
from pixi_jupyter.tasks.graph import make_plan
from pixi_jupyter.tasks.models import Node
from pixi_jupyter.tasks.read import read_task
from pixi_jupyter.tasks.shell_text import exports_of, script_of
from pixi_jupyter.tasks.template import context_of
from support.manifests import composed

if TYPE_CHECKING:
    from pixi_jupyter.manifest.compose import Environment
    from pixi_jupyter.tasks.models import Plan

LINUX = Platform("linux-64", "linux-64")


def here(environment: Environment) -> Platform | None:
    """Give the platform of an environment on a Linux machine."""
    found = [each for each in environment.platforms if each.subdir == "linux-64"]
    return found[0] if found else None


def planned(
    text: str, *words: str, environment: str | None = None, skip_deps: bool = False
) -> Plan:
    """Plan what a command runs in the workspace of a manifest."""
    return make_plan(
        composed(text),
        words,
        environment=environment,
        skip_deps=skip_deps,
        platform_of=here,
    )


def told(plan: Plan) -> list[str]:
    """Write a plan down: a line for each node."""
    return [
        " ".join(
            (
                f"{node.name}@{node.environment}",
                *(f"{name}={value}" for name, value in node.arguments.items()),
                *node.extra,
                *(["<", *map(str, node.needs)] if node.needs else []),
            )
        )
        for node in plan.nodes
    ]


def node_of(written: object, *words: str) -> Node:
    """Give the node of a task that is called ``t``."""
    task = read_task("t", written)
    given = from_words(task, words)
    return Node(
        number=0,
        task=task,
        name="t",
        environment="default",
        arguments=given.arguments,
        twins=given.twins,
        extra=given.extra,
    )


def context(node: Node, *, cwd: str = "/home/ana") -> dict[str, object]:
    """Give what its templates see."""
    return context_of(
        node, platform=LINUX, manifest=Path("/w/pixi.toml"), init_cwd=Path(cwd)
    )


def script(
    written: object, *words: str, cwd: str = "/home/ana", allow: bool = False
) -> str:
    """Give the whole text that the shell gets for a task."""
    node = node_of(written, *words)
    seen = context(node, cwd=cwd)
    exports = exports_of(node, seen, allow_shell_arguments=allow)
    return exports + script_of(node, seen, allow_shell_arguments=allow)


def refused(written: object, *words: str, cwd: str = "/home/ana") -> TaskError | None:
    """Give the error with which a task is refused; None where it is not."""
    try:
        script(written, *words, cwd=cwd)
    except TaskError as error:
        return error
    return None
