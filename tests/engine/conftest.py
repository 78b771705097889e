"""Engines as real processes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support import scripted_engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SCRIPT = Path(scripted_engine.__file__)


class Caller:
    """Speaks to an engine in bare lines."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def write(self, line: bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()

    def send(self, **fields: Any) -> None:  # noqa: ANN401  JSON
        self.write(json.dumps({"jsonrpc": "2.0", **fields}).encode())

    def verb(self, number: int, verb: str, **request: Any) -> None:  # noqa: ANN401  JSON
        params = {"verb": verb, "request": request}
        self.send(id=number, method="verb", params=params)

    def next(self) -> dict[str, Any]:
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, "the engine has ended"
        message: dict[str, Any] = json.loads(line)
        assert message["jsonrpc"] == "2.0"
        return message

    def answer(self, number: int | None) -> dict[str, Any]:
        while (message := self.next()).get("id") != number or "method" in message:
            pass
        return message

    def event(self, phase: str) -> dict[str, Any]:
        while True:
            message = self.next()
            params = message.get("params", {})
            if params.get("event", {}).get("phase") == phase:
                return params  # type: ignore[no-any-return]  # JSON

    def rest(self) -> tuple[int, str, str]:
        """End its input; give exit code, what it still wrote, and its log."""
        out, log = self.process.communicate(timeout=20)
        return self.process.returncode, out.decode(), log.decode()


@pytest.fixture
def engine() -> Iterator[Callable[..., Caller]]:
    """Start an engine, the scripted one unless arguments say otherwise."""
    callers: list[Caller] = []

    def start(*arguments: str) -> Caller:
        callers.append(Caller(*(arguments or (str(SCRIPT),))))
        return callers[-1]

    yield start
    for caller in callers:
        caller.process.kill()
        caller.process.communicate()
