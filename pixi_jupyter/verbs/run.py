"""Run a command in an activated environment.

The verb says how to start it; the face puts it in the place of its own process or
waits for it, so that signals and the terminal are the command's own.
"""

from __future__ import annotations

import os
import shlex
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import (
    CommandNotFoundError,
    ManifestNotFoundError,
    NotSupportedYetError,
    UsageError,
)
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.request import LockingRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixi_jupyter.events import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest(LockingRequest):
    """Which command, and where."""

    command: tuple[str, ...]
    environment: str | None = None
    """None: the one of the surrounding pixi shell, else ``default``."""
    executable: bool = False
    """Never look for a task of that name."""
    clean_env: bool = False
    """Start from the environment's own variables alone."""
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
class RunResult:
    """How to start the command."""

    program: str
    """Absolute path."""
    command: tuple[str, ...]
    environ: Mapping[str, str]
    cwd: Path

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "program": self.program,
            "command": list(self.command),
            "environ": dict(self.environ),
            "cwd": str(self.cwd),
        }


def quick_run(request: RunRequest) -> RunResult | None:
    """Give the start of a command where the prefix is known to be right.

    Returns
    -------
    RunResult or None
        None where the manifest or the lock has to be looked at first.

    Raises
    ------
    CommandNotFoundError, NotSupportedYetError, UsageError

    Notes
    -----
    Standard library only, so that a command starts within milliseconds.
    """
    from pixi_jupyter.install.fingerprint import is_current
    from pixi_jupyter.manifest.discovery import find_manifest

    try:
        manifest = find_manifest(Path.cwd(), request.manifest)
    except ManifestNotFoundError:
        return None
    prefix = manifest.parent / ".pixi" / "envs" / request.environment_name
    stamp = is_current(prefix, manifest, manifest.parent / "pixi.lock")
    return _start(request, stamp.payload) if stamp else None


async def run(request: RunRequest, operation: Operation) -> RunResult:
    """Lock and install what is needed, then say how to start the command.

    Raises
    ------
    CommandNotFoundError, NotSupportedYetError, UsageError
    PixiJupyterError
        As for `install`.
    """
    if request.no_install:
        from pixi_jupyter.verbs.shell_hook import payload_as_it_is

        return _start(request, payload_as_it_is(request, request.environment_name))
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
    return _start(request, ready.payload)


def _start(request: RunRequest, payload: Mapping[str, Any]) -> RunResult:
    from pixi_jupyter.activation.activate import activate
    from pixi_jupyter.activation.plan import ActivationPlan

    command = request.command
    if len(command) == 1:
        try:
            command = tuple(shlex.split(command[0]))
        except ValueError as error:
            msg = f"{command[0]!r} cannot be split: {error}"
            raise UsageError(msg) from error
    if not command:
        msg = "run needs a command"
        raise UsageError(msg)
    if command[0] in payload.get("tasks", ()) and not request.executable:
        msg = f"running tasks ({command[0]})"
        raise NotSupportedYetError(
            msg,
            hint="{command} run -x COMMAND   runs the program itself",
        )
    plan = ActivationPlan.from_wire(payload["activation"])
    environ = activate(plan, os.environ, clean=request.clean_env)
    environ["INIT_CWD"] = str(Path.cwd())
    program = shutil.which(command[0], path=environ.get("PATH", ""))
    if program is None:
        raise CommandNotFoundError(command[0], environment=request.environment_name)
    return RunResult(
        program=str(Path(program).absolute()),
        command=command,
        environ=environ,
        cwd=Path.cwd(),
    )
