"""Tools, kernels, engines and commands that do not do what they should."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.errors.base import PixiJupyterError, listed, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


class ToolNotFoundError(PixiJupyterError):
    """A program that does part of the work is not there.

    Parameters
    ----------
    tool
        Its name.
    places
        Where it was looked for.
    install
        The command that brings it.
    """

    code = "tool-not-found"

    def __init__(self, tool: str, *, places: Sequence[str], install: str) -> None:
        self.tool, self.places = tool, tuple(places)
        super().__init__(
            f"The program {tool} is not there",
            details=[f"looked for in {place}" for place in self.places],
            hints=(install,),
        )


class ToolFailedError(PixiJupyterError):
    """A program failed in a way that we have no words for.

    Parameters
    ----------
    tool
        Its name.
    what
        What it was to do.
    exit_code
        How it ended.
    report
        What it said.
    """

    code = "tool-failed"

    def __init__(self, tool: str, *, what: str, exit_code: int, report: str) -> None:
        self.tool, self.what = tool, what
        self.exit_code, self.report = exit_code, report
        super().__init__(
            f"{tool} could not {what} (exit code {exit_code})",
            details=report.splitlines() or ["it said nothing"],
            hints=("the same command again; if it stays, report the text above",),
        )


class KernelError(PixiJupyterError):
    """An environment cannot be used as a kernel."""

    code = "kernel"


class NoKernelError(KernelError):
    """An environment holds nothing that could be a kernel."""

    code = "no-kernel"

    def __init__(self, environment: str) -> None:
        self.environment = environment
        super().__init__(
            f"Environment {environment} has no python, so no kernel can start",
            hints=("{command} add python",),
        )


class OverlayError(KernelError):
    """ipykernel does not fit on top of an environment.

    Parameters
    ----------
    environment
        The environment that lacks ipykernel.
    blockers
        Our words: which installed package stands against it.
    report
        The solver's tree.
    """

    code = "overlay"

    def __init__(
        self, environment: str, *, report: str, blockers: Sequence[str] = ()
    ) -> None:
        self.environment, self.report = environment, report
        self.blockers = tuple(blockers)
        super().__init__(
            f"Environment {environment} has no ipykernel, and none fits beside it",
            details=(*blockers, *([""] if blockers else []), *report.splitlines()),
            hints=("{command} add ipykernel",),
        )


class KernelspecNotFoundError(KernelError):
    """No kernel of that name is registered by us."""

    code = "kernelspec-not-found"

    def __init__(self, name: str, *, available: Iterable[str]) -> None:
        self.name, self.available = name, tuple(available)
        close = nearest(name, self.available)
        super().__init__(
            f"No kernel named {name} is registered",
            details=(f"there are {listed(self.available)}",),
            hints=(f"did you mean {close}?",) if close else ("{command} kernel list",),
        )


class ActivationError(PixiJupyterError):
    """The variables of an activated environment could not be found out.

    Parameters
    ----------
    environment
        The environment that was to be activated.
    reason
        What is wrong.
    script
        The script, or file of variables, that is to blame.
    output
        What the scripts printed until then.
    """

    code = "activation"

    def __init__(
        self,
        environment: str,
        *,
        reason: str,
        script: Path | None = None,
        output: str = "",
    ) -> None:
        self.environment, self.reason = environment, reason
        self.script, self.output = script, output
        blamed = f"{script}: {reason}" if script else reason
        super().__init__(
            f"Environment {environment} could not be activated",
            details=(blamed, *output.splitlines()[-20:]),
            hints=(f"bash -x {script}   shows what it does",)
            if script and script.suffix in {".sh", ".bash"}
            else (),
        )


class CommandNotFoundError(PixiJupyterError):
    """`run` was asked for a program that the environment does not have."""

    code = "command-not-found"

    def __init__(
        self, command: str, *, environment: str, tasks: Iterable[str] = ()
    ) -> None:
        self.command, self.environment, self.tasks = command, environment, tuple(tasks)
        close = nearest(command, self.tasks)
        task = (f"did you mean the task {close}? {{command}} run {close}",)
        super().__init__(
            f"No task or command named {command} in environment {environment}",
            hints=(*(task if close else ()), f"{{command}} add {command}"),
        )


class CommandStartError(PixiJupyterError):
    """A program of an environment is there and cannot be started."""

    code = "command-start"

    def __init__(self, program: str, *, reason: str) -> None:
        self.program, self.reason = program, reason
        super().__init__(
            f"{program} cannot be started",
            details=(reason, "the interpreter in its first line may be missing"),
            hints=("{command} reinstall   links every package again",),
        )


class EngineEndedError(PixiJupyterError):
    """The engine process ended before it answered."""

    code = "engine-ended"

    def __init__(self, exit_code: int | None, *, log_tail: str = "") -> None:
        self.exit_code, self.log_tail = exit_code, log_tail
        super().__init__(
            f"The engine ended before it answered (exit code {exit_code})",
            details=log_tail.splitlines()[-12:],
            hints=("try again; a new engine starts by itself",),
        )
