"""One operation at a time, quick ones beside it, and when to leave.

An engine leaves when nobody asked for two minutes, when its caller is gone (end
of input, or another parent), when it is told to (SIGTERM), when it holds too much
memory, and after a failure that may have left work running in the process: a new
engine costs a twentieth of a second. It answers first.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

from pixi_jupyter._version import __version__
from pixi_jupyter.engine.calls import Call, manners_of, unexpected
from pixi_jupyter.engine.jobs import METHODS, QUICK, Jobs, face_of, name_of
from pixi_jupyter.engine.memory import resident_bytes
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
    from collections.abc import Collection

    from pixi_jupyter.engine.jobs import Load

IDLE_SECONDS = 120.0
MOST_BYTES = 300_000_000
"""An engine that holds more after an operation makes room for a new one."""
_TICK_SECONDS = 0.5
_CHUNK = 65536
_HARMLESS = (PrefixBusyError, UnsupportedPlatformError)
"""Install errors that come before anything is changed."""


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
    most_bytes
        How much memory to hold after an operation, at most.
    """

    def __init__(
        self,
        load: Load,
        *,
        read: int,
        write: int,
        quick: Collection[str] = QUICK,
        idle_seconds: float = IDLE_SECONDS,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._jobs, self._read = Jobs(load, quick), read
        self._idle_seconds, self._most_bytes = idle_seconds, most_bytes
        self._wire = Wire(write)
        self._calls: dict[RequestId, Call] = {}
        self._asked_at = time.monotonic()
        self._parent = os.getppid()
        self._main = threading.get_ident()
        self._leaving = ""
        self.exit_code = 0

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
        with suppress(NotImplementedError, RuntimeError):  # Windows, another thread
            self._loop.add_signal_handler(signal.SIGTERM, self._terminate)
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

    def _terminate(self) -> None:
        """Leave; what runs is cancelled as ever."""
        self.exit_code = 143  # as a shell gives it
        self._leave("it was told to end")

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
                running = [call.name for call in self._calls.values()]
                self._answer(message, {"pid": os.getpid(), "running": running})
            case "cancel":
                target = message.params.get("id")
                call = self._calls.get(target) if is_request_id(target) else None
                if call is not None:
                    call.cancel()
                self._answer(message, call is not None)
            case method if (
                method in METHODS
                and message.id is not None
                and message.id not in self._calls
            ):
                call = Call(name=name_of(message), face=face_of(message))
                self._calls[message.id] = call
                call.task = asyncio.ensure_future(self._run(message.id, message, call))
            case other:
                unknown = UsageError(f"The engine knows no method {other}")
                self._fail(message.id, METHOD_NOT_FOUND, unknown)

    def _answer(self, message: Message, result: object) -> None:
        if message.id is not None:
            self._wire.send(id=message.id, result=result)

    def _fail(
        self,
        to: RequestId | None,
        code: int,
        error: PixiJupyterError,
        data: dict[str, object] | None = None,
    ) -> None:
        data = error.to_wire() if data is None else data
        body = {"code": code, "message": error.message, "data": data}
        self._wire.send(id=to, error=body)

    async def _run(self, to: RequestId, message: Message, call: Call) -> None:
        try:
            call.start()
            result = await self._work(to, message, call)
            self._wire.send(id=to, result=result)
        except asyncio.CancelledError:
            self._stopped(to, call)
        except PixiJupyterError as error:
            self._failed(to, call, error)
        except Exception as error:  # noqa: BLE001  ends the call, never the caller's wait
            self._fail(to, INTERNAL_ERROR, unexpected(call.name, error))
            if call.begun:
                self._leave(f"{call.name} failed unexpectedly")
        finally:
            self._calls.pop(to, None)
            if call.begun:
                self._look_at_myself()

    def _stopped(self, to: RequestId, call: Call) -> None:
        if self._leaving and not call.begun:
            self._fail(to, LEAVING, EngineEndedError(0))
        else:
            self._fail(to, CANCELLED, call.end)
        if call.begun and call.trail.phases:
            # a solve, for one, goes on inside the process
            self._leave(f"{call.name} was cut off")

    def _failed(self, to: RequestId, call: Call, error: PixiJupyterError) -> None:
        if isinstance(error, OperationCancelledError):
            code = CANCELLED
        elif isinstance(error, EngineEndedError):
            code = LEAVING
        elif isinstance(error, UsageError) and not call.begun:
            code = INVALID_PARAMS
        else:
            code = FAILED
        self._fail(to, code, error, call.wire_form(error))
        if isinstance(error, InstallError) and not isinstance(error, _HARMLESS):
            self._leave(f"{call.name} failed")

    async def _work(self, to: RequestId, message: Message, call: Call) -> object:
        def report(event: Event) -> None:
            call.trail.note(event)
            self._report(to, event)

        job = self._jobs.prepare(message)
        operation = Operation(report)
        if job.is_quick:
            return await job.work(operation)
        if ahead := [each.name for each in self._calls.values() if each.counts]:
            operation.say("waiting", f"for {', '.join(ahead)}")
        call.waits = True
        async with self._turn:
            if ahead:
                operation.finish("waiting")
            if self._leaving:
                raise EngineEndedError(0)
            call.begun = True
            return await job.work(operation)

    def _look_at_myself(self) -> None:
        """Leave after an operation that left something behind."""
        linker = sys.modules.get("pixi_jupyter.install.linker")
        if linker is not None and (linker.spent() or linker.is_lingering()):
            self._leave("an install did not end well")
        elif (held := resident_bytes()) > self._most_bytes:
            self._leave(f"it holds {held // 1_000_000} MB")

    def _report(self, to: RequestId, event: Event) -> None:
        """Send an event; called from any thread."""
        params = {"id": to, "event": event.to_wire()}
        manners = manners_of(event, self._main)
        self._wire.send(**manners, method="event", params=params)


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, _CHUNK)
    except OSError:
        return b""


def run(engine: Engine) -> NoReturn:
    """Serve, and end the process; an interrupt is not for us, ``cancel`` is."""
    # not SIG_IGN, which every program that a task starts would inherit
    signal.signal(signal.SIGINT, lambda *_: None)
    reason = asyncio.new_event_loop().run_until_complete(engine.serve())
    sys.stderr.write(f"the engine leaves: {reason}\n")
    sys.stderr.flush()
    os._exit(engine.exit_code)
