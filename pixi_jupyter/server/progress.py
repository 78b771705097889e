"""One operation as a client of the server sees it: where it is, and what it said."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pixi_jupyter.redaction import redacted
from pixi_jupyter.server.wording import without_secrets

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

State: TypeAlias = Literal[
    "queued", "running", "waiting", "succeeded", "failed", "cancelled"
]

KEPT_LINES = 10_000
KEPT_CHARACTERS = 2_000_000
_LONGEST_LINE = 10_000
_TASK = (
    "node",
    "task",
    "environment",
    "arguments",
    "command",
    "needs",
    "state",
    "exit_code",
    "seconds",
)
OVER = frozenset(("succeeded", "failed", "cancelled"))


@dataclass(slots=True, kw_only=True)
class Progress:
    """What is known of one operation."""

    id: str
    verb: str
    what: str
    """Verb and what it works on, for a person."""
    workspace: str
    """As `paths.key_of` names it."""
    manifest: Path | None
    environment: str | None = None
    installs: bool = False
    """Whether it changes its environment on disk."""
    state: State = "queued"
    phase: str = ""
    label: str = ""
    done: int | None = None
    total: int | None = None
    unit: str = ""
    started: str = field(
        default_factory=lambda: datetime.now(timezone.utc).isoformat(
            timespec="milliseconds"
        )
    )
    error: Mapping[str, Any] | None = None
    result: Any = None
    log: deque[dict[str, Any]] = field(default_factory=deque)
    tasks: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    known_as: set[str] = field(default_factory=set)
    """Ids under which other processes see it in the workspace's own records."""
    new_lines: list[dict[str, Any]] = field(default_factory=list)
    """Lines that no event has told yet."""
    _open: dict[tuple[int | None, str], str] = field(default_factory=dict)
    """Ends of output that have no line break yet, by task and stream."""
    _lines: int = 0
    _characters: int = 0
    _began: float = field(default_factory=time.monotonic)
    _seconds: float | None = None

    @property
    def is_over(self) -> bool:
        """Whether it came to its end."""
        return self.state in OVER

    @property
    def seconds(self) -> float:
        """How long it takes, or took."""
        taken = time.monotonic() - self._began if self._seconds is None else 0.0
        return round(taken or self._seconds or 0.0, 3)

    def hear(self, event: Mapping[str, Any]) -> None:
        """Learn from an event of the engine."""
        if event.get("parent") is None:
            self.known_as.add(str(event.get("operation")))
        level, label = event.get("level", "progress"), str(event.get("label") or "")
        if level != "output":
            label = redacted(label)
        data = event.get("data") or {}
        if level == "output":
            self._output(label, data.get("node"), str(data.get("stream", "stdout")))
        elif level != "progress":
            self._add(level, label, None)
        elif event.get("phase") == "task" and "node" in data:
            told = {key: data.get(key) for key in _TASK}
            self.tasks[int(data["node"])] = without_secrets(told)
        else:
            self._move(event, label)

    def _move(self, event: Mapping[str, Any], label: str) -> None:
        phase = str(event.get("phase") or "")
        if event.get("state", "running") != "running":
            if phase not in ("", "read", "waiting"):
                self._add("progress", f"{phase} {label}".strip(), None)
            if self.state == "waiting" and phase == "waiting":
                self.state = "running"
            return
        self.state = "waiting" if phase == "waiting" else "running"
        self.phase, self.label = phase, label
        self.done, self.total = event.get("done"), event.get("total")
        self.unit = str(event.get("unit") or "")

    def _output(self, text: str, node: int | None, stream: str) -> None:
        """Cut output into lines; the last one may go on with the next piece."""
        key = (node, stream)
        lines = (self._open.pop(key, "") + text).split("\n")
        self._open[key] = lines.pop()[-_LONGEST_LINE:]
        for line in lines:
            # a bar that draws itself again and again leaves its last state
            self._add("output", line.rstrip("\r").rpartition("\r")[2], node)

    def _add(self, level: str, text: str, node: int | None) -> None:
        text = text[:_LONGEST_LINE]
        line = {"number": self._lines, "level": level, "text": text, "node": node}
        self._lines += 1
        self.log.append(line)
        self._characters += len(text)
        while len(self.log) > KEPT_LINES or self._characters > KEPT_CHARACTERS:
            self._characters -= len(self.log.popleft()["text"])
        self.new_lines.append(line)
        del self.new_lines[:-KEPT_LINES]

    def end(
        self,
        state: State,
        result: Any = None,  # noqa: ANN401  JSON
        error: Mapping[str, Any] | None = None,
    ) -> None:
        """Say how it ended."""
        for (node, _), text in self._open.items():
            if text:
                self._add("output", text, node)
        self._open.clear()
        self._seconds = time.monotonic() - self._began
        self.state, self.result, self.error = state, result, error
        self.phase = self.label = self.unit = ""
        self.done = self.total = None

    def to_json(self) -> dict[str, Any]:
        """Give the form of `IOperation`."""
        return {
            "id": self.id,
            "verb": self.verb,
            "what": self.what,
            "workspace": self.workspace,
            "environment": self.environment,
            "state": self.state,
            "phase": self.phase,
            "label": self.label,
            "done": self.done,
            "total": self.total,
            "unit": self.unit,
            "seconds": self.seconds,
            "started": self.started,
            "error": dict(self.error) if self.error else None,
            "can_cancel": not self.is_over,
        }

    def details(self) -> dict[str, Any]:
        """Give the form of `IOperationDetail`."""
        return {
            **self.to_json(),
            "result": self.result,
            "log": list(self.log),
            "tasks": [dict(self.tasks[node]) for node in sorted(self.tasks)],
        }
