"""JSON-RPC 2.0, one message a line, UTF-8.

Requests: ``ping``; ``verb`` with ``{verb, request}``; ``command`` with ``{words,
cwd, manifest, prefix, face}`` (`pixi_jupyter.commands.call`); ``complete`` with
``{line, cursor, cwd, manifest, prefix}`` (`pixi_jupyter.commands.complete`); ``cancel``
with ``{id}``, also as a notification. Notifications of the engine: ``ready`` with ``{pid,
version}``; ``event`` with ``{id, event}``, where id is that of the request.
An error's ``data`` is the form of `pixi_jupyter.errors`.
"""

from __future__ import annotations

import json
import os
import queue
import threading
from dataclasses import field
from typing import Any, TypeAlias, TypeGuard

from pixi_jupyter.values import dataclass

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603
FAILED = -32000
"""A verb failed in words of ours."""
LEAVING = -32001
"""The engine is about to end and has not begun with the request: ask another."""
CANCELLED = -32800

RequestId: TypeAlias = int | str

_MANY = 500
"""So many unread messages mean a slow reader; progress is dropped from there on."""
_ONE_WRITE = 65536
_MOST_BYTES = 8_000_000
"""So much may wait to be sent before who can wait has to."""


class MalformedMessageError(Exception):
    """A line is not a message; `code` says in which way."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A request, or a notification if it has no id."""

    method: str
    id: RequestId | None = None
    params: dict[str, Any] = field(default_factory=dict)


def is_request_id(value: object) -> TypeGuard[RequestId]:
    """Tell whether a value can name a request."""
    return isinstance(value, int | str)


def parse_message(line: bytes) -> Message:
    """Read one line.

    Raises
    ------
    MalformedMessageError
        If it is not JSON, or JSON of another shape.
    """
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        reason = f"not JSON: {error}"
        raise MalformedMessageError(PARSE_ERROR, reason) from error
    reason = "not a request"
    if not isinstance(data, dict) or not isinstance(data.get("method"), str):
        raise MalformedMessageError(INVALID_REQUEST, reason)
    number, params = data.get("id"), data.get("params", {})
    if not isinstance(params, dict) or not (number is None or is_request_id(number)):
        raise MalformedMessageError(INVALID_REQUEST, reason)
    return Message(method=data["method"], id=number, params=params)


class Wire:
    """Sends messages from any thread; makes no caller wait that did not offer it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._waiting = 0
        self._room = threading.Condition()
        self._queue: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._gone = False
        self._thread = threading.Thread(target=self._run, name="wire", daemon=True)
        self._thread.start()

    def send(
        self, *, droppable: bool = False, patient: bool = False, **fields: object
    ) -> None:
        """Send a message.

        Parameters
        ----------
        droppable
            Whether it may be left out when the reader is slow.
        patient
            Whether the caller, a thread that nobody needs, waits for a slow reader.
        **fields
            What the message holds.

        Raises
        ------
        TypeError
            If a field is nothing that JSON can hold.
        """
        line = json.dumps({"jsonrpc": "2.0", **fields}, separators=(",", ":"))
        if self._gone or (droppable and self._queue.qsize() > _MANY):
            return
        data = line.encode() + b"\n"
        with self._room:
            while patient and self._waiting > _MOST_BYTES and not self._gone:
                self._room.wait()
            self._waiting += len(data)
        self._queue.put(data)

    def close(self, timeout_seconds: float = 2.0) -> None:
        """Send what is left, and give up on a reader that takes nothing."""
        self._queue.put(None)
        self._thread.join(timeout_seconds)

    def _run(self) -> None:
        while (chunk := self._queue.get()) is not None:
            last = False
            while len(chunk) < _ONE_WRITE and not self._queue.empty():
                more = self._queue.get()
                if more is None:
                    last = True
                    break
                chunk += more
            self._write(chunk)
            if last:
                return

    def _write(self, chunk: bytes) -> None:
        size = len(chunk)
        try:
            while chunk and not self._gone:
                chunk = chunk[os.write(self._descriptor, chunk) :]
        except OSError:
            self._gone = True
        with self._room:
            self._waiting -= size
            self._room.notify_all()
