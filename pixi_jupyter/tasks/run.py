"""Runs a plan: each task when those before it have succeeded.

The first failure ends what else runs, and its exit code is that of the run. A cancel
is no exception here: what became of each task is the answer then too.
"""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from dataclasses import field
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

from pixi_jupyter.tasks.output import EventSink, LineSink, OutputLog
from pixi_jupyter.tasks.process import TaskProcess
from pixi_jupyter.tasks.terminal import Terminal
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pixi_jupyter.events import Operation
    from pixi_jupyter.events import State as EventState
    from pixi_jupyter.tasks.models import Node, Plan
    from pixi_jupyter.tasks.output import Sink
    from pixi_jupyter.tasks.process import Launch

State: TypeAlias = Literal[
    "waiting", "running", "succeeded", "failed", "cached", "skipped", "cancelled"
]
Output: TypeAlias = Literal["events", "inherit"]

_GOOD = frozenset(("succeeded", "cached"))
_EVENT_STATES: Mapping[str, EventState] = {
    "waiting": "running",
    "running": "running",
    "failed": "failed",
    "cancelled": "cancelled",
}
_SHELL_BASE = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A node that can be started, or need not be."""

    launch: Launch | None
    """None where there is nothing to start: an alias, or a task in the cache."""
    command: str | None = None
    """Its text, for people to read."""
    is_fresh: bool = False
    """Whether the cache says that it need not run."""


class Work(Protocol):
    """What has to be known of a node before it runs, and done afterwards."""

    async def prepare(self, node: Node) -> Prepared:
        """See that its environment is there, and say how to start it."""

    async def succeeded(self, node: Node) -> None:
        """Remember that it succeeded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeResult:
    """What became of one node."""

    node: Node
    state: State
    place: str | None = None
    """Its environment, where the workspace has more than one; for people to read."""
    command: str | None = None
    exit_code: int | None = None
    seconds: float | None = None

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form, which events have too."""
        task = self.node.task
        return {
            "node": self.node.number,
            "task": self.node.name,
            "environment": self.node.environment,
            "place": self.place,
            "arguments": dict(self.node.arguments),
            "command": self.command,
            "description": task.description if task else None,
            "needs": list(self.node.needs),
            "state": self.state,
            "exit_code": self.exit_code,
            "seconds": self.seconds,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a plan."""

    results: tuple[NodeResult, ...]
    """In the order of the plan."""
    exit_code: int
    signal_number: int | None = None
    """What cancelled it."""
    log: Path | None = None
    """Where the whole output is."""


@dataclass(slots=True, kw_only=True)
class Run:
    """One run of a plan.

    Notes
    -----
    Standard output and input are this process' own only where one task runs at a
    time and `output` is ``inherit``. Where several run at once, each line of theirs
    has the task's name in front.
    """

    plan: Plan
    work: Work
    operation: Operation
    jobs: int = 1
    """How many tasks run at once, at most."""
    output: Output = "events"
    names_places: bool = False
    """Whether there is more than one environment."""
    log: OutputLog | None = None
    """Keeps the output where it goes through events."""
    results: dict[int, NodeResult] = field(default_factory=dict)
    """By number."""
    _running: dict[asyncio.Task[NodeResult], int] = field(default_factory=dict)
    _exit_code: int = 0
    _number: int = signal.SIGTERM
    """What ends those that run."""
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _terminal: Terminal | None = None

    async def run(self) -> Outcome:
        """Run it.

        Raises
        ------
        PixiJupyterError
            If a task cannot be prepared or started; nothing runs any more then.
        """
        for node in self.plan.nodes:
            self._note(self._result(node, state="waiting"))
        if self.output == "inherit" and self.jobs == 1:
            self._terminal = Terminal.find()
        signal_number = None
        try:
            await self._schedule()
        except asyncio.CancelledError as cancelled:
            signal_number = _number_of(cancelled)
            await self._stop(signal_number)
        except BaseException:
            await self._stop(signal.SIGTERM)
            self._skip_rest("skipped")
            raise
        finally:
            if self._terminal is not None:
                self._terminal.close()
            if self.log is not None:
                self.log.close()
        self._skip_rest("skipped" if signal_number is None else "cancelled")
        log = self.log.path if self.log and self.log.is_there else None
        if self.log is not None and self.log.failure:
            self.operation.warn(f"{self.log.path} is not whole: {self.log.failure}")
        return Outcome(
            results=tuple(self.results[node.number] for node in self.plan.nodes),
            exit_code=self._exit_code_after(signal_number),
            signal_number=signal_number,
            log=log,
        )

    async def _schedule(self) -> None:
        while True:
            self._start_ready()
            if not self._running:
                return
            done, _ = await asyncio.wait(
                self._running, return_when=asyncio.FIRST_COMPLETED
            )
            for task in sorted(done, key=self._running.__getitem__):
                number = self._running.pop(task)
                if task.exception() is not None:
                    node = self.plan.nodes[number]
                    self._note(self._result(node, state="failed"))
                result = task.result()
                self._note(result)
                if result.state not in _GOOD:
                    self._exit_code = result.exit_code or 1
                    await self._stop(signal.SIGTERM)
                    return

    def _start_ready(self) -> None:
        for node in self.plan.nodes:
            if len(self._running) >= self.jobs:
                return
            waits = self.results[node.number].state == "waiting"
            begun = node.number in self._running.values()
            if waits and not begun and self._may_run(node):
                task = asyncio.ensure_future(self._run_node(node))
                self._running[task] = node.number

    def _may_run(self, node: Node) -> bool:
        return all(self.results[each].state in _GOOD for each in node.needs)

    async def _run_node(self, node: Node) -> NodeResult:
        ready = await self.work.prepare(node)
        if ready.launch is None:
            state: State = "cached" if ready.is_fresh else "succeeded"
            return self._result(node, state=state, command=ready.command)
        self._note(self._result(node, state="running", command=ready.command))
        began = time.monotonic()
        process = TaskProcess(
            ready.launch, sinks=self._sinks(node), terminal=self._terminal
        )
        state = "cancelled"
        try:
            code = await process.finished()
            state = "failed" if code else "succeeded"
        except asyncio.CancelledError:
            code = await process.end(self._number)
        seconds = time.monotonic() - began
        if state == "succeeded":
            await self.work.succeeded(node)
        return self._result(
            node,
            state=state,
            command=ready.command,
            exit_code=code,
            seconds=round(seconds, 3),
        )

    def _result(self, node: Node, state: State, **values: Any) -> NodeResult:  # noqa: ANN401  other fields
        place = node.environment if self.names_places else None
        return NodeResult(node=node, state=state, place=place, **values)

    def _sinks(self, node: Node) -> tuple[Sink, Sink] | None:
        if self.output == "events":
            out, err = (
                EventSink(self.operation, node=node.number, stream=stream, log=self.log)
                for stream in ("stdout", "stderr")
            )
            return out, err
        if self.jobs == 1:
            return None
        width = max(len(each.name) for each in self.plan.nodes)
        prefix = f"{node.name:<{width}} | "
        return LineSink(1, prefix, self._lock), LineSink(2, prefix, self._lock)

    async def _stop(self, number: int) -> None:
        """End what runs, and wait until it has ended."""
        self._number = number
        for task in self._running:
            task.cancel()
        ended = await asyncio.gather(*self._running, return_exceptions=True)
        for result in ended:
            if isinstance(result, NodeResult):
                self._note(result)
        self._running.clear()

    def _skip_rest(self, state: State) -> None:
        for node in self.plan.nodes:
            if self.results[node.number].state == "waiting":
                self._note(self._result(node, state=state))

    def _exit_code_after(self, signal_number: int | None) -> int:
        if signal_number is None:
            return self._exit_code
        last = self.results[self.plan.asked.number]
        if last.exit_code is not None:
            return last.exit_code
        return _SHELL_BASE + signal_number

    def _note(self, result: NodeResult) -> None:
        self.results[result.node.number] = result
        self.operation.say(
            "task",
            result.node.name,
            state=_EVENT_STATES.get(result.state, "finished"),
            data=result.to_json(),
        )


def _number_of(cancelled: asyncio.CancelledError) -> int:
    """Give the signal that a cancel stands for; see `cli.signals`."""
    given = cancelled.args[0] if cancelled.args else None
    return given if isinstance(given, int) else signal.SIGTERM
