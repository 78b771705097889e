"""Tasks that cannot be found, ordered, filled in or started."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.errors.base import PixiJupyterError, listed, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


class TaskError(PixiJupyterError):
    """A task cannot be run as it was asked for."""

    code = "task"


class UnknownTaskError(TaskError):
    """There is no task of that name.

    Parameters
    ----------
    name
        What was looked for.
    available
        The tasks that there are.
    environment
        Where it was looked for; None: everywhere.
    needed_by
        The task that depends on it; empty where a person asked for it.
    """

    code = "unknown-task"

    def __init__(
        self,
        name: str,
        *,
        available: Iterable[str],
        environment: str | None = None,
        needed_by: str = "",
    ) -> None:
        self.name, self.available = name, tuple(available)
        self.environment, self.needed_by = environment, needed_by
        close = nearest(name, self.available)
        where = f" in environment {environment}" if environment else ""
        why = f", which task {needed_by} depends on" if needed_by else ""
        hint = "{command} task list"
        if close:
            hint = f"did you mean {close}?"
        super().__init__(
            f"There is no task named {name}{where}{why}",
            details=(f"there are {listed(self.available)}",),
            hints=(hint,),
        )


class AmbiguousTaskError(TaskError):
    """Several environments have different tasks of that name.

    Parameters
    ----------
    environments
        Those that have one and can run here.
    """

    code = "ambiguous-task"

    def __init__(
        self, name: str, *, environments: Sequence[str], needed_by: str = ""
    ) -> None:
        self.name, self.environments = name, tuple(environments)
        self.needed_by = needed_by
        hints = tuple(
            f"{{command}} run -e {environment} {name}" for environment in environments
        )
        if needed_by:
            first = self.environments[0]
            entry = f'{{ task = "{name}", environment = "{first}" }}'
            hints = (f"{entry}   in depends-on of {needed_by} says which",)
        super().__init__(
            f"Task {name} is in several environments: {listed(self.environments)}",
            details=(f"task {needed_by} depends on it",) if needed_by else (),
            hints=hints,
        )


class TaskPlatformError(TaskError):
    """A task is only in environments that this machine cannot run."""

    code = "task-platform"

    def __init__(
        self, name: str, *, environments: Sequence[str], platforms: Iterable[str]
    ) -> None:
        self.name, self.environments = name, tuple(environments)
        self.platforms = tuple(platforms)
        super().__init__(
            f"Task {name} cannot run on this machine",
            details=(
                f"it is in {listed(self.environments)}",
                f"which is for {listed(self.platforms)}",
            ),
            hints=("{command} workspace platform add PLATFORM   adds this machine",),
        )


class TaskCycleError(TaskError):
    """Tasks depend on each other in a circle.

    Parameters
    ----------
    cycle
        Names; the first is the last again.
    """

    code = "task-cycle"

    def __init__(self, cycle: Sequence[str]) -> None:
        self.cycle = tuple(cycle)
        before = self.cycle[-2] if len(self.cycle) > 1 else self.cycle[0]
        super().__init__(
            f"Tasks depend on each other in a circle: {' → '.join(self.cycle)}",
            hints=(f"take {self.cycle[-1]} out of depends-on of {before}",),
        )


class TaskGraphError(TaskError):
    """A task needs more runs of others than anybody can mean."""

    code = "task-graph"

    def __init__(self, name: str, *, limit: int) -> None:
        self.name, self.limit = name, limit
        super().__init__(
            f"Task {name} needs more than {limit} others",
            details=("the same task with other arguments runs again",),
            hints=("look at args in the depends-on of what it needs",),
        )


class MissingArgumentError(TaskError):
    """A task was not given a value that it needs."""

    code = "missing-argument"

    def __init__(
        self,
        name: str,
        *,
        argument: str,
        choices: Sequence[str] | None = None,
        needed_by: str = "",
    ) -> None:
        self.name, self.argument = name, argument
        self.choices, self.needed_by = tuple(choices or ()), needed_by
        hint = f"{{command}} run {name} {argument.upper()}"
        if needed_by:
            entry = f'{{ task = "{name}", args = [{{ {argument} = "VALUE" }}] }}'
            hint = f"{entry}   in depends-on of {needed_by}"
        super().__init__(
            f"Task {name} needs a value for {argument}",
            details=(f"one of {listed(self.choices)}",) if choices else (),
            hints=(hint,),
        )


class SurplusArgumentError(TaskError):
    """A task was given more, or other, values than it takes."""

    code = "surplus-argument"

    def __init__(
        self,
        name: str,
        *,
        argument: str,
        arguments: Sequence[str],
        needed_by: str = "",
    ) -> None:
        self.name, self.argument = name, argument
        self.arguments, self.needed_by = tuple(arguments), needed_by
        takes = f"it takes {listed(self.arguments)}"
        if not self.arguments:
            takes = "it takes none"
        close = nearest(argument, self.arguments) if needed_by else None
        hint = f"{{command}} run {name} … -- {argument}   passes words through"
        if needed_by:
            hint = f"did you mean {close}?" if close else f"see the args of {name}"
        elif not self.arguments:
            hint = f"{{command}} run {name}"
        super().__init__(
            f"Task {name} takes no argument {argument}",
            details=(takes, *([f"given by {needed_by}"] if needed_by else [])),
            hints=(hint,),
        )


class ArgumentChoiceError(TaskError):
    """A value is not one of those that an argument can have."""

    code = "argument-choice"

    def __init__(
        self, name: str, *, argument: str, value: str, choices: Sequence[str]
    ) -> None:
        self.name, self.argument, self.value = name, argument, value
        self.choices = tuple(choices)
        close = nearest(value, self.choices)
        super().__init__(
            f"{value!r} is not one of the choices for {argument} of task {name}",
            details=(f"there are {listed(self.choices)}",),
            hints=(f"did you mean {close}?" if close else f"take {self.choices[0]}",),
        )


class TemplateError(TaskError):
    """A template in a task cannot be rendered.

    Parameters
    ----------
    name
        Of the task.
    key
        Where in the task: ``cmd``, ``env.NAME`` …
    reason
        What is wrong.
    line
        Counted from 1; None where it is not known.
    source_line
        The text of that line.
    """

    code = "task-template"

    def __init__(
        self,
        name: str,
        *,
        key: str,
        reason: str,
        line: int | None = None,
        source_line: str = "",
        hint: str = "",
    ) -> None:
        self.name, self.key, self.reason = name, key, reason
        self.line, self.source_line = line, source_line
        place = f", line {line}" if line and line > 1 else ""
        shown = (f"    {source_line.strip()}",) if source_line.strip() else ()
        super().__init__(
            f"The template in {key} of task {name} cannot be rendered{place}",
            details=(reason, *shown),
            hints=(hint or f"change {key} of task {name} in the manifest",),
        )


class ShellArgumentError(TaskError):
    """A value would change what a command does, not only what it works on.

    Parameters
    ----------
    name
        Of the task.
    argument
        Whose value it is.
    value
        The value.
    character
        The one that means something to the shell; empty where it is the whole.
    key
        Where in the task the value is used.
    """

    code = "shell-argument"

    def __init__(
        self, name: str, *, argument: str, value: str, character: str, key: str = "cmd"
    ) -> None:
        self.name, self.argument, self.value = name, argument, value
        self.character, self.key = character, key
        shown = _CHARACTERS.get(character, character)
        what = f"{shown} in it would" if character else "it would"
        allow = f"{{command}} run --allow-shell-arguments {name} …"
        hint = (
            f"declare it among the choices of {argument}, or, if it is yours: {allow}"
        )
        if argument.startswith("pixi."):
            hint = f"put {{{{ {argument} }}}} into single quotes in the manifest"
        elif " " in argument:
            hint = f"declare args for task {name}, or, if they are yours: {allow}"
        super().__init__(
            f"The value of {argument} cannot be put into {key} of task {name}",
            details=(f"value: {value!r}", f"{what} change the command itself"),
            hints=(hint,),
        )


_CHARACTERS = {
    "\n": "a line break",
    " ": "a blank",
    "\t": "a tab",
    "\r": "a carriage return",
    "`": "a backtick",
    "'": "a single quote",
    '"': "a double quote",
    "\\": "a backslash",
}


class TaskDirectoryError(TaskError):
    """The folder that a task is to run in is not there."""

    code = "task-directory"

    def __init__(self, name: str, *, folder: Path | str, cwd: str) -> None:
        self.name, self.folder, self.cwd = name, folder, cwd
        super().__init__(
            f"The folder of task {name} is not there: {folder}",
            details=(f"cwd = {cwd!r}, relative to the workspace's folder",),
            hints=(f"mkdir {cwd}   or change cwd of task {name} in the manifest",),
        )
