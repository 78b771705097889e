"""What is known of one run of a task, from the events that tell of it. Pure."""

import time
from typing import Any, Callable, Dict, List, Optional

from ..failures import CANCELLED, CallCancelledError, CallError
from ..progress import Event, Progress
from .log import Log

OVER = frozenset(("succeeded", "failed", "cached", "cancelled", "skipped"))
_NAMES = ("stdout", "stderr")


class Step:
    """One task of a run: what was asked for, or what runs before it."""

    def __init__(self, name: str) -> None:
        self.name, self.state = name, "waiting"
        self.command = ""
        self.exit_code: Optional[int] = None
        self.seconds: Optional[float] = None
        self.began: Optional[float] = None

    def take(self, data: Dict[str, Any], now: float) -> None:
        """Learn from what is told of it."""
        self.name = str(data.get("task") or self.name)
        self.state = str(data.get("state") or self.state)
        self.command = str(data.get("command") or self.command)
        self.exit_code = data.get("exit_code")
        self.seconds = data.get("seconds")
        if self.state == "running" and self.began is None:
            self.began = now


class Run:
    """One run of a task.

    Parameters
    ----------
    name
        The task.
    clock
        Gives seconds that only ever grow.
    """

    def __init__(self, name: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.name, self._clock = name, clock
        self.began = clock()
        self.ended: Optional[float] = None
        self.state = "waiting"
        self.exit_code: Optional[int] = None
        self.cancelling = False
        self.path = ""
        """The file with all that was said."""
        self.log = Log()
        self._steps: Dict[int, Step] = {}
        self._progress = Progress("", clock)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.ended is not None

    @property
    def seconds(self) -> float:
        """How long it took, or takes by now."""
        return (self._clock() if self.ended is None else self.ended) - self.began

    @property
    def steps(self) -> List[Step]:
        """What runs, in that order; the task itself is the last."""
        return [self._steps[number] for number in sorted(self._steps)]

    def seconds_of(self, step: Step) -> Optional[float]:
        """Give how long a step took, or takes by now."""
        if step.state == "running" and step.began is not None:
            return self._clock() - step.began
        return step.seconds

    @property
    def own_seconds(self) -> float:
        """The same for the task alone, once it has begun."""
        own = self.seconds_of(self.steps[-1]) if self._steps else None
        return self.seconds if own is None else own

    @property
    def phase(self) -> str:
        """What is done before anything can run; empty if nothing is."""
        return self._progress.busy

    @property
    def waits_for(self) -> str:
        """The task that runs before this one at the moment; empty if none does."""
        before = [each.name for each in self.steps[:-1] if each.state == "running"]
        return before[0] if before else ""

    def take(self, event: Event) -> None:
        """Learn from an event."""
        data = event.get("data") or {}
        if event.get("level") == "output":
            stream = data.get("stream") if data.get("stream") in _NAMES else "stdout"
            source = "%s %s" % (data.get("node"), stream)
            self.log.write(source, str(event.get("label", "")))
        elif event.get("phase") == "task":
            self._learn(data)
        else:
            said = len(self._progress.sentences)
            self._progress.take(event)
            for level, text in self._progress.sentences[said:]:
                self.log.say("%s: %s" % (level, text), "quiet")

    def _learn(self, data: Dict[str, Any]) -> None:
        step = self._steps.setdefault(int(data.get("node") or 0), Step(self.name))
        before = step.state
        step.take(data, self._clock())
        if step.state == "running" and before != "running":
            self.state = "running"
            if step.command:
                self.log.say("$ " + step.command, "quiet")

    def end(self, answer: Dict[str, Any]) -> None:
        """Learn how it ended.

        Parameters
        ----------
        answer
            That of the command `run`.
        """
        data = answer.get("data") or {}
        for each in data.get("tasks") or ():
            self._learn(each)
        self.path = str(data.get("log") or "")
        self.exit_code = int(answer.get("exit_code") or 0)
        last = self.steps[-1].state if self._steps else ""
        if self.exit_code:
            self._over("failed")
        else:
            self._over(last if last in OVER else "succeeded")

    def fail(self, error: CallError) -> None:
        """Learn that it had no end of its own."""
        for step in self.steps:
            if step.state not in OVER:
                step.seconds = self.seconds_of(step)
                step.state = "cancelled" if step.state == "running" else "skipped"
        if isinstance(error, CallCancelledError) or error.code == CANCELLED:
            self._over("cancelled")
        else:
            self.log.say("\n".join(error.lines("%pixi")), "bad")
            self._over("failed")

    def _over(self, state: str) -> None:
        self.log.finish()
        self.state, self.ended = state, self._clock()
