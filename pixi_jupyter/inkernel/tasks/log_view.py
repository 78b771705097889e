"""The widget of a log: follows its end until somebody scrolls up."""

from typing import Any, Dict, List

import ipywidgets

from . import page
from .log import MOST_PIECES, Log
from .state import Run

_MANY_LINES = 1000
_FEW_PIECES = 4
"""What is shown of a log while it grows too fast for anybody to read it."""
_DROPPED_PIECES = 10
"""How many go at once: a box that loses its first child makes all others anew."""


class LogView:
    """Shows each piece of a log in a widget, so that only what is new is sent.

    Parameters
    ----------
    shared
        The layout of boxes.

    Notes
    -----
    That the end stays in sight is the work of a box that is filled from below.
    """

    def __init__(self, shared: ipywidgets.Layout) -> None:
        self._shared = shared
        self._inner = ipywidgets.VBox(layout=shared)
        self.box = ipywidgets.VBox([self._inner], layout=shared)
        self.box.add_class("pjk-Scroll")
        self.box.tabbable = True
        self._shown: Dict[int, Any] = {}
        self._free: List[Any] = []
        self._first = self._total = 0

    def paint(self, run: Run) -> int:
        """Show what is new; gives about how many bytes that took."""
        pieces = range(self._begin(run.log, run.is_over), run.log.pieces.stop)
        self._first, self._total = pieces.start, run.log.total
        for number in [each for each in self._shown if each not in pieces]:
            self._free.append(self._shown.pop(number))
        sent = 0
        for number in pieces:
            widget = self._shown.get(number) or self._new(number)
            is_last = number == pieces[-1]
            text = page.piece(run.log.piece(number), run.name, is_last=is_last)
            if widget.value != text:
                widget.value = text
                sent += len(text)
        children = tuple(self._shown[number] for number in pieces)
        if children != self._inner.children:
            self._inner.children = children
        return sent

    def _begin(self, log: Log, is_over: bool) -> int:  # noqa: FBT001  as above
        """Choose the first piece that is shown."""
        pieces = log.pieces
        if is_over:
            return pieces.start
        if log.total - self._total > _MANY_LINES:
            return max(pieces.start, pieces.stop - _FEW_PIECES)
        full = pieces.stop - self._first >= MOST_PIECES
        # the oldest piece loses lines all the time
        if full or (log.gone and self._first <= pieces.start):
            return min(pieces.start + _DROPPED_PIECES, max(0, pieces.stop - 1))
        return self._first

    def _new(self, number: int) -> Any:  # noqa: ANN401  a widget
        widget = self._free.pop() if self._free else ipywidgets.HTML()
        self._shown[number] = widget
        return widget
