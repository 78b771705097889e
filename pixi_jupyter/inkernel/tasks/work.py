"""Runs one task through an engine of its own, and asks what it would run."""

import queue
import threading
import time
from typing import Any, Callable, Dict, List, Optional

from ..client import Client
from ..failures import CallError, failure
from .state import Run

TICK_SECONDS = 0.1
"""A page is painted no more often."""
_QUIET_SECONDS = 0.25
"""How often where nothing but time goes on."""
_BYTES_PER_SECOND = 300_000.0
"""What a server passes on to a browser without dropping any of it is three times that."""
_SLOWEST_SECONDS = 2.0
_MOST_PLACES = 3

Words = List[str]
NewClient = Callable[[], Client]
Paint = Callable[[], int]
"""Shows a run, on the run's thread; gives about how many bytes it sent for that."""


class Work:
    """One run of a task, on a thread of its own.

    Parameters
    ----------
    new_client
        Gives a client whose engine nobody else asks: an engine does one thing at
        a time, and other cells have things to do meanwhile.
    params
        Those of the method `command`.
    run
        Learns of all there is to learn, on that thread.
    """

    def __init__(
        self,
        new_client: NewClient,
        params: Dict[str, Any],
        run: Run,
    ) -> None:
        self.run, self._params = run, params
        self._painters: List[Paint] = []
        self._client = new_client()
        self._number: Optional[int] = None
        self._thread = threading.Thread(
            target=self._follow, name="pixi-task", daemon=True
        )
        self._inbox: "queue.SimpleQueue[Dict[str, Any]]" = queue.SimpleQueue()
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def shown_by(self, paint: Paint) -> None:
        """Have it shown in one more place, and no longer in the oldest of many."""
        self._painters = [*self._painters, paint][-_MOST_PLACES:]
        if self.run.is_over:
            paint()

    def _paint(self) -> int:
        return sum(paint() for paint in self._painters)

    def cancel(self) -> None:
        """Ask for the end; a second time, insist."""
        with self._lock:
            again, self.run.cancelling = self.run.cancelling, True
            number = self._number
        if number is None:
            return
        if again:
            threading.Thread(target=self._client.kill, daemon=True).start()
        else:
            self._client.cancel(number)

    def join(self, timeout: float) -> None:
        """Wait for the end."""
        self._thread.join(timeout)

    def _follow(self) -> None:
        try:
            self._begin()
            self._listen()
        except CallError as error:
            self.run.fail(error)
        finally:
            self._paint()
            self._client.close()

    def _begin(self) -> None:
        number = self._client.start("command", self._params, self._inbox.put)
        with self._lock:
            self._number = number
            cancelled = self.run.cancelling
        if cancelled:
            self._client.cancel(number)

    def _listen(self) -> None:
        next_time, dirty = 0.0, True
        while True:
            message = self._next(TICK_SECONDS)
            until = time.monotonic() + TICK_SECONDS
            while message is not None:
                dirty = True
                if "result" in message:
                    self.run.end(message["result"])
                    return
                if "error" in message:
                    asked = self.run.cancelling
                    raise failure(message["error"], cancelled=asked)
                self.run.take(message["params"]["event"])
                message = None if time.monotonic() > until else self._next(0)
            now = time.monotonic()
            if now >= next_time + (0 if dirty else _QUIET_SECONDS):
                spent = self._paint() / _BYTES_PER_SECOND
                # one that takes long to paint shall not do so all the time
                spent = max(spent, 4 * (time.monotonic() - now))
                next_time = now + max(TICK_SECONDS, min(spent, _SLOWEST_SECONDS))
                dirty = False

    def _next(self, seconds: float) -> Optional[Dict[str, Any]]:
        try:
            return (
                self._inbox.get(timeout=seconds)
                if seconds
                else self._inbox.get_nowait()
            )
        except queue.Empty:
            return None


class Asker:
    """Asks what would run; only the newest question is worth an answer.

    Parameters
    ----------
    new_client
        Gives a client.
    """

    def __init__(self, new_client: NewClient) -> None:
        self._new_client = new_client
        self._client: Optional[Client] = None
        self._condition = threading.Condition()
        self._question: Any = None
        self._thread: Optional[threading.Thread] = None

    def ask(
        self,
        params: Dict[str, Any],
        answer: Callable[[Dict[str, Any]], None],
        refuse: Callable[[CallError], None],
    ) -> None:
        """Ask, and have one of two functions called on another thread."""
        with self._condition:
            self._question = (params, answer, refuse)
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._work, name="pixi-ask", daemon=True
                )
                self._thread.start()
            self._condition.notify()

    def _work(self) -> None:
        while True:
            with self._condition:
                if not self._condition.wait_for(lambda: self._question, timeout=60):
                    self._thread = None
                    self._let_go()
                    return
                params, answer, refuse = self._question
                self._question = None
            if self._client is None:
                self._client = self._new_client()
            try:
                found = self._client.call("command", params)
            except CallError as error:
                if self._question is None:
                    refuse(error)
            else:
                if self._question is None:
                    answer(found)

    def _let_go(self) -> None:
        if self._client is not None:
            self._client.close()
        self._client = None
