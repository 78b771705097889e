"""What is happening: typed progress that leaves through one `report` callable.

Standard library only: the engine and the provisioner's fast path import it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, field
from itertools import count
from typing import Literal, TypeAlias

from pixi_jupyter.redaction import redacted
from pixi_jupyter.values import dataclass

Unit: TypeAlias = Literal["", "bytes", "packages", "files", "environments"]
"""What `done` and `total` count."""

Level: TypeAlias = Literal["progress", "info", "notice", "warning", "output"]
"""How much a person wants to see it; a notice is part of the answer, output is what
a program of the user's wrote."""

State: TypeAlias = Literal["running", "finished", "failed", "cancelled"]
"""Where an operation or phase stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One piece of progress of one operation."""

    operation: str
    """Identifier of the operation that speaks."""
    parent: str | None = None
    """Identifier of the operation it is a part of."""
    phase: str
    """read, waiting, solve, lock, fetch, link, verify, repair, compile, overlay, …"""
    label: str = ""
    """What the phase works on at this moment, for a person to read."""
    done: int | None = None
    """How much is done, in `unit`."""
    total: int | None = None
    """How much there is to do, in `unit`; None where no end is known."""
    unit: Unit = ""
    """What is counted."""
    state: State = "running"
    """Finished is said once a phase, so that nothing stays open on a screen."""
    level: Level = "progress"
    """All but progress are texts (in `label`) to be kept, not progress."""
    data: Mapping[str, object] | None = None
    """What machines read of it, where a phase has more to tell; JSON."""
    at: float = field(default_factory=time.time)
    """Seconds since the epoch."""

    def to_wire(self) -> dict[str, object]:
        """Give the JSON form."""
        return asdict(self)

    @classmethod
    def from_wire(cls, data: dict[str, object]) -> Event:
        """Make an event from its JSON form; unknown keys are dropped."""
        known = {key: data[key] for key in cls.__slots__ if key in data}
        return cls(**known)  # type: ignore[arg-type]  # the wire is our own


Report: TypeAlias = Callable[[Event], None]
"""Receives events; may be called from any thread and must not block."""


def ignore(event: Event) -> None:
    """Drop an event: the `report` of callers that want no progress."""
    del event


_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Operation:
    """Something long that can be watched; speaks for itself and its children."""

    report: Report = ignore
    """Where the events go."""
    parent: str | None = None
    """The operation that this one is a part of."""
    id: str = field(
        default_factory=lambda: f"{int(time.time()):x}-{os.getpid():x}-{next(_numbers)}"
    )
    """Unique among the processes of this machine."""

    def child(self) -> Operation:
        """Begin a part of this operation that counts by itself."""
        return Operation(self.report, parent=self.id)

    def say(
        self,
        phase: str,
        label: str = "",
        *,
        done: int | None = None,
        total: int | None = None,
        unit: Unit = "",
        state: State = "running",
        data: Mapping[str, object] | None = None,
    ) -> None:
        """Tell how far a phase is."""
        self.report(
            Event(
                operation=self.id,
                parent=self.parent,
                phase=phase,
                label=redacted(label),
                done=done,
                total=total,
                unit=unit,
                state=state,
                data=data,
            )
        )

    def output(self, text: str, data: Mapping[str, object]) -> None:
        """Pass on what a program of the user's wrote, as it is.

        Parameters
        ----------
        text
            Any piece of it, whole lines or not.
        data
            Says which program, and which of its streams.
        """
        self.report(
            Event(
                operation=self.id,
                parent=self.parent,
                phase="output",
                label=text,
                level="output",
                data=data,
            )
        )

    def finish(self, phase: str, label: str = "") -> None:
        """Tell that a phase came to its end."""
        self.say(phase, label, state="finished")

    def warn(self, text: str) -> None:
        """Say a sentence that the user should see even when all went well."""
        self._sentence(text, "warning")

    def tell(self, text: str) -> None:
        """Say something that is part of the answer, before the answer is there."""
        self._sentence(text, "notice")

    def inform(self, text: str) -> None:
        """Say a sentence that is worth keeping in a log."""
        self._sentence(text, "info")

    def _sentence(self, text: str, level: Level) -> None:
        self.report(
            Event(
                operation=self.id,
                parent=self.parent,
                phase="",
                label=redacted(text),
                state="finished",
                level=level,
            )
        )
