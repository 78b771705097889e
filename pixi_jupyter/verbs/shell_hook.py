"""Write the script that activates an environment in a shell.

Meaning of the options: pixi 0.77.0, `shell-hook` (read 2026-11).
"""

from __future__ import annotations

import os
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixi_jupyter.activation.activate import activate
from pixi_jupyter.activation.hook import DIALECTS, current_shell, hook_script
from pixi_jupyter.activation.plan import ActivationPlan
from pixi_jupyter.activation.preferences import shell_preferences
from pixi_jupyter.config import read_settings
from pixi_jupyter.errors import PrefixMissingError, UsageError, nearest
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.request import LockingRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixi_jupyter.events import Operation
    from pixi_jupyter.verbs.request import WorkspaceRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class ShellHookRequest(LockingRequest):
    """Which environment, and for which shell."""

    environment: str | None = None
    """None: the one of the surrounding pixi shell, else ``default``."""
    shell: str | None = None
    """None: the one that calls."""
    variables: bool = False
    """Give the variables instead of a script."""
    change_ps1: bool | None = None
    """Whether the prompt names the environment; None as it is configured."""
    no_completions: bool = False
    no_install: bool = False
    """Take the prefix as it is."""

    @property
    def environment_name(self) -> str:
        """The environment that is meant."""
        inside = os.environ.get("PIXI_ENVIRONMENT_NAME")
        if self.environment or not (inside and os.environ.get("PIXI_IN_SHELL")):
            return self.environment or "default"
        return inside


@dataclass(frozen=True, slots=True, kw_only=True)
class ShellHookResult:
    """A script for a shell, or the variables that it would set."""

    environment: str
    shell: str = ""
    script: str = ""
    variables: Mapping[str, str] | None = field(default=None, repr=False)
    """Those that change."""
    scripts: tuple[Path, ...] = ()
    """The manifest's own activation scripts."""

    @property
    def is_verbatim(self) -> bool:
        """That a program is given its own variables, secrets among them."""
        return True

    def to_json(self) -> dict[str, Any]:
        """Give pixi's JSON form, or the script where no variables were asked for."""
        if self.variables is None:
            return {"shell": self.shell, "script": self.script}
        return {
            "environment_variables": dict(self.variables),
            "activation_scripts": [str(path) for path in self.scripts],
        }


async def shell_hook(
    request: ShellHookRequest, operation: Operation
) -> ShellHookResult:
    """Lock and install what is needed, then write the script.

    Raises
    ------
    UsageError
        If there is no such shell.
    PrefixMissingError
        If nothing may be installed, and nothing is.
    ActivationError
        If a script or a file of variables is broken.
    PixiJupyterError
        As for `install`.
    """
    shell = request.shell or current_shell()
    if shell not in DIALECTS:
        close = nearest(shell, DIALECTS)
        msg = f"No shell named {shell}; there are {', '.join(DIALECTS)}"
        hints = (f"{{command}} shell-hook --shell {close}",) if close else ()
        raise UsageError(msg, hints=hints)
    plan = await _plan(request, operation)
    if not request.variables:
        liked = shell_preferences(
            read_settings(plan.root),
            change_ps1=request.change_ps1,
            no_completions=request.no_completions,
        )
        script = hook_script(
            plan,
            shell,
            prompt=liked.change_ps1,
            completions=liked.completions,
            warn=operation.warn,
        )
        return ShellHookResult(environment=plan.environment, shell=shell, script=script)
    before = dict(os.environ)
    after = activate(plan, before, warn=operation.warn)
    return ShellHookResult(
        environment=plan.environment,
        variables={k: after[k] for k in sorted(after) if before.get(k) != after[k]},
        scripts=tuple(
            path
            for path in (plan.root / name for name in plan.scripts)
            if path.is_file()
        ),
    )


async def _plan(request: ShellHookRequest, operation: Operation) -> ActivationPlan:
    if request.no_install:
        payload = payload_as_it_is(request, request.environment_name)
        return ActivationPlan.from_wire(payload["activation"])
    ready = _ready(request)
    if ready is None:
        from pixi_jupyter.verbs.ensure_installed import (
            EnsureInstalledRequest,
            ensure_installed,
        )

        result = await ensure_installed(
            EnsureInstalledRequest(
                manifest=request.manifest,
                offline=request.offline,
                locked=request.locked,
                frozen=request.frozen,
                environment=request.environment_name,
            ),
            operation,
        )
        ready = result.payload
    return ActivationPlan.from_wire(ready["activation"])


def _ready(request: ShellHookRequest) -> Mapping[str, Any] | None:
    """Give what the stamp of the prefix says, where that still holds."""
    from pixi_jupyter.install.fingerprint import is_current
    from pixi_jupyter.manifest.discovery import find_manifest
    from pixi_jupyter.manifest.script_place import home_of, lock_of

    manifest = find_manifest(Path.cwd(), request.manifest)
    home = home_of(manifest)
    prefix = home / ".pixi" / "envs" / request.environment_name
    lock = lock_of(manifest, home, beside=request.locked or request.frozen)
    stamp = is_current(prefix, manifest, lock)
    return stamp.payload if stamp else None


def payload_as_it_is(request: WorkspaceRequest, name: str) -> dict[str, Any]:
    """Give what a stamp would say of a prefix, whether it is right or not.

    Parameters
    ----------
    name
        Of the environment.

    Raises
    ------
    EnvironmentNotFoundError, PrefixMissingError
    """
    from pixi_jupyter.workspace.context import open_workspace
    from pixi_jupyter.workspace.environments import activation_plan
    from pixi_jupyter.workspace.hosts import locked_platform

    workspace = open_workspace(request.manifest, offline=request.offline)
    environment = workspace.composition.environment(name)
    prefix = workspace.prefix(environment.name)
    if not (prefix / "conda-meta").is_dir():
        raise PrefixMissingError(environment.name, prefix=prefix)
    platform = locked_platform(workspace, environment)
    plan = activation_plan(workspace, environment, platform, prefix)
    return {
        "activation": plan.to_wire(),
        "tasks": sorted(environment.tasks(platform)),
    }
