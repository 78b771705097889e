"""Progress on stderr: a bar that moves in a terminal, finished phases elsewhere."""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING, Any, TextIO

from pixi_jupyter.cli.banners import Banners

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

    from pixi_jupyter.events import Event

_TITLES = {
    "channel": "Build channel",
    "compile": "Compile",
    "fetch": "Fetch",
    "kernel": "Kernel",
    "link": "Link",
    "overlay": "Kernel packages",
    "read": "Read",
    "repair": "Repair",
    "search": "Search",
    "solve": "Solve",
    "unlink": "Unlink",
    "verify": "Verify",
    "waiting": "Waiting",
}
_QUICK_SECONDS = 0.3
"""A phase that ends sooner is not worth a line."""


def title(phase: str) -> str:
    """Give a phase's name as people read it."""
    return _TITLES.get(phase, phase.capitalize())


def amount(event: Event) -> str:
    """Give how far an event says things are, as `12 of 31`."""
    if event.done is None:
        return ""
    if event.unit == "bytes":
        done = f"{event.done / 1e6:.1f}"
        return f"{done} of {event.total / 1e6:.1f} MB" if event.total else f"{done} MB"
    return f"{event.done} of {event.total}" if event.total else str(event.done)


class Progress:
    """Receives events of any thread and draws them.

    Parameters
    ----------
    stream
        Where to draw; None for stderr.
    bars
        Whether to draw at all; sentences are printed in any case.
    quiet
        1 leaves out what is not a warning, 2 leaves out warnings too.
    verbose
        1 and more prints sentences that are only worth keeping.
    color
        Whether the banners of tasks are coloured: auto, always or never.
    """

    def __init__(
        self,
        stream: TextIO | None = None,
        *,
        bars: bool = True,
        quiet: int = 0,
        verbose: int = 0,
        color: str = "auto",
    ) -> None:
        # looked up now, because tests and notebooks put another one in its place
        stream = stream or sys.stderr
        self._stream, self._quiet, self._verbose = stream, quiet, verbose
        self._moves = bars and not quiet and stream.isatty()
        self._says = bars and not quiet and not self._moves
        self._started: dict[tuple[str, str], float] = {}
        self._lock = threading.Lock()
        self._bars: Any = None
        self._rows: dict[tuple[str, str], Any] = {}
        self._banners = Banners(stream, color=color)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bars is not None:
            self._bars.stop()

    def __call__(self, event: Event) -> None:
        """Show one event; never raises, because the linker calls it."""
        with self._lock:
            if event.level != "progress":
                self._sentence(event)
            elif event.phase == "task":
                self._task(event)
            elif self._moves:
                self._draw(event)
            elif self._says:
                self._say(event)

    def _task(self, event: Event) -> None:
        """Say what runs; from here on the terminal is the task's."""
        if self._bars is not None:
            self._bars.stop()
            self._bars = None
            self._rows.clear()
        if not self._quiet:
            self._banners.show(event)

    def _sentence(self, event: Event) -> None:
        if event.level == "warning" and self._quiet < 2:  # noqa: PLR2004  -qq
            self._print(f"warning: {event.label}")
        elif (event.level == "notice" and not self._quiet) or (
            event.level == "info" and self._verbose
        ):
            self._print(event.label)

    def _print(self, text: str) -> None:
        if self._bars is not None:
            self._bars.console.print(text, markup=False, highlight=False)
        else:
            print(text, file=self._stream, flush=True)

    def _say(self, event: Event) -> None:
        key = (event.operation, event.phase)
        started = self._started.setdefault(key, time.monotonic())
        if event.phase == "waiting" and event.state == "running":
            self._print(f"{title(event.phase)}  {event.label}")
        if event.state == "running":
            return
        del self._started[key]
        taken = time.monotonic() - started
        if taken >= _QUICK_SECONDS:
            all_of_it = f"{event.total} {event.unit}" if event.total else event.label
            self._print(f"{title(event.phase):<16} {all_of_it:<20} {taken:.1f} s")

    def _draw(self, event: Event) -> None:
        if self._bars is None:
            self._bars = _bars(self._stream)
            self._bars.start()
        key = (event.operation, event.phase)
        if event.state != "running":
            if key in self._rows:
                self._bars.remove_task(self._rows.pop(key))
            return
        if key not in self._rows:
            self._rows[key] = self._bars.add_task(
                title(event.phase), total=None, amount="", label=""
            )
        self._bars.update(
            self._rows[key],
            completed=event.done or 0,
            total=event.total,
            label=event.label,
            amount=amount(event),
        )


def _bars(stream: TextIO) -> Any:  # noqa: ANN401  rich is imported late
    from rich.console import Console
    from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    return Bars(
        SpinnerColumn(),
        TextColumn("{task.description:<15}"),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[amount]}"),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[label]}"),
        console=Console(file=stream),
        transient=True,
        refresh_per_second=10,
    )
