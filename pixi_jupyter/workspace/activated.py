"""The variables of an installed environment, for what is built in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.activation.activate import activate
from pixi_jupyter.activation.plan import ActivationPlan
from pixi_jupyter.workspace.hosts import locked_platform

if TYPE_CHECKING:
    from pathlib import Path

    from pixi_jupyter.events import Operation
    from pixi_jupyter.manifest.compose import Environment
    from pixi_jupyter.platforms import Platform
    from pixi_jupyter.workspace.context import Workspace


def activation_plan(
    workspace: Workspace, environment: Environment, platform: Platform, prefix: Path
) -> ActivationPlan:
    """Say what is to be activated, whether it is installed or not."""
    activation = environment.activation(platform)
    return ActivationPlan(
        prefix=prefix,
        root=workspace.root,
        name=workspace.manifest.name,
        version=workspace.manifest.version,
        manifest=workspace.manifest.path,
        environment=environment.name,
        platforms=tuple(each.name for each in environment.platforms),
        scripts=activation.scripts,
        env=activation.env,
    )


def activated(workspace: Workspace, name: str, operation: Operation) -> dict[str, str]:
    """Give all variables of a process in an installed environment.

    Raises
    ------
    ActivationError
    """
    environment = workspace.composition.environment(name)
    platform = locked_platform(workspace, environment)
    plan = activation_plan(workspace, environment, platform, workspace.prefix(name))
    return activate(plan, dict(workspace.environ), warn=operation.warn)
