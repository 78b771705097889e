"""Tasks that an engine runs: their events, a cancel, and an engine that is killed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest
from support.packages import make_channel

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.engine_caller import Caller

ENGINE = ("-m", "pixi_jupyter.engine")
MANIFEST = """
[workspace]
name = "study"
channels = ["{channel}"]
platforms = ["linux-64"]
[dependencies]
base = "*"
[tasks]
say = {{ cmd = "echo hello {{{{ who }}}} from $PWD $INIT_CWD", args = ["who"] }}
wait = "echo up && sleep 617 | cat"
sigint = "{python} -c 'import signal; print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)'"
much = "head -c 30000000 /dev/zero | tr '\\\\0' x"
"""
MANIFEST = MANIFEST.replace("head -c", "/usr/bin/head -c")


@pytest.fixture
def place(tmp_path: Path, make_workspace: Callable[..., Path]) -> Path:
    channel = make_channel(tmp_path / "channel", [{"name": "base", "version": "1.0"}])
    return make_workspace(MANIFEST.format(channel=channel, python=sys.executable))


def command(caller: Caller, number: int, cwd: Path, *words: str) -> None:
    params = {"words": list(words), "cwd": str(cwd)}
    caller.send(id=number, method="command", params=params)


def told(caller: Caller, number: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Give the answer and the events before it."""
    events: list[dict[str, Any]] = []
    while True:
        message = caller.next()
        if message.get("id") == number:
            return message, events
        if message.get("method") == "event":
            events.append(message["params"]["event"])


def output(events: list[dict[str, Any]]) -> str:
    return "".join(each["label"] for each in events if each["level"] == "output")


def test_a_task_runs_as_a_command_with_its_output_as_events(
    place: Path, engine: Callable[..., Caller]
) -> None:
    caller, inside = engine(*ENGINE), place / "inside"
    inside.mkdir()

    command(caller, 1, inside, "run", "say", "Ada")
    answer, events = told(caller, 1)

    result = answer["result"]
    assert (result["verb"], result["exit_code"]) == ("run", 0)
    assert output(events) == f"hello Ada from {place} {inside}\n"
    (task,) = result["data"]["tasks"]
    assert (task["task"], task["state"], task["arguments"]) == (
        "say",
        "succeeded",
        {"who": "Ada"},
    )
    assert Path(result["data"]["log"]).read_text() == output(events)
    states = [x["data"]["state"] for x in events if x["phase"] == "task"]
    assert states == ["waiting", "running", "succeeded"]
    log = Path(result["data"]["log"]).with_suffix(".log").read_text()
    assert "hello Ada" not in log.replace("echo hello Ada", "")


def test_a_quiet_command_still_gives_the_output(
    place: Path, engine: Callable[..., Caller]
) -> None:
    caller = engine(*ENGINE)

    command(caller, 1, place, "run", "-q", "say", "Ada")

    assert output(told(caller, 1)[1]).startswith("hello Ada")


def test_a_task_of_an_engine_can_be_interrupted(
    place: Path, engine: Callable[..., Caller]
) -> None:
    caller = engine(*ENGINE)

    command(caller, 1, place, "run", "sigint")

    assert output(told(caller, 1)[1]) == "True\n"


def test_a_cancel_ends_the_tree_and_the_engine_goes_on(
    place: Path, engine: Callable[..., Caller]
) -> None:
    caller = engine(*ENGINE)
    request = {"manifest": str(place), "command": ["wait"]}
    caller.verb(1, "run", **request)
    caller.event("output")
    tree = psutil.Process(caller.process.pid).children(recursive=True)
    names = [each.name() for each in tree]

    caller.send(id=2, method="cancel", params={"id": 1})
    answer = caller.answer(1)

    assert "sleep" in names or "deno" in names
    assert answer["error"]["code"] == -32800
    assert not psutil.wait_procs(tree, timeout=5)[1]
    caller.send(id=3, method="ping")
    assert caller.answer(3)["result"]["running"] == []


def test_a_task_ends_with_an_engine_that_is_killed(
    place: Path, engine: Callable[..., Caller]
) -> None:
    caller = engine(*ENGINE)
    caller.verb(1, "run", manifest=str(place), command=["wait"])
    caller.event("output")
    tree = psutil.Process(caller.process.pid).children(recursive=True)

    caller.process.kill()

    assert tree
    assert not psutil.wait_procs(tree, timeout=10)[1]


def test_an_engine_holds_little_of_what_nobody_reads(
    place: Path, engine: Callable[..., Caller]
) -> None:
    caller = engine(*ENGINE)
    caller.verb(1, "run", manifest=str(place), command=["much"])
    caller.event("output")
    process = psutil.Process(caller.process.pid)
    before = process.memory_info().rss

    # the wire is not read while the program writes as much as it can
    psutil.wait_procs(process.children(recursive=True), timeout=1.5)
    grown = process.memory_info().rss - before
    answer, events = told(caller, 1)

    assert answer["result"]["exit_code"] == 0
    assert len(output(events)) > 29_000_000
    assert grown < 25_000_000


def test_a_text_for_the_shell_is_given_back_to_be_started(
    place: Path, engine: Callable[..., Caller]
) -> None:
    caller = engine(*ENGINE)

    command(caller, 1, place, "run", "echo $HOME && ls")

    start = told(caller, 1)[0]["result"]["run"]
    assert Path(start["program"]).name == "deno"
    assert start["command"][-1].endswith("\necho $HOME && ls")
    assert start["cwd"] == str(place)
