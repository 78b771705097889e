"""Run a task, or a command in an activated environment.

Of a command the verb says how to start it; the face puts it in the place of its own
process or waits for it, so that signals and the terminal are the command's own. Tasks
are run here (`run_tasks`): there may be several, and something to do after each.
"""

from __future__ import annotations

import os
import shlex
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pixi_jupyter.errors import (
    CommandNotFoundError,
    ManifestNotFoundError,
    UsageError,
)
from pixi_jupyter.tasks.ad_hoc import is_shell_text, quoted
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.request import LockingRequest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pixi_jupyter.activation.plan import ActivationPlan
    from pixi_jupyter.events import Operation
    from pixi_jupyter.verbs.run_tasks import TaskRunResult


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest(LockingRequest):
    """Which task or command, and where."""

    command: tuple[str, ...]
    environment: str | None = None
    """None: the one of the surrounding pixi shell, else where the task is."""
    executable: bool = False
    """Never look for a task of that name."""
    clean_env: bool = False
    """Start from the environment's own variables alone."""
    no_install: bool = False
    """Take the prefix as it is."""
    skip_deps: bool = False
    """Only the task itself, without those it depends on."""
    templated: bool = False
    """A command is a template, as those of tasks are."""
    dry_run: bool = False
    """Only say what would run."""
    force_activate: bool = False
    """Run the activation scripts, whatever is remembered of them."""
    jobs: int = 1
    """How many tasks run at once, at most."""
    allow_shell_arguments: bool = False
    """Arguments may be more than text to the shell."""
    output: Literal["events", "inherit"] = "events"
    """Where what tasks say goes: events, or this process' own output."""
    cwd: Path | None = None
    """Where it was asked; None: the current folder."""

    @property
    def chosen_environment(self) -> str | None:
        """The only environment that is meant; None where none was said."""
        inside = os.environ.get("PIXI_ENVIRONMENT_NAME")
        if self.environment or not (inside and os.environ.get("PIXI_IN_SHELL")):
            return self.environment
        return inside

    @property
    def environment_name(self) -> str:
        """The environment that is meant for what is no task."""
        return self.chosen_environment or "default"


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
        NotSupportedYetError for a clean environment on Windows.

    Notes
    -----
    Standard library only, so that a command starts within milliseconds.
    """
    from pixi_jupyter.install.fingerprint import is_current
    from pixi_jupyter.manifest.discovery import find_manifest
    from pixi_jupyter.manifest.script_place import home_of, lock_of

    if request.templated or request.dry_run or request.no_install:
        return None
    try:
        manifest = find_manifest(Path.cwd(), request.manifest)
    except ManifestNotFoundError:
        return None
    home = home_of(manifest)
    prefix = home / ".pixi" / "envs" / request.environment_name
    lock = lock_of(manifest, home, beside=request.locked or request.frozen)
    stamp = is_current(prefix, manifest, lock)
    if stamp is None or _may_be_task(request, stamp.payload):
        return None
    from pixi_jupyter.activation.plan import ActivationPlan

    plan = ActivationPlan.from_wire(stamp.payload["activation"])
    return command_start(request, plan, tasks=stamp.payload.get("all_tasks") or ())


def _may_be_task(request: RunRequest, payload: Mapping[str, Any]) -> bool:
    """Tell whether the first word could be a task of any environment."""
    if request.executable:
        return False
    names = payload.get("all_tasks")
    return names is None or words_apart(request.command)[0] in names


async def run(request: RunRequest, operation: Operation) -> RunResult | TaskRunResult:
    """Lock and install what is needed, then run tasks or say how to start a command.

    Raises
    ------
    CommandNotFoundError, CommandStartError, ToolNotFoundError, UsageError
    TaskError
        Nothing was run, or what ran was ended.
    PixiJupyterError
        As for `install`.
    """
    if (ready := quick_run(request)) is not None:
        return ready
    from pixi_jupyter.verbs.run_tasks import run_words

    return await run_words(request, operation)


def words_apart(command: Sequence[str]) -> tuple[str, ...]:
    """Give the words of a command that may be a single text.

    Raises
    ------
    UsageError
        If there are none, or a quote has no end.
    """
    words = tuple(command)
    if len(words) == 1:
        try:
            words = tuple(shlex.split(words[0]))
        except ValueError as error:
            msg = f"{command[0]!r} cannot be split: {error}"
            raise UsageError(msg) from error
    if not words:
        msg = "run needs the name of a task, or a command"
        raise UsageError(msg)
    return words


def command_start(
    request: RunRequest,
    plan: ActivationPlan,
    *,
    script: str | None = None,
    tasks: Iterable[str] = (),
) -> RunResult:
    """Say how to start a command that is no task.

    Parameters
    ----------
    plan
        What is activated.
    script
        The command as a text for the shell; None: the words of the request.
    tasks
        Names that may have been meant.

    Raises
    ------
    CommandNotFoundError, NotSupportedYetError, ToolNotFoundError, UsageError
    """
    from pixi_jupyter.activation.cache import activate_quickly
    from pixi_jupyter.adapters.deno import BUILTINS

    cwd = request.cwd or Path.cwd()
    environ = activate_quickly(
        plan, os.environ, clean=request.clean_env, force=request.force_activate
    )
    environ["INIT_CWD"] = str(cwd)
    if script is None and is_shell_text(request.command):
        script = request.command[0]
    if script is None:
        words = words_apart(request.command)
        program = shutil.which(words[0], path=environ.get("PATH", ""))
        if program is not None:
            return RunResult(
                program=str(Path(program).absolute()),
                command=words,
                environ=environ,
                cwd=cwd,
            )
        if words[0] not in BUILTINS:
            place = plan.environment
            raise CommandNotFoundError(words[0], environment=place, tasks=tasks)
        script = quoted(words)
    return _in_shell(script, environ, cwd)


def _in_shell(script: str, environ: Mapping[str, str], cwd: Path) -> RunResult:
    from pixi_jupyter.adapters.deno import find_deno, shell_command, shell_environ

    words = shell_command(find_deno(), script, environ)
    return RunResult(
        program=words[0], command=words, environ=shell_environ(environ), cwd=cwd
    )
