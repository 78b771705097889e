"""Speaks to an engine process in bare lines."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from typing import Any


class Caller:
    """Speaks to an engine in bare lines."""

    def __init__(self, *arguments: str) -> None:
        self._answers: dict[int | None, dict[str, Any]] = {}
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

    def send(self, **fields: Any) -> None:
        self.write(json.dumps({"jsonrpc": "2.0", **fields}).encode())

    def verb(self, number: int, verb: str, **request: Any) -> None:
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
        """Wait for the answer to a request; answers may come in any order."""
        while number not in self._answers:
            message = self.next()
            if "method" not in message:
                self._answers[message["id"]] = message
        return self._answers.pop(number)

    def event(self, phase: str) -> dict[str, Any]:
        while True:
            message = self.next()
            if "method" not in message:
                self._answers[message["id"]] = message
            params = message.get("params", {})
            if params.get("event", {}).get("phase") == phase:
                return params  # type: ignore[no-any-return]  # JSON

    def rest(self) -> tuple[int, str, str]:
        """End its input; give exit code, what it still wrote, and its log."""
        out, log = self.process.communicate(timeout=20)
        return self.process.returncode, out.decode(), log.decode()

    def end(self) -> None:
        """Kill it if it still runs."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            with contextlib.suppress(BrokenPipeError):
                if stream:
                    stream.close()
