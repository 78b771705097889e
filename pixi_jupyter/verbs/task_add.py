"""Write a new task into the manifest.

Forms: pixi 0.77.0, `task add` (read 2026-11).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import UsageError, nearest
from pixi_jupyter.redaction import redacted
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.task_edit import TaskTableRequest, change_tasks, check_name
from pixi_jupyter.verbs.task_words import joined
from pixi_jupyter.verbs.workspace_edit import Edit
from pixi_jupyter.workspace.context import open_workspace

if TYPE_CHECKING:
    from pixi_jupyter.events import Operation
    from pixi_jupyter.manifest.task_edits import TaskEdits
    from pixi_jupyter.verbs.workspace_edit import EditResult

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ARGUMENT = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAddRequest(TaskTableRequest):
    """What the task is to be."""

    name: str
    command: tuple[str, ...]
    """One text for the shell, or words; an empty text is no command."""
    depends_on: tuple[str, ...] = ()
    """Tasks that run before it."""
    folder: str | None = None
    """Where it runs, from the workspace's folder."""
    env: tuple[str, ...] = ()
    """Variables, as ``NAME=VALUE``; they may be secret."""
    default_environment: str | None = None
    description: str | None = None
    clean_env: bool = False
    """Without the variables from outside."""
    args: tuple[str, ...] = ()
    """Arguments, as ``NAME`` or ``NAME=DEFAULT``."""


async def task_add(request: TaskAddRequest, operation: Operation) -> EditResult:
    """Add a task that is not there yet.

    Raises
    ------
    UsageError
        If it cannot be written so that it could run.
    TaskExistsError
        Nothing was written.
    """
    check_name(request.name)
    value = _value(request)

    def edit(edits: TaskEdits) -> tuple[Edit, ...]:
        edits.add(request.name, value)
        return (
            Edit(
                action="added",
                kind="task",
                name=request.name,
                value=redacted(_command(request) or ", ".join(request.depends_on)),
            ),
        )

    result = await change_tasks(request, operation, edit)
    _warn(request, operation)
    return result


def _value(request: TaskAddRequest) -> str | dict[str, Any]:
    """Give the shortest form that says all."""
    command = _command(request)
    table: dict[str, Any] = {
        "cmd": command,
        "depends-on": list(request.depends_on),
        "cwd": request.folder,
        "env": dict(map(_assignment, request.env)),
        "description": request.description,
        "default-environment": request.default_environment,
        "clean-env": request.clean_env,
        "args": _arguments(request.args),
    }
    table = {key: value for key, value in table.items() if value}
    if command:
        return command if len(table) == 1 else table
    if not request.depends_on:
        msg = f"Task {request.name} has no command, and depends on nothing"
        raise UsageError(msg)
    if useless := table.keys() - {"depends-on", "description", "args"}:
        msg = f"A task without a command has no use for --{min(useless)}"
        raise UsageError(msg)
    return table


def _command(request: TaskAddRequest) -> str:
    words = request.command
    text = words[0] if len(words) == 1 else joined(words)
    return text.strip() and text


def _assignment(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not _VARIABLE.fullmatch(name):
        msg = f"{text} is no assignment such as NAME=VALUE"
        raise UsageError(msg)
    return name, value


def _arguments(texts: tuple[str, ...]) -> list[str | dict[str, str]]:
    found: dict[str, str | dict[str, str]] = {}
    for text in texts:
        name, sign, default = text.partition("=")
        if not _ARGUMENT.fullmatch(name) or name == "pixi":
            msg = f"{name} cannot be the name of an argument: templates use it"
            close = re.sub(r"\W+", "_", name).strip("_")
            is_way = _ARGUMENT.fullmatch(close) and close != name
            raise UsageError(msg, hints=(f"--arg {close}",) if is_way else ())
        if name in found:
            msg = f"There can be one argument named {name}"
            raise UsageError(msg)
        found[name] = {"arg": name, "default": default} if sign else name
    return list(found.values())


def _warn(request: TaskAddRequest, operation: Operation) -> None:
    """Say what will not work with the task."""
    workspace = open_workspace(request.manifest, offline=request.offline)
    if request.folder is not None and not (workspace.root / request.folder).is_dir():
        operation.warn(f"{request.folder} is no folder in {workspace.root} yet")
    name = request.default_environment
    if name is not None and name not in workspace.composition.environments:
        close = nearest(name, workspace.composition.environments)
        hint = f"; did you mean {close}?" if close else ""
        operation.warn(f"There is no environment {name} yet{hint}")
