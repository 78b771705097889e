"""One operation at a time, quick ones beside it, and when to leave.

An engine leaves when nobody asked for two minutes, when its caller is gone (end
of input, or another parent), and after a failure that may have left work running
inside the process: a new engine costs a twentieth of a second.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from pixi_jupyter._version import __version__
from pixi_jupyter.engine.protocol import (
    CANCELLED,
    FAILED,
    INTERNAL_ERROR,
    INVALID_PARAMS,
    LEAVING,
    METHOD_NOT_FOUND,
    MalformedMessageError,
    Message,
    RequestId,
    Wire,
    is_request_id,
    parse_message,
)
from pixi_jupyter.errors import (
    EngineEndedError,
    InstallError,
    OperationCancelledError,
    PixiJupyterError,
    PrefixBusyError,
    UnsupportedPlatformError,
    UsageError,
)
from pixi_jupyter.events import Event, Operation

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection

    Verb: TypeAlias = Callable[[Any, Operation], Awaitable[Any]]
    Load: TypeAlias = Callable[[str], tuple[Verb, Any]]

logger = logging.getLogger(__name__)

QUICK = frozenset(("info", "kernel_list"))
"""Verbs that change nothing and are answered while another one runs."""

IDLE_SECONDS = 120.0
_TICK_SECONDS = 0.5
_CHUNK = 65536
_HARMLESS = (PrefixBusyError, UnsupportedPlatformError)
"""Install errors that come before anything is changed."""


@dataclass(slots=True, kw_only=True)
class _Call:
    """A verb that was asked for and is not answered."""

    verb: str
    task: asyncio.Task[None] | None = None
    begun: bool = False
    cancelled: bool = False

    def cancel(self) -> None:
        # a second cancel would hit the undoing of the first
        if not self.cancelled and self.task is not None:
            self.cancelled = True
            self.task.cancel()


class Engine:
    """Answers requests until there is a reason to leave.

    Parameters
    ----------
    load
        Gives the function and the request class of a verb.
    read, write
        File descriptors of the wire; see `streams.claim`.
    quick
        Verbs that do not wait for their turn.
    idle_seconds
        How long to stay when nobody asks.
    """

    def __init__(
        self,
        load: Load,
        *,
        read: int,
        write: int,
        quick: Collection[str] = QUICK,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self._load, self._read, self._quick = load, read, quick
        self._idle_seconds = idle_seconds
        self._wire = Wire(write)
        self._calls: dict[RequestId, _Call] = {}
        self._asked_at = time.monotonic()
        self._parent = os.getppid()
        self._leaving = ""

    async def serve(self) -> str:
        """Answer requests.

        Returns
        -------
        str
            Why it leaves.

        Notes
        -----
        Whatever runs at the end is cancelled and waited for: a verb decides for
        itself how it stops, and what must not stop half-way it shields.
        """
        self._loop = asyncio.get_running_loop()
        self._inbox: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._turn = asyncio.Lock()
        threading.Thread(target=self._read_lines, name="reader", daemon=True).start()
        watch = asyncio.ensure_future(self._watch())
        params = {"pid": os.getpid(), "version": __version__}
        self._wire.send(method="ready", params=params)
        while (line := await self._inbox.get()) is not None:
            self._asked_at = time.monotonic()
            self._take(line)
        self._leaving = self._leaving or "the caller is gone"
        watch.cancel()
        for call in self._calls.values():
            call.cancel()
        tasks = [call.task for call in self._calls.values() if call.task]
        await asyncio.gather(*tasks, return_exceptions=True)
        self._wire.close()
        return self._leaving

    def _read_lines(self) -> None:
        rest = b""
        while chunk := _read(self._read):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                self._loop.call_soon_threadsafe(self._inbox.put_nowait, line)
        self._loop.call_soon_threadsafe(self._inbox.put_nowait, None)

    async def _watch(self) -> None:
        """Notice what sends no message.

        The parent is watched beside the end of input, which does not come while a
        forked child of a dead caller still holds the pipe.
        """
        while True:
            await asyncio.sleep(_TICK_SECONDS)
            if os.getppid() != self._parent:
                self._leave("the caller is gone")
            elif self._calls:
                self._asked_at = time.monotonic()
            elif time.monotonic() - self._asked_at > self._idle_seconds:
                self._leave("nobody asked")

    def _leave(self, reason: str) -> None:
        self._leaving = self._leaving or reason
        self._inbox.put_nowait(None)

    def _take(self, line: bytes) -> None:
        try:
            message = parse_message(line)
        except MalformedMessageError as error:
            self._fail(None, error.code, UsageError(str(error)))
            return
        match message.method:
            case "ping":
                running = [call.verb for call in self._calls.values()]
                self._answer(message, {"pid": os.getpid(), "running": running})
            case "cancel":
                target = message.params.get("id")
                call = self._calls.get(target) if is_request_id(target) else None
                if call is not None:
                    call.cancel()
                self._answer(message, call is not None)
            case "verb" if message.id is not None and message.id not in self._calls:
                call = _Call(verb=str(message.params.get("verb")))
                self._calls[message.id] = call
                call.task = asyncio.ensure_future(self._run(message.id, message, call))
            case other:
                unknown = UsageError(f"The engine knows no method {other}")
                self._fail(message.id, METHOD_NOT_FOUND, unknown)

    def _answer(self, message: Message, result: object) -> None:
        if message.id is not None:
            self._wire.send(id=message.id, result=result)

    def _fail(self, to: RequestId | None, code: int, error: PixiJupyterError) -> None:
        body = {"code": code, "message": error.message, "data": error.to_wire()}
        self._wire.send(id=to, error=body)

    async def _run(self, to: RequestId, message: Message, call: _Call) -> None:
        try:
            result = await self._call(to, message, call)
            self._wire.send(id=to, result=result)
        except asyncio.CancelledError:
            if self._leaving and not call.begun:
                self._fail(to, LEAVING, EngineEndedError(0))
            else:
                self._fail(to, CANCELLED, OperationCancelledError(call.verb))
            if call.begun:
                self._leave(f"{call.verb} was cut off")
        except OperationCancelledError as error:
            self._fail(to, CANCELLED, error)
        except EngineEndedError as error:
            self._fail(to, LEAVING, error)
        except PixiJupyterError as error:
            misused = isinstance(error, UsageError) and not call.begun
            self._fail(to, INVALID_PARAMS if misused else FAILED, error)
            if isinstance(error, InstallError) and not isinstance(error, _HARMLESS):
                self._leave(f"{call.verb} failed")
        except Exception as error:  # noqa: BLE001  ends the call, never the caller's wait
            self._fail(to, INTERNAL_ERROR, _unexpected(call.verb, error))
            self._leave(f"{call.verb} failed unexpectedly")
        finally:
            self._calls.pop(to, None)

    async def _call(self, to: RequestId, message: Message, call: _Call) -> object:
        function, request_class = self._load(call.verb)
        request = request_class.from_wire(_request(message))
        operation = Operation(report=lambda event: self._report(to, event))
        if call.verb in self._quick:
            return (await function(request, operation)).to_json()
        if self._turn.locked():
            ahead = [each.verb for each in self._calls.values() if each is not call]
            operation.say("waiting", f"for {', '.join(ahead)}")
        async with self._turn:
            if self._leaving:
                raise EngineEndedError(0)
            call.begun = True
            return (await function(request, operation)).to_json()

    def _report(self, to: RequestId, event: Event) -> None:
        """Send an event; called from any thread."""
        droppable = event.level == "progress" and event.state == "running"
        params = {"id": to, "event": event.to_wire()}
        self._wire.send(method="event", params=params, droppable=droppable)


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, _CHUNK)
    except OSError:
        return b""


def _request(message: Message) -> dict[str, Any]:
    data = message.params.get("request", {})
    if not isinstance(data, dict):
        what = "A request is a table of arguments"
        raise UsageError(what)
    return data


def _unexpected(verb: str, error: Exception) -> PixiJupyterError:
    logger.error("%s failed unexpectedly", verb, exc_info=error)
    return PixiJupyterError(
        f"{verb} failed unexpectedly: {str(error) or type(error).__name__}",
        details=(type(error).__name__,),
        hints=("this is a mistake of pixi-jupyter, please tell its developers",),
    )


def run(engine: Engine) -> NoReturn:
    """Serve, and end the process without asking the libraries it loaded.

    An interrupt from the keyboard is not for us: only ``cancel`` stops something.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    reason = asyncio.new_event_loop().run_until_complete(engine.serve())
    sys.stderr.write(f"the engine leaves: {reason}\n")
    sys.stderr.flush()
    os._exit(0)
