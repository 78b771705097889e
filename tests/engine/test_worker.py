from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import psutil
import pytest
from support import scripted_engine

from pixi_jupyter.engine.protocol import (
    CANCELLED,
    FAILED,
    INTERNAL_ERROR,
    INVALID_PARAMS,
    INVALID_REQUEST,
    LEAVING,
    METHOD_NOT_FOUND,
    PARSE_ERROR,
)
from pixi_jupyter.inkernel.client import Client

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.engine_caller import Caller

    Start = Callable[..., Caller]

SCRIPT = str(scripted_engine.__file__)
unix_only = pytest.mark.skipif(sys.platform == "win32", reason="signals of unix")


def test_it_says_who_it_is_before_it_is_asked(engine: Start) -> None:
    caller = engine()

    ready = caller.next()

    assert ready["method"] == "ready"
    assert ready["params"]["pid"] == caller.process.pid


def test_a_verb_is_answered_with_its_result_after_its_events(engine: Start) -> None:
    caller = engine()

    caller.verb(1, "echo", count=2, text="é")

    messages = [caller.next() for _ in range(4)][1:]
    events = [message["params"] for message in messages[:2]]
    assert [(event["id"], event["event"]["done"]) for event in events] == [
        (1, 1),
        (1, 2),
    ]
    assert messages[2]["result"] == {"count": 2, "text": "é"}


@pytest.mark.parametrize(
    ("line", "number", "code"),
    [
        (b"nonsense", None, PARSE_ERROR),
        (b'{"id": 1}', None, INVALID_REQUEST),
        (b'{"id": 1, "method": "other"}', 1, METHOD_NOT_FOUND),
        (b'{"id": 1, "method": "verb"}', 1, INVALID_PARAMS),
        (b'{"id":1,"method":"verb","params":{"verb":"nope"}}', 1, INVALID_PARAMS),
        (
            b'{"id":1,"method":"verb","params":{"verb":"echo","request":[]}}',
            1,
            INVALID_PARAMS,
        ),
        (
            b'{"id":1,"method":"verb","params":{"verb":"echo","request":{"unknown":1}}}',
            1,
            INVALID_PARAMS,
        ),
    ],
    ids=["no json", "no method", "method", "no verb", "verb", "shape", "argument"],
)
def test_what_it_does_not_understand_is_answered_and_ends_nothing(
    engine: Start, line: bytes, number: int | None, code: int
) -> None:
    caller = engine()

    caller.write(line)

    assert caller.answer(number)["error"]["code"] == code
    caller.verb(2, "echo", text="still here")
    assert caller.answer(2)["result"] == {"text": "still here"}


def test_nothing_but_messages_reaches_its_output(engine: Start) -> None:
    caller = engine()
    caller.verb(1, "noise")

    answer = caller.answer(1)

    code, out, log = caller.rest()
    assert answer["result"] == {"read": ""}
    assert (code, out) == (0, "")
    assert log.splitlines()[:3] == ["a print", "a raw write", "a child"]


def test_a_second_operation_waits_and_a_quick_one_does_not(
    engine: Start, tmp_path: Path
) -> None:
    caller = engine()
    until = tmp_path / "go"
    caller.verb(1, "wait", until=str(until))
    caller.event("link")

    caller.verb(2, "echo", text="second")
    waiting = caller.event("waiting")
    caller.verb(3, "look")
    looked = caller.answer(3)
    caller.send(id=4, method="ping")

    assert (waiting["id"], waiting["event"]["label"]) == (2, "for wait")
    assert looked["result"]["pid"] == caller.process.pid
    assert caller.answer(4)["result"]["running"] == ["wait", "echo"]
    until.touch()
    assert [caller.answer(number)["id"] for number in (1, 2)] == [1, 2]


def test_an_operation_that_waits_can_be_cancelled_and_the_first_goes_on(
    engine: Start, tmp_path: Path
) -> None:
    caller = engine()
    until = tmp_path / "go"
    caller.verb(1, "wait", until=str(until))
    caller.verb(2, "echo")
    caller.event("waiting")

    caller.send(method="cancel", params={"id": 2})

    assert caller.answer(2)["error"]["code"] == CANCELLED
    until.touch()
    assert "result" in caller.answer(1)


def test_what_is_cancelled_before_it_began_is_answered_too(engine: Start) -> None:
    caller = engine()
    caller.next()
    line = json.dumps({"id": 1, "method": "verb", "params": {"verb": "echo"}})

    # one write, so that both are read before anything is begun
    caller.write(line.encode() + b'\n{"method": "cancel", "params": {"id": 1}}')

    assert caller.answer(1)["error"]["code"] == CANCELLED
    caller.verb(2, "echo")
    assert "result" in caller.answer(2)


def test_those_that_wait_are_told_who_is_ahead_of_them(
    engine: Start, tmp_path: Path
) -> None:
    caller = engine()
    until = tmp_path / "go"
    caller.verb(1, "wait", until=str(until))
    caller.event("link")
    caller.verb(2, "echo")
    caller.event("waiting")

    caller.verb(3, "guarded", until=str(until), undone=str(tmp_path / "undone"))
    waiting = caller.event("waiting")

    assert waiting["event"]["label"] == "for wait, echo"
    until.touch()
    ended = caller.event("waiting")
    assert (ended["id"], ended["event"]["state"]) == (2, "finished")
    assert "result" in caller.answer(3)


def test_it_answers_and_leaves_when_it_holds_too_much(engine: Start) -> None:
    caller = engine()
    caller.verb(1, "hold", count=1_000_000)
    caller.verb(2, "hold", count=310_000_000)

    assert "result" in caller.answer(1)
    assert "result" in caller.answer(2)
    assert caller.process.wait(timeout=10) == 0
    assert "it holds 3" in caller.rest()[2]


def test_callers_do_not_notice_that_it_makes_room_for_a_new_one() -> None:
    client = Client(sys.executable, [SCRIPT])
    first = client.call("ping")["pid"]
    client.call("verb", {"verb": "hold", "request": {"count": 310_000_000}})

    answer = client.call("verb", {"verb": "look", "request": {}})

    assert answer["pid"] != first
    client.close()


def test_cancelling_what_puts_itself_in_order_keeps_the_engine(
    engine: Start, tmp_path: Path
) -> None:
    caller = engine()
    until, undone = tmp_path / "go", tmp_path / "undone"
    caller.verb(1, "guarded", until=str(until), undone=str(undone))
    caller.event("link")

    caller.send(id=8, method="cancel", params={"id": 1})
    assert caller.answer(8)["result"] is True
    caller.event("undo")
    caller.send(id=9, method="cancel", params={"id": 1})
    assert caller.answer(9)["result"] is True
    until.touch()

    error = caller.answer(1)["error"]
    assert error["code"] == CANCELLED
    assert error["message"] == "guarded was cancelled, nothing was changed"
    assert undone.read_text() == "yes"
    caller.verb(2, "echo")
    assert "result" in caller.answer(2)


def test_cancelling_what_was_cut_off_ends_the_engine(
    engine: Start, tmp_path: Path
) -> None:
    caller = engine()
    caller.verb(1, "wait", until=str(tmp_path / "never"))
    caller.event("link")

    caller.send(method="cancel", params={"id": 1})

    assert caller.answer(1)["error"]["code"] == CANCELLED
    assert caller.process.wait(timeout=10) == 0


@pytest.mark.parametrize("target", [99, None, [], "x"])
def test_cancelling_nothing_is_answered(engine: Start, target: object) -> None:
    caller = engine()

    caller.send(id=1, method="cancel", params={"id": target})

    assert caller.answer(1)["result"] is False


def test_a_failure_in_our_words_carries_them_and_keeps_the_engine(
    engine: Start,
) -> None:
    caller = engine()

    caller.verb(1, "fail", how="manifest")

    error = caller.answer(1)["error"]
    assert error["code"] == FAILED
    assert error["data"]["code"] == "manifest-not-found"
    assert error["data"]["hints"] == ["{command} init"]
    caller.verb(2, "echo")
    assert "result" in caller.answer(2)


@pytest.mark.parametrize(
    ("how", "code", "text"),
    [
        ("link", FAILED, "Prefix /prefix could not be changed"),
        ("boom", INTERNAL_ERROR, "fail failed unexpectedly: boom"),
    ],
    ids=["install", "unexpected"],
)
def test_after_a_failure_that_may_go_on_inside_it_answers_and_leaves(
    engine: Start, tmp_path: Path, how: str, code: int, text: str
) -> None:
    caller = engine()
    until = tmp_path / "go"
    caller.verb(1, "wait", until=str(until))
    caller.verb(2, "fail", how=how)
    caller.verb(3, "echo")
    caller.send(id=4, method="ping")
    caller.answer(4)
    until.touch()

    error = caller.answer(2)["error"]
    left = caller.answer(3)["error"]

    assert (error["code"], error["message"]) == (code, text)
    assert left["code"] == LEAVING
    assert caller.process.wait(timeout=10) == 0


def test_an_unexpected_failure_is_in_the_log_with_its_traceback(
    engine: Start,
) -> None:
    caller = engine()
    caller.verb(1, "fail", how="boom")
    caller.answer(1)

    _, _, log = caller.rest()

    assert "RuntimeError: boom" in log


def test_it_leaves_when_nobody_asks(engine: Start) -> None:
    caller = engine(SCRIPT, "0.2")

    code = caller.process.wait(timeout=10)

    assert code == 0
    assert "nobody asked" in caller.rest()[2]


def test_it_does_not_leave_while_something_runs(engine: Start, tmp_path: Path) -> None:
    caller = engine(SCRIPT, "0.2")
    until = tmp_path / "go"
    caller.verb(1, "wait", until=str(until))

    with pytest.raises(Exception, match="timed out"):
        caller.process.wait(timeout=1.5)
    until.touch()

    assert "result" in caller.answer(1)


def test_at_the_end_of_input_it_finishes_what_must_be_finished(
    engine: Start, tmp_path: Path
) -> None:
    caller = engine()
    until, undone = tmp_path / "go", tmp_path / "undone"
    caller.verb(1, "guarded", until=str(until), undone=str(undone))
    caller.event("link")

    assert caller.process.stdin
    caller.process.stdin.close()
    caller.event("undo")
    until.touch()

    assert caller.process.wait(timeout=10) == 0
    assert undone.read_text() == "yes"


@unix_only
def test_it_notices_a_dead_caller_behind_a_pipe_that_stays_open(
    tmp_path: Path,
) -> None:
    # the caller's forked child holds the pipe for as long as it lives
    program = f"""
import os, subprocess, sys
engine = subprocess.Popen([sys.executable, {SCRIPT!r}],
    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
engine.stdout.readline()
child = os.fork()
if child == 0:
    import signal
    signal.pause()
open({str(tmp_path / "pids")!r}, "w").write(f"{{engine.pid}} {{child}}")
os._exit(0)
"""
    caller = psutil.Popen([sys.executable, "-c", program])
    assert caller.wait(timeout=20) == 0
    engine, child = (int(word) for word in (tmp_path / "pids").read_text().split())

    try:
        psutil.Process(engine).wait(timeout=10)
    except psutil.NoSuchProcess:
        pass
    finally:
        psutil.Process(child).kill()

    assert not psutil.pid_exists(engine)


@unix_only
def test_an_interrupt_from_the_keyboard_is_not_for_it(engine: Start) -> None:
    import signal

    caller = engine()
    caller.next()

    caller.process.send_signal(signal.SIGINT)

    caller.verb(1, "echo")
    assert "result" in caller.answer(1)


def test_the_program_serves_the_verbs_of_the_registry(
    engine: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path))
    caller = engine("-m", "pixi_jupyter.engine")

    caller.verb(1, "kernel_list")
    caller.verb(2, "ensure_installed", manifest=str(tmp_path / "pixi.toml"))

    assert "result" in caller.answer(1)
    error = caller.answer(2)["error"]
    assert error["code"] == FAILED
    assert error["data"]["hints"] == ["{command} init"]


def test_the_program_loads_nothing_slow_before_it_is_asked(engine: Start) -> None:
    program = (
        "import sys, runpy, atexit, os\n"
        "os._exit = lambda code: sys.exit(code)\n"
        "log = sys.stderr\n"
        "try: runpy.run_module('pixi_jupyter.engine', run_name='__main__')\n"
        "finally: print('LOADED', *sorted(sys.modules), file=log)\n"
    )
    caller = engine("-c", program)
    caller.next()

    _, _, log = caller.rest()

    loaded = set(log.partition("LOADED")[2].split())
    assert "pixi_jupyter.engine.worker" in loaded
    assert not loaded & {
        "rattler",
        "pydantic",
        "click",
        "rich",
        "tomlkit",
        "yaml",
        "nbformat",
        "jupyter_client",
        "pixi_jupyter.commands.call",
        "pixi_jupyter.commands.registry",
        "pixi_jupyter.commands.candidates",
    }
