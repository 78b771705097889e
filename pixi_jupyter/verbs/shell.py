"""Start a shell in an activated environment; the face does it, as for `run`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pixi_jupyter.activation.cache import activate_quickly
from pixi_jupyter.activation.hook import DIALECTS, current_shell
from pixi_jupyter.activation.interactive import (
    find_shell,
    shell_command,
    startup_script,
)
from pixi_jupyter.activation.plan import ActivationPlan
from pixi_jupyter.activation.preferences import shell_preferences
from pixi_jupyter.errors import UsageError, WriteError
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.request import LockingRequest
from pixi_jupyter.verbs.run import RunResult

if TYPE_CHECKING:
    from pixi_jupyter.events import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class ShellRequest(LockingRequest):
    """Which environment."""

    environment: str | None = None
    """None: ``default``."""
    change_ps1: bool | None = None
    """Whether the prompt names the environment; None: as it is configured."""
    force_activate: bool = False
    """Run the activation scripts, whatever is remembered of them."""
    no_completions: bool = False
    no_install: bool = False
    """Take the prefix as it is."""
    cwd: Path | None = None
    """Where it was asked; None: the current folder."""

    @property
    def environment_name(self) -> str:
        """The environment that is meant."""
        return self.environment or "default"


async def shell(request: ShellRequest, operation: Operation) -> RunResult:
    """Lock and install what is needed, then say how to start the shell.

    Raises
    ------
    UsageError
        If nobody could type into it, or its program is not there.
    ActivationError
        If a script or a file of variables is broken.
    PixiJupyterError
        As for `install`.
    """
    if not sys.stdin.isatty():
        msg = "A shell needs a terminal to be typed into"
        raise UsageError(msg, hints=("{command} run COMMAND",))
    name = current_shell()
    program = find_shell(name)
    if program is None:
        msg = f"The program of the shell {name} is not on PATH"
        raise UsageError(msg, hints=(f"there are {', '.join(DIALECTS)}",))
    plan = await _plan(request, operation)
    from pixi_jupyter.config import read_settings

    preferences = shell_preferences(
        read_settings(plan.root),
        change_ps1=request.change_ps1,
        force_activate=request.force_activate,
        no_completions=request.no_completions,
    )
    before = dict(os.environ)
    after = activate_quickly(
        plan, before, force=preferences.force_activate, warn=operation.warn
    )
    lines = startup_script(plan, name, before, after, preferences)
    try:
        words = shell_command(name, program, lines, after)
    except OSError as error:
        place = Path(error.filename or "")
        raise WriteError(place, reason=error.strerror or str(error)) from error
    cwd = request.cwd or Path.cwd()
    return RunResult(program=program, command=words, environ=after, cwd=cwd)


async def _plan(request: ShellRequest, operation: Operation) -> ActivationPlan:
    if request.no_install:
        from pixi_jupyter.verbs.shell_hook import payload_as_it_is

        payload = payload_as_it_is(request, request.environment_name)
        return ActivationPlan.from_wire(payload["activation"])
    from pixi_jupyter.verbs.ensure_installed import (
        EnsureInstalledRequest,
        ensure_installed,
    )

    ready = await ensure_installed(
        EnsureInstalledRequest(
            manifest=request.manifest,
            offline=request.offline,
            locked=request.locked,
            frozen=request.frozen,
            environment=request.environment_name,
        ),
        operation,
    )
    return ActivationPlan.from_wire(ready.payload["activation"])
