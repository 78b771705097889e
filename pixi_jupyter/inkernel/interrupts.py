"""Interrupts from the keyboard that are counted for a while, not raised."""

import signal
import threading
from typing import Any


class Interrupts:
    """Counts interrupts instead of raising them, while it is entered.

    Notes
    -----
    An exception could come at any line, also at those that put things in order.
    Outside the main thread nothing is done: signals do not arrive there.
    """

    def __init__(self) -> None:
        self.count = 0
        """How many have come."""
        self._previous: Any = None

    def __enter__(self) -> "Interrupts":  # noqa: PYI034  Python 3.8 has no Self
        if threading.current_thread() is threading.main_thread():
            self._previous = signal.getsignal(signal.SIGINT)
            if self._previous is not None:
                signal.signal(signal.SIGINT, self._count)
        return self

    def __exit__(self, *_: object) -> None:
        if self._previous is not None:
            signal.signal(signal.SIGINT, self._previous)

    def _count(self, *_: object) -> None:
        self.count += 1
