"""The one client of an engine: standard library, threads, no event loop of its own.

It works in a kernel of any environment, in a server, on any event loop (that of
Windows' selectors has no subprocesses), and in a plain program.
"""

import contextlib
import itertools
import queue
import threading
import time
from typing import Any, Callable, Dict, Optional, Sequence, Tuple

from .failures import (
    ENDED,
    LEAVING,
    CallCancelledError,
    CallError,
    CallLostError,
    failure,
)
from .interrupts import Interrupts
from .process import Process, engine_environ

__all__ = ["CallCancelledError", "CallError", "CallLostError", "Client"]

ARGUMENTS = ("-m", "pixi_jupyter.engine")
"""What starts an engine behind the name of a Python interpreter."""

_POLL_SECONDS = 0.05
_TAIL_LINES = 12

Message = Dict[str, Any]
Event = Dict[str, Any]
OnEvent = Callable[[Event], None]
OnMessage = Callable[[Message], None]
OnTick = Callable[[bool], None]


class Client:
    """Asks an engine, and starts one whenever there is none.

    Parameters
    ----------
    host
        Absolute path of the interpreter that has pixi-jupyter.
    arguments
        What starts an engine behind it.
    environ
        Variables of that interpreter, where they are known.
    """

    def __init__(
        self,
        host: str,
        arguments: Sequence[str] = ARGUMENTS,
        environ: Optional[Dict[str, str]] = None,
    ) -> None:
        self._command = [host, *arguments]
        self._environ = environ
        self.environ: Dict[str, str] = {}
        """What the last engine was started with."""
        self._ids = itertools.count(1)
        self._lock = threading.Lock()
        self._process: Optional[Process] = None
        self._calls: Dict[int, Tuple[Process, OnMessage]] = {}

    @property
    def pid(self) -> Optional[int]:
        """Process id of the engine; None while there is none."""
        process = self._process
        return process.popen.pid if process and process.alive else None

    def start(self, method: str, params: Dict[str, Any], on_message: OnMessage) -> int:
        """Send a request and do not wait.

        Parameters
        ----------
        method, params
            See `pixi_jupyter.engine.protocol`.
        on_message
            Called on a thread of ours: with events, then once with a message that
            has a result or an error.

        Returns
        -------
        int
            Names the call, for `cancel`.

        Raises
        ------
        CallError
            If no engine could be started.
        """
        with self._lock:
            process = self._process
            if process is None or process.retired or not process.alive:
                process = self._process = self._spawn()
            number = next(self._ids)
            self._calls[number] = (process, on_message)
        process.send(id=number, method=method, params=params)
        return number

    def _spawn(self) -> Process:
        self.environ = engine_environ(self._environ)
        try:
            return Process(self._command, self.environ, self._take, self._ended)
        except OSError as error:
            text = "The engine could not be started: %s" % error
            data = {"code": "engine-ended", "message": text}
            raise CallError(text, ENDED, data) from error

    def cancel(self, number: int) -> None:
        """Ask that a call be stopped; its answer says how that went."""
        call = self._calls.get(number)
        if call is not None:
            call[0].send(method="cancel", params={"id": number})

    def call(
        self,
        method: str,
        params: Optional[Dict[str, Any]] = None,
        on_event: Optional[OnEvent] = None,
        grace_seconds: float = 30.0,
        on_tick: Optional[OnTick] = None,
    ) -> Any:  # noqa: ANN401  JSON
        """Send a request and wait for its answer.

        `on_tick` is called many times a second meanwhile, for what must move, with
        whether the end was asked for.

        The first interrupt from the keyboard cancels and goes on waiting, until the
        engine has put things in order; the second, or the end of the grace, ends
        the engine.

        Raises
        ------
        CallError
            If the call failed; `CallCancelledError` if it was cancelled,
            `CallLostError` if the engine died.
        """
        try:
            return self._call(method, params or {}, on_event, grace_seconds, on_tick)
        except CallLostError as error:
            if not error.left:
                raise
        return self._call(method, params or {}, on_event, grace_seconds, on_tick)

    def _call(
        self,
        method: str,
        params: Dict[str, Any],
        on_event: Optional[OnEvent],
        grace_seconds: float,
        on_tick: Optional[OnTick],
    ) -> Any:  # noqa: ANN401  JSON
        inbox: queue.SimpleQueue[Message] = queue.SimpleQueue()
        deadline: Optional[float] = None
        with Interrupts() as interrupts:
            number = self.start(method, params, inbox.put)
            try:
                while True:
                    message = _next(inbox)
                    if on_tick is not None:
                        on_tick(deadline is not None)
                    if "result" in message:
                        return message["result"]
                    if "error" in message:
                        asked = deadline is not None
                        raise failure(message["error"], cancelled=asked)
                    if message and on_event is not None:
                        on_event(message["params"]["event"])
                    if interrupts.count and deadline is None:
                        deadline = time.monotonic() + grace_seconds
                        self.cancel(number)
                    elif deadline is not None and (
                        interrupts.count > 1 or time.monotonic() > deadline
                    ):
                        self.kill()
            finally:
                self._forget(number)

    async def acall(
        self,
        method: str,
        params: Optional[Dict[str, Any]] = None,
        on_event: Optional[OnEvent] = None,
    ) -> Any:  # noqa: ANN401  JSON
        """Do as `call` for a task of any event loop.

        A cancelled task cancels the call and does not wait: the engine puts things
        in order by itself, also when this process is gone by then.

        Raises
        ------
        CallError
            As `call` does.
        """
        try:
            return await self._acall(method, params or {}, on_event)
        except CallLostError as error:
            if not error.left:
                raise
        return await self._acall(method, params or {}, on_event)

    async def _acall(
        self, method: str, params: Dict[str, Any], on_event: Optional[OnEvent]
    ) -> Any:  # noqa: ANN401  JSON
        import asyncio

        loop = asyncio.get_running_loop()
        inbox: asyncio.Queue[Message] = asyncio.Queue()

        def deliver(message: Message) -> None:
            # a closed loop waits for nothing any more
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(inbox.put_nowait, message)

        number = self.start(method, params, deliver)
        try:
            while True:
                message = await inbox.get()
                if "result" in message:
                    return message["result"]
                if "error" in message:
                    raise failure(message["error"])
                if on_event is not None:
                    on_event(message["params"]["event"])
        finally:
            self._forget(number)

    def log_tail(self) -> str:
        """Give the last lines of the engine's log."""
        process = self._process
        return process.log_tail() if process else ""

    def close(self) -> None:
        """Let the engine finish what must be finished, and leave."""
        if self._process is not None:
            self._process.close()

    def kill(self) -> None:
        """End the engine now; what it was changing is mended by the next one."""
        if self._process is not None:
            self._process.kill()

    def _forget(self, number: int) -> None:
        """Cancel a call that is not answered, and deliver no more of it."""
        self.cancel(number)
        self._calls.pop(number, None)

    def _take(self, process: Process, message: Dict[str, Any]) -> None:
        """Deliver a message; on the reader's thread."""
        if message.get("method") == "event":
            call = self._calls.get(message["params"]["id"])
        elif message.get("id") is not None:
            call = self._calls.pop(message["id"], None)
        else:
            return
        if (message.get("error") or {}).get("code") == LEAVING:
            process.retired = True
        if call is not None:
            call[1](message)

    def _ended(self, process: Process) -> None:
        """Answer what a process left unanswered; on the reader's thread."""
        with self._lock:
            process.retired = True
            mine = [
                number for number, call in self._calls.items() if call[0] is process
            ]
            calls = [self._calls.pop(number) for number in mine]
        exit_code = process.popen.returncode
        text = "The engine ended before it answered (exit code %s)" % exit_code
        tail = process.log_tail().splitlines()[-_TAIL_LINES:]
        data = {"code": "engine-ended", "message": text, "details": tail}
        # it leaves by itself with 0, and then it has begun with nothing more
        code = LEAVING if exit_code == 0 else ENDED
        for _, on_message in calls:
            on_message({"error": {"code": code, "message": text, "data": data}})


def _next(inbox: "queue.SimpleQueue[Message]") -> Message:
    """Wait a moment: on Windows an interrupt ends no wait without a limit."""
    try:
        return inbox.get(timeout=_POLL_SECONDS)
    except queue.Empty:
        return {}
