"""Where a command shows itself: one output of the cell, or a terminal."""

import html
import importlib
import shutil
import sys
from typing import Any, Dict, List, Optional, Tuple

from .live import Live
from .progress import Event, Progress

FIRST_SECONDS = 0.2
"""What is done by then shows no progress at all."""
RUN_SECONDS = 1.0
"""The same for a command that lets something run, which has its own first sign."""
PATIENT_SECONDS = 2.0
"""The same for a command whose result is a value."""
_BETWEEN_SECONDS = 0.1
_NOTE = (
    '<div style="margin:.5em 0;padding:.3em .7em;'
    'border-left:3px solid var(--jp-%s, %s)">%s</div>'
)
_COLORS = {
    "warning": ("warn-color0", "#f57c00"),
    "notice": ("brand-color1", "#1976d2"),
    "restart": ("warn-color0", "#f57c00"),
}


class Display:
    """Shows the progress of one command, and then its end in the same place.

    Parameters
    ----------
    shell
        The running InteractiveShell.
    title
        The command, as it was typed.
    quiet
        Whether only what takes long is worth showing.
    runs
        Whether it is to let something run.
    """

    def __init__(
        self,
        shell: Any,  # noqa: ANN401  IPython may be absent
        title: str,
        *,
        quiet: bool = False,
        runs: bool = False,
    ) -> None:
        self.progress = Progress(title)
        self._first = RUN_SECONDS if runs else FIRST_SECONDS
        self._first = PATIENT_SECONDS if quiet else self._first
        self._quiet = quiet
        self._rich = hasattr(shell, "kernel")
        # what captures outputs cannot update them
        captured = type(shell.display_pub).__name__ == "CapturingDisplayPublisher"
        self._moves = self._rich and not captured
        self._next = 0.0
        self._handle: Optional[Any] = None
        self._line = False
        self._live = Live()
        self._gave_way = False

    @property
    def gave_way(self) -> bool:
        """Whether something ran and has said for itself what it did."""
        return self._gave_way

    @property
    def _painted(self) -> bool:
        return self._handle is not None or self._line

    def event(self, event: Event) -> None:
        """Take an event of the engine."""
        if not self._live.takes(event):
            self.progress.take(event)
            return
        if not self._gave_way and self._live.begins(event):
            # what it says is for the whole cell
            self._gave_way = True
            self.clear()
        self._live.take(event)

    def tick(self, cancelling: bool = False) -> None:  # noqa: FBT001, FBT002  the client's
        """Paint, if it is time to."""
        self.progress.cancelling = cancelling
        if self._gave_way:
            return
        seconds = self.progress.seconds
        if seconds < max(self._first, self._next):
            return
        self._next = seconds + _BETWEEN_SECONDS
        if self._moves:
            self._publish(self.progress.text(), self.progress.html())
        elif not self._rich and sys.stderr.isatty():
            columns = shutil.get_terminal_size().columns
            sys.stderr.write("\r\x1b[K" + self.progress.line()[: columns - 1])
            sys.stderr.flush()
            self._line = True

    def show(self, text: str, page: str, notes: List[Tuple[str, str]]) -> None:
        """Show the end of the command.

        Parameters
        ----------
        text, page
            The result, as text and as HTML; without HTML it is printed.
        notes
            What else is to be said: (warning, notice or restart; sentence).
        """
        before = [note for note in self.progress.sentences if note[1]]
        words = "\n".join(
            [_worded(*note) for note in before]
            + ([text.rstrip("\n")] if text.strip() else [])
            + ["\n" + sentence for _, sentence in notes]
        ).strip("\n")
        if self._rich and words and (page or self._handle is not None):
            boxes = [_boxed(*note) for note in before] + [page or preformatted(text)]
            self._publish(words, "".join(boxes + [_boxed(*note) for note in notes]))
            return
        self.clear()
        if words:
            print(words)  # noqa: T201  that is what the terminal is for

    def replace(self, data: Dict[str, Any], *more: Dict[str, Any]) -> None:
        """Show the end of the command as outputs that have several forms."""
        for level, sentence in self.progress.sentences:
            print(_worded(level, sentence))  # noqa: T201  before what it is about
        self._publish_data(data)
        for each in more:
            self._handle = None
            self._publish_data(each)

    def fail(self) -> None:
        """Leave nothing that moves; what went wrong is the error's to say."""
        self.clear()

    def clear(self) -> None:
        """Let what was painted end as one line, where it cannot be taken back."""
        if self._line:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._line = False
        elif self._handle is not None:
            line = self._ended()
            self._publish(line, '<div style="opacity:.75">%s</div>' % html.escape(line))

    def _ended(self) -> str:
        return "%s   %.1f s" % (self.progress.title, self.progress.seconds)

    def _publish(self, text: str, page: str) -> None:
        data: Dict[str, Any] = {"text/plain": text}
        if page:
            data["text/html"] = page
        self._publish_data(data)

    def _publish_data(self, data: Dict[str, Any]) -> None:
        display: Any = importlib.import_module("IPython.display").display
        if self._handle is None:
            self._handle = display(data, raw=True, display_id=True)
        else:
            self._handle.update(data, raw=True)


def preformatted(text: str) -> str:
    """Give text as HTML that looks like it."""
    style = "margin:0;background:none;color:inherit"
    return '<pre style="%s">%s</pre>' % (style, html.escape(text))


def _worded(level: str, text: str) -> str:
    return "warning: " + text if level == "warning" else text


def _boxed(level: str, text: str) -> str:
    variable, color = _COLORS.get(level, _COLORS["notice"])
    return _NOTE % (variable, color, html.escape(text).replace("\n", "<br>"))
