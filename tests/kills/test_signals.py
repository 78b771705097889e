"""SIGINT and SIGTERM put things back or finish them, and say which."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from support.commands import Answer
from support.engine_caller import Caller
from support.installs import ROOT, assert_whole, files_of

from pixi_jupyter.engine.protocol import CANCELLED
from pixi_jupyter.workspace.operations import read_operations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.kills import Victim

CODES = {"SIGINT": 130, "SIGTERM": 143}
UNDONE = "was cancelled, nothing was changed"


def _environ(victim: Victim) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}",
        "RATTLER_CACHE_DIR": str(victim.cache),
    }


def _start(victim: Victim, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", *arguments],
        env=_environ(victim),
        cwd=victim.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _end(child: subprocess.Popen[str]) -> Answer:
    out, err = child.communicate(timeout=60)
    return Answer(child.returncode, out, err)


def _contents(victim: Victim) -> dict[str, Any]:
    files = {f"pixi.{end}": (victim.root / f"pixi.{end}") for end in ("toml", "lock")}
    texts = {name: path.read_bytes() for name, path in files.items()}
    return {**texts, **files_of(victim.prefix)}


@pytest.fixture
def held(victim: Victim) -> Iterator[Any]:
    """Keep everybody from changing the installed environment."""
    victim.back_to("old")
    state = victim.prefix / "conda-meta/.pixi-environment-fingerprint"
    with state.open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


@pytest.mark.parametrize(
    ("moment", "name"),
    [
        ("fetch", "SIGINT"),
        ("fetch", "SIGTERM"),
        ("link", "SIGINT"),
        ("link", "SIGTERM"),
    ],
)
def test_a_change_that_is_told_to_end_leaves_all_as_it_was(
    victim: Victim, moment: str, name: str
) -> None:
    victim.back_to("old")
    before = _contents(victim)

    answer = _end(_start(victim, "support.signalled", moment, name, "add", "app"))

    assert (answer.code, answer.out) == (CODES[name], "")
    assert f"add {UNDONE}" in answer.err
    assert _contents(victim) == before
    assert_whole(victim.prefix)
    operation = read_operations(victim.root)[0]
    assert (operation.state, operation.error) == ("cancelled", f"add app {UNDONE}")


def test_a_second_signal_waits_for_the_undoing_of_the_first(victim: Victim) -> None:
    victim.back_to("new")
    before = _contents(victim)

    # sent once for the change, and once more for that which undoes it
    answer = _end(
        _start(victim, "support.signalled", "link", "SIGINT", "remove", "app")
    )

    assert answer.code == 130
    assert "once more ends it at once" in answer.err
    assert _contents(victim) == before
    assert_whole(victim.prefix)


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        ("fetch", "nothing was changed"),
        ("link", "what it had begun to link is linked"),
    ],
)
def test_an_install_that_is_told_to_end_says_what_it_left(
    victim: Victim, moment: str, state: str
) -> None:
    victim.back_to("behind")
    before = _contents(victim)

    answer = _end(_start(victim, "support.signalled", moment, "SIGTERM", "install"))

    assert answer.code == 143
    assert answer.err.splitlines()[-1] == f"error: install was cancelled, {state}"
    assert (_contents(victim) == before) is (moment == "fetch")
    assert_whole(victim.prefix)


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_who_waits_says_for_whom_and_ends_when_told(
    victim: Victim, held: Any, name: str
) -> None:
    before = _contents(victim)
    child = _start(victim, "pixi_jupyter", "add", "app")
    assert child.stderr is not None
    line = child.stderr.readline()
    while "Waiting" not in line:
        line = child.stderr.readline()

    child.send_signal(getattr(signal, name))
    fcntl.flock(held, fcntl.LOCK_UN)
    answer = _end(child)

    assert "another process, perhaps pixi, 0 s" in line
    assert answer.code == CODES[name]
    assert f"add {UNDONE}" in answer.err
    assert _contents(victim) == before


def test_who_waits_for_a_process_that_is_killed_goes_on(
    victim: Victim, held: Any
) -> None:
    holder = _start(victim, "pixi_jupyter", "add", "app")
    assert holder.stderr is not None
    while "Waiting" not in holder.stderr.readline():
        pass
    waiter = _start(victim, "pixi_jupyter", "lock")
    assert waiter.stderr is not None
    line = waiter.stderr.readline()

    holder.kill()
    _end(holder)
    fcntl.flock(held, fcntl.LOCK_UN)
    answer = _end(waiter)

    assert f", pid {holder.pid}, since " in line
    assert line.endswith(", 0 s\n")
    assert answer.code == 0
    victim.heal()


def test_an_engine_that_is_told_to_end_answers_first(victim: Victim, held: Any) -> None:
    before = _contents(victim)
    caller = Caller("-m", "pixi_jupyter.engine")
    request = {"manifest": str(victim.root), "specs": ["app"]}
    caller.verb(1, "add", **request)
    waiting = caller.event("waiting")["event"]

    caller.process.send_signal(signal.SIGTERM)
    fcntl.flock(held, fcntl.LOCK_UN)
    error = caller.answer(1)["error"]
    code, _, log = caller.rest()
    caller.end()

    assert waiting["label"].startswith("another process, perhaps pixi, ")
    assert (error["code"], error["message"]) == (CANCELLED, f"add {UNDONE}")
    assert (code, log) == (143, "the engine leaves: it was told to end\n")
    assert _contents(victim) == before
