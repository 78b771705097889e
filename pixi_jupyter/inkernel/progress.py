"""What a running command tells of itself, as text and as HTML. Pure."""

import html
import time
from typing import Any, Callable, Dict, List, Optional, Tuple

_TITLES = {
    "channel": "Build",
    "fetch": "Download",
    "overlay": "Kernel",
    "waiting": "Wait",
}
_BAR = 24
_CANCEL = "Interrupt the cell to cancel."
_LINE = "display:flex;gap:1em;align-items:center;line-height:1.6"
_RAIL = (
    "display:inline-block;width:12em;height:4px;border-radius:2px;overflow:hidden;"
    "background:var(--jp-border-color2, rgba(128,128,128,.35))"
)
_FILL = "display:block;height:4px;background:var(--jp-brand-color1, #1976d2);width:"

Event = Dict[str, Any]


class Phase:
    """One phase as far as it is known."""

    def __init__(self, name: str) -> None:
        self.title = _TITLES.get(name, name.capitalize())
        self.began: Optional[float] = None
        self.changed = 0.0
        self.last: Event = {}

    def take(self, event: Event, now: float) -> None:
        """Learn from an event that came at a moment of a clock nobody can set."""
        if self.began is None:
            self.began = now
        self.last, self.changed = event, now

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be expected of it."""
        return self.last.get("state") != "running"

    @property
    def share(self) -> Optional[float]:
        """How much is done, from 0 to 1; None where no end is known."""
        done, total = self.last.get("done"), self.last.get("total")
        return min(1.0, done / total) if done is not None and total else None

    @property
    def measure(self) -> str:
        """How far it is, in numbers and words."""
        if self.is_over:
            seconds = self.changed - (self.began or 0)
            return "done   %.1f s" % seconds if seconds >= 0.05 else "done"  # noqa: PLR2004  a tenth, rounded
        return "  ".join(part for part in (amount(self.last), self._label) if part)

    @property
    def _label(self) -> str:
        label = str(self.last.get("label") or "")
        return label if len(label) <= 40 else label[:39] + "…"  # noqa: PLR2004  a line has 80 columns


class Progress:
    """Collects the events of one command.

    Parameters
    ----------
    title
        The command, as it was typed.
    clock
        Gives seconds that only ever grow.
    """

    def __init__(self, title: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.title, self._clock = title, clock
        self.began = clock()
        self.cancelling = False
        self.sentences: List[Tuple[str, str]] = []
        """What is to be kept: (level, text)."""
        self._phases: Dict[str, Phase] = {}

    @property
    def seconds(self) -> float:
        """How long it takes by now."""
        return self._clock() - self.began

    def take(self, event: Event) -> None:
        """Learn from an event."""
        if event.get("level", "progress") != "progress":
            if event["level"] != "info":
                self.sentences.append((event["level"], str(event.get("label", ""))))
            return
        name = str(event.get("phase") or "")
        self._phases.setdefault(name, Phase(name)).take(event, self._clock())

    @property
    def busy(self) -> str:
        """What is being done, and how far it is; empty if nothing is."""
        running = [phase for phase in self._phases.values() if not phase.is_over]
        if not running:
            return ""
        return " ".join(filter(None, (running[-1].title, running[-1].measure)))

    def line(self) -> str:
        """Give where it stands in one line, for a terminal."""
        running = [phase for phase in self._phases.values() if not phase.is_over]
        parts = [self.title]
        if running:
            parts += [running[-1].title, running[-1].measure]
        if self.cancelling:
            parts.append("cancelling")
        return "  ".join([*filter(None, parts), "%.1f s" % self.seconds])

    def text(self) -> str:
        """Give where it stands in some lines."""
        lines = [self._headline()]
        for phase in self._phases.values():
            bar = ""
            if not phase.is_over and phase.share is not None:
                filled = round(phase.share * _BAR)
                bar = "[%s]  " % ("#" * filled).ljust(_BAR, "-")
            lines.append(("%-12s%s%s" % (phase.title, bar, phase.measure)).rstrip())
        return "\n".join([*lines, self._footer()])

    def html(self) -> str:
        """Give the same for a page."""
        rows = []
        for phase in self._phases.values():
            bar = ""
            if not phase.is_over and phase.share is not None:
                fill = "%s%.0f%%" % (_FILL, 100 * phase.share)
                bar = '<span style="%s"><span style="%s"></span></span>' % (_RAIL, fill)
            title, measure = html.escape(phase.title), html.escape(phase.measure)
            cell = '<span style="min-width:6em">%s</span>' % title
            quiet = '<span style="opacity:.75">%s</span>' % measure
            rows.append('<div style="%s">%s%s%s</div>' % (_LINE, cell, bar, quiet))
        head = "<b>%s</b>" % html.escape(self._headline())
        foot = '<div style="opacity:.75">%s</div>' % html.escape(self._footer())
        return '<div role="status">%s%s%s</div>' % (head, "".join(rows), foot)

    def _headline(self) -> str:
        return "%s   %.1f s" % (self.title, self.seconds)

    def _footer(self) -> str:
        if self.cancelling:
            return "Cancelling: waits until the workspace is whole again."
        return _CANCEL


def amount(event: Event) -> str:
    """Give how far an event says things are, as `12 of 31`."""
    done, total = event.get("done"), event.get("total")
    if done is None:
        return ""
    if event.get("unit") == "bytes":
        mega = "%.1f" % (done / 1e6)
        return "%s of %.1f MB" % (mega, total / 1e6) if total else mega + " MB"
    return "%s of %s" % (done, total) if total else str(done)
