from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest
from support import scripted_engine

from pixi_jupyter.errors import ManifestNotFoundError, error_from_wire
from pixi_jupyter.inkernel.client import (
    CallCancelledError,
    CallError,
    CallLostError,
    Client,
)

if TYPE_CHECKING:
    from collections.abc import Callable

unix_only = pytest.mark.skipif(sys.platform == "win32", reason="signals of unix")
SCRIPT = str(scripted_engine.__file__)


def verb(name: str, **request: Any) -> dict[str, Any]:
    return {"verb": name, "request": request}


def test_a_call_gives_its_result_after_its_events(client: Client) -> None:
    seen: list[int] = []

    result = client.call(
        "verb",
        verb("echo", count=3, text="é"),
        lambda event: seen.append(event["done"]),
    )

    assert result == {"count": 3, "text": "é"}
    assert seen == [1, 2, 3]


async def test_two_calls_of_a_loop_are_answered_each_with_its_own(
    client: Client,
) -> None:
    seen: list[str] = []

    answers = await asyncio.gather(
        *(
            client.acall(
                "verb",
                verb("echo", count=1, n=n),
                lambda event: seen.append(event["phase"]),
            )
            for n in range(2)
        )
    )

    assert [answer["n"] for answer in answers] == [0, 1]
    assert seen.count("solve") == 2


def test_one_engine_answers_all_calls(client: Client) -> None:
    first, second = (client.call("ping")["pid"] for _ in range(2))

    assert first == second == client.pid


def test_a_failure_can_be_made_one_of_ours_again(client: Client) -> None:
    with pytest.raises(CallError) as caught:
        client.call("verb", verb("fail", how="manifest"))

    error = caught.value
    assert isinstance(error_from_wire(error.data), ManifestNotFoundError)
    assert (
        str(error).splitlines()[0]
        == "No manifest was found in /nowhere or a folder above it"
    )
    assert error._render_traceback_()[-1] == "hint: %pixi init"


def test_a_listener_that_fails_cancels_the_call(client: Client, tmp_path: Path) -> None:
    def listen(event: dict[str, Any]) -> None:
        raise LookupError(event["phase"])

    with pytest.raises(LookupError, match="link"):
        client.call("verb", verb("wait", until=str(tmp_path / "never")), listen)

    assert client.call("verb", verb("echo")) == {}


def test_an_engine_that_dies_is_told_with_its_log_and_another_one_follows(
    client: Client, tmp_path: Path
) -> None:
    first = client.call("ping")["pid"]

    def kill(event: dict[str, Any]) -> None:
        del event
        os.kill(first, signal.SIGKILL)

    with pytest.raises(CallLostError, match="exit code -9") as caught:
        client.call("verb", verb("wait", until=str(tmp_path / "never")), kill)

    assert caught.value.data["code"] == "engine-ended"
    assert client.call("ping")["pid"] != first


def test_an_engine_that_cannot_start_shows_why(tmp_path: Path) -> None:
    client = Client(sys.executable, ["-c", "raise SystemExit('no such thing')"])

    with pytest.raises(CallLostError, match="no such thing"):
        client.call("ping")


def test_a_host_that_is_not_there_is_an_error_of_ours(tmp_path: Path) -> None:
    client = Client(str(tmp_path / "python"))

    with pytest.raises(CallError, match="could not be started"):
        client.call("ping")


def test_an_engine_that_left_is_replaced_without_a_word(
    clients: Callable[..., Client],
) -> None:
    client = clients("0.1")
    first = client.call("ping")["pid"]
    _wait_for_end(first)

    second = client.call("ping")["pid"]

    assert second != first


async def test_a_call_that_a_leaving_engine_turned_away_is_asked_again(
    client: Client, tmp_path: Path
) -> None:
    until = tmp_path / "go"

    async def release() -> None:
        await client.acall("ping")
        until.touch()

    results = await asyncio.gather(
        client.acall("verb", verb("wait", until=str(until))),
        client.acall("verb", verb("fail", how="link")),
        client.acall("verb", verb("echo", text="after")),
        release(),
        return_exceptions=True,
    )

    assert isinstance(results[1], CallError)
    assert results[2] == {"text": "after"}


async def test_a_cancelled_task_cancels_the_call_and_does_not_wait(
    client: Client, tmp_path: Path
) -> None:
    until, undone = tmp_path / "go", tmp_path / "undone"
    seen: asyncio.Queue[str] = asyncio.Queue()
    params = verb("guarded", until=str(until), undone=str(undone))
    task = asyncio.ensure_future(
        client.acall("verb", params, lambda event: seen.put_nowait(event["phase"]))
    )
    assert await seen.get() == "link"

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert not undone.exists()
    until.touch()
    await client.acall("verb", verb("echo"))
    assert undone.read_text() == "yes"


def test_closing_lets_the_engine_finish_and_leave(
    client: Client, tmp_path: Path
) -> None:
    until, undone = tmp_path / "go", tmp_path / "undone"
    params = verb("guarded", until=str(until), undone=str(undone))
    begun: list[int] = []

    def close(event: dict[str, Any]) -> None:
        if not begun:
            begun.append(client.pid or 0)
            client.close()
        if event["phase"] == "undo":
            until.touch()

    with pytest.raises(CallCancelledError):
        client.call("verb", params, close)

    _wait_for_end(begun[0])
    assert undone.read_text() == "yes"


def test_an_engine_gets_nothing_of_another_python(
    client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('shadowed')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PYTHONHOME", "/elsewhere")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/elsewhere")
    monkeypatch.setenv("MINE", "kept")

    seen = client.call("verb", verb("look"))

    assert Path(seen["cwd"]) == Path(tmp_path.anchor)
    assert seen["environ"]["MALLOC_ARENA_MAX"] == "1"
    assert seen["environ"]["MINE"] == "kept"
    assert not seen["environ"].keys() & {"PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH"}


def test_variables_that_are_given_are_taken_as_they_are(
    clients: Callable[..., Client], tmp_path: Path
) -> None:
    environ = {**os.environ, "PYTHONPATH": str(tmp_path)}

    seen = clients(environ=environ).call("verb", verb("look"))

    assert seen["environ"]["PYTHONPATH"] == str(tmp_path)
    assert seen["environ"]["MALLOC_ARENA_MAX"] == "1"


@unix_only
def test_an_engine_has_a_session_of_its_own(client: Client) -> None:
    pid = client.call("ping")["pid"]

    assert os.getsid(pid) == pid != os.getsid(0)


@unix_only
def test_no_log_stays_behind_even_while_it_runs(
    client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    client.call("verb", verb("noise"))

    assert list(tmp_path.iterdir()) == []
    assert "a print" in client.log_tail()


@unix_only
def test_a_forked_child_asks_an_engine_of_its_own(client: Client) -> None:
    program = f"""
import os, sys
from pixi_jupyter.inkernel.client import Client
client = Client(sys.executable, [{SCRIPT!r}])
first = client.call("ping")["pid"]
child = os.fork()
if child == 0:
    second = client.call("ping")["pid"]
    os._exit(0 if second != first else 3)
_, status = os.waitpid(child, 0)
assert client.call("ping")["pid"] == first
sys.exit(os.waitstatus_to_exitcode(status))
"""
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


class Program:
    """A caller in a process of its own, which a test interrupts or kills."""

    def __init__(self, params: dict[str, Any], grace_seconds: float = 30) -> None:
        text = f"""
import json, signal, sys
from pixi_jupyter.inkernel.client import *
client = Client(sys.executable, [{SCRIPT!r}])
def say(*words): print(*words, flush=True)
def listen(event): say(event["phase"], client.pid)
before = signal.getsignal(signal.SIGINT)
try:
    say("result", client.call("verb", json.loads({json.dumps(params)!r}), listen, {grace_seconds}))
except CallError as error:
    say(type(error).__name__, error.message)
say("handler", signal.getsignal(signal.SIGINT) is before)
say("next", client.call("ping")["pid"])
"""
        self.process = subprocess.Popen(
            [sys.executable, "-c", text], stdout=subprocess.PIPE, text=True
        )

    def line(self) -> list[str]:
        assert self.process.stdout
        return self.process.stdout.readline().strip().split(maxsplit=1)

    def end(self) -> list[list[str]]:
        out, _ = self.process.communicate(timeout=20)
        return [line.split(maxsplit=1) for line in out.splitlines()]


@unix_only
def test_an_interrupt_cancels_waits_and_keeps_the_engine(tmp_path: Path) -> None:
    until, undone = tmp_path / "go", tmp_path / "undone"
    program = Program(verb("guarded", until=str(until), undone=str(undone)))
    _, pid = program.line()

    program.process.send_signal(signal.SIGINT)
    assert program.line()[0] == "undo"
    until.touch()

    failed, handler, following = program.end()
    assert failed[0] == "CallCancelledError"
    assert undone.read_text() == "yes"
    assert handler[1] == "True"
    assert following[1] == pid


@unix_only
def test_a_second_interrupt_ends_an_engine_that_does_not_listen() -> None:
    program = Program(verb("stubborn"))
    _, pid = program.line()

    program.process.send_signal(signal.SIGINT)
    # two signals that are pending at once are one, so the first must have arrived
    _wait_until(lambda: program.process.poll() is not None or _catches(program))
    program.process.send_signal(signal.SIGINT)

    failed, handler, following = program.end()
    assert failed[0] == "CallCancelledError"
    assert handler[1] == "True"
    assert following[1] != pid


@unix_only
def test_an_engine_that_does_not_listen_is_ended_after_the_grace() -> None:
    program = Program(verb("stubborn"), grace_seconds=0.1)
    _, pid = program.line()

    program.process.send_signal(signal.SIGINT)

    failed, _, following = program.end()
    assert failed[0] == "CallCancelledError"
    assert following[1] != pid


@unix_only
def test_a_caller_that_is_killed_leaves_an_engine_that_finishes_and_goes(
    tmp_path: Path,
) -> None:
    until, undone = tmp_path / "go", tmp_path / "undone"
    program = Program(verb("guarded", until=str(until), undone=str(undone)))
    _, pid = program.line()

    program.process.kill()
    program.end()
    until.touch()

    _wait_for_end(int(pid))
    assert undone.read_text() == "yes"


def _wait_for_end(pid: int) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        psutil.Process(pid).wait(timeout=10)


def _catches(program: Program) -> bool:
    """Whether no interrupt is pending any more, as Linux tells it."""
    status = Path(f"/proc/{program.process.pid}/status").read_text()
    masks = [line.split()[1] for line in status.splitlines() if "Pnd" in line]
    return not any(int(mask, 16) for mask in masks)


def _wait_until(claim: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not claim():
        assert time.monotonic() < deadline
