"""Locks between processes and tasks, and what those who wait are told."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from pixi_jupyter.errors import LinkError, PrefixBusyError, WorkspaceBusyError
from pixi_jupyter.events import Event, Operation
from pixi_jupyter.install.locks import (
    holder_of,
    is_alive,
    prefix_lock,
    workspace_lock,
)
from pixi_jupyter.install.state import STATE_FILE, read_state, write_state

HOLDER = """
import asyncio, sys
from pathlib import Path
from pixi_jupyter.events import Operation
from pixi_jupyter.install.locks import prefix_lock

async def main():
    async with prefix_lock(Path(sys.argv[1]), Operation(), what="a test"):
        print("held", flush=True)
        sys.stdin.readline()

asyncio.run(main())
"""

FLOCK = """
import fcntl, sys
file = open(sys.argv[1], "r+b")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.readline()
"""


def _start(code: str, argument: Path) -> subprocess.Popen[str]:
    root = str(Path(__file__).parent.parent.parent)
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(argument)],
        env={**os.environ, "PYTHONPATH": root},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    return child


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    return tmp_path / "envs" / "default"


@pytest.fixture
def events() -> list[Event]:
    return []


@pytest.fixture
def operation(events: list[Event]) -> Operation:
    return Operation(events.append)


async def test_the_lock_is_pixis_file_and_keeps_its_content(
    prefix: Path, operation: Operation
) -> None:
    (prefix / "conda-meta").mkdir(parents=True)
    write_state(prefix, "0123456789abcdef")

    async with prefix_lock(prefix, operation, what="test"):
        with pytest.raises(PrefixBusyError):
            async with prefix_lock(prefix, operation, what="test", timeout_seconds=0):
                pass
        assert read_state(prefix) == "0123456789abcdef"

    assert read_state(prefix) == "0123456789abcdef"
    assert _names(prefix / "conda-meta") == [STATE_FILE]


async def test_a_prefix_that_is_not_there_is_made_for_its_lock_and_goes_with_it(
    prefix: Path, operation: Operation
) -> None:
    async with prefix_lock(prefix, operation, what="test"):
        assert (prefix / "conda-meta" / STATE_FILE).read_bytes() == b""

    assert _names(prefix.parent) == []


async def test_a_prefix_that_was_used_under_its_first_lock_stays(
    prefix: Path, operation: Operation
) -> None:
    async with prefix_lock(prefix, operation, what="test"):
        (prefix / "bin").mkdir()

    assert _names(prefix) == ["bin", "conda-meta"]


async def test_who_waits_for_a_prefix_that_goes_makes_it_again(
    prefix: Path, operation: Operation, events: list[Event]
) -> None:
    async with prefix_lock(prefix, operation, what="the first"):
        second = asyncio.ensure_future(_hold(prefix, operation))
        await _until(events)

    await asyncio.wait_for(second, timeout=5)
    assert (prefix / "conda-meta" / STATE_FILE).exists()


async def test_a_second_task_waits_and_is_told_for_whom(
    prefix: Path, operation: Operation, events: list[Event]
) -> None:
    async with prefix_lock(prefix, operation, what="the first"):
        second = asyncio.ensure_future(_hold(prefix, operation))
        await _until(events)
        assert not second.done()
        assert events[0].phase == "waiting"
        assert f"the first, pid {os.getpid()}, since " in events[0].label

    await asyncio.wait_for(second, timeout=5)
    assert events[-1].state == "finished"


async def _until(events: list[Event]) -> None:
    while not events:  # noqa: ASYNC110  whoever waits speaks on this loop
        await asyncio.sleep(0)


async def _hold(prefix: Path, operation: Operation) -> None:
    async with prefix_lock(prefix, operation, what="the second"):
        pass


async def test_nobody_waits_longer_than_he_wants_to(
    prefix: Path, operation: Operation
) -> None:
    child = _start(HOLDER, prefix)

    with pytest.raises(PrefixBusyError) as caught:
        async with prefix_lock(prefix, operation, what="test", timeout_seconds=0):
            pass

    assert f"a test, pid {child.pid}" in caught.value.holder
    child.communicate("\n")


async def test_pixis_own_lock_is_respected(prefix: Path, operation: Operation) -> None:
    (prefix / "conda-meta").mkdir(parents=True)
    write_state(prefix, "0123456789abcdef")
    child = _start(FLOCK, prefix / "conda-meta" / STATE_FILE)

    with pytest.raises(PrefixBusyError) as caught:
        async with prefix_lock(prefix, operation, what="test", timeout_seconds=0):
            pass

    assert caught.value.holder == "another process, perhaps pixi"
    child.communicate("\n")


async def test_a_killed_holder_lets_go(prefix: Path, operation: Operation) -> None:
    child = _start(HOLDER, prefix)
    child.send_signal(signal.SIGKILL)
    child.communicate()

    async with prefix_lock(prefix, operation, what="test", timeout_seconds=0) as held:
        assert str(os.getpid()) in held.note.read_text()


async def test_a_cancelled_wait_leaves_the_lock_alone(
    prefix: Path, operation: Operation, events: list[Event]
) -> None:
    async with prefix_lock(prefix, operation, what="the first") as held:
        waiter = asyncio.ensure_future(_hold(prefix, operation))
        await _until(events)
        waiter.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiter
        assert held.lock.is_held
        assert held.note.exists()


async def test_an_error_inside_releases(prefix: Path, operation: Operation) -> None:
    with pytest.raises(ZeroDivisionError):
        async with prefix_lock(prefix, operation, what="test"):
            raise ZeroDivisionError

    async with prefix_lock(prefix, operation, what="test", timeout_seconds=0):
        pass


async def test_a_lock_that_is_kept_is_refused_to_this_process_and_to_others(
    prefix: Path, operation: Operation
) -> None:
    async with prefix_lock(prefix, operation, what="test") as held:
        held.keep()

    assert held.lock.is_held
    with pytest.raises(PrefixBusyError, match="after a change that failed"):
        async with prefix_lock(prefix, operation, what="test"):
            pass


async def test_a_lock_file_that_was_removed_guards_nothing(
    prefix: Path, operation: Operation
) -> None:
    async with prefix_lock(prefix, operation, what="test"):
        shutil.rmtree(prefix)
        async with prefix_lock(prefix, operation, what="test", timeout_seconds=0):
            assert (prefix / "conda-meta" / STATE_FILE).exists()


async def test_a_workspace_has_a_lock_of_its_own(
    tmp_path: Path, operation: Operation
) -> None:
    async with workspace_lock(tmp_path, operation, what="add"):
        async with prefix_lock(tmp_path / ".pixi/envs/a", operation, what="install"):
            pass
        with pytest.raises(WorkspaceBusyError, match="add, pid"):
            async with workspace_lock(
                tmp_path, operation, what="add", timeout_seconds=0
            ):
                pass

    async with workspace_lock(tmp_path, operation, what="add", timeout_seconds=0):
        pass


async def test_a_place_without_permission_is_named(
    tmp_path: Path, operation: Operation
) -> None:
    (tmp_path / "envs").write_text("a file")

    with pytest.raises(LinkError, match="envs"):
        async with prefix_lock(tmp_path / "envs" / "a", operation, what="test"):
            pass


NOTE = {"pid": os.getpid(), "host": socket.gethostname(), "since": 0, "what": "it"}


@pytest.mark.parametrize(
    "content",
    [None, "", "{", "[]", '"text"', '{"pid": 1}', json.dumps({**NOTE, "pid": "x"})],
    ids=["missing", "empty", "cut", "list", "text", "incomplete", "pid"],
)
def test_a_note_that_cannot_be_read_is_somebody(
    tmp_path: Path, content: str | None
) -> None:
    note = tmp_path / "note"
    if content is not None:
        note.write_text(content)

    assert holder_of(note) == "another process, perhaps pixi"


def test_a_note_of_a_dead_process_is_not_believed(tmp_path: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    note = tmp_path / "note"

    note.write_text(json.dumps({**NOTE, "pid": child.pid}))

    assert not is_alive(child.pid)
    assert holder_of(note) == "another process, perhaps pixi"


def test_a_note_from_another_machine_names_it(tmp_path: Path) -> None:
    note = tmp_path / "note"
    note.write_text(json.dumps({**NOTE, "host": "far.example"}))

    assert f"it, pid {os.getpid()} on far.example, since" in holder_of(note)


@pytest.mark.parametrize("since", [4e9, -1, 1e300, "nan", "inf", 0])
def test_a_clock_that_was_set_makes_no_nonsense_of_a_note(
    tmp_path: Path, since: object
) -> None:
    note = tmp_path / "note"
    note.write_text(json.dumps({**NOTE, "since": since}))

    told = holder_of(note)

    assert told.startswith(f"it, pid {os.getpid()}")
    assert re.fullmatch(
        r"(, since \d\d:\d\d:\d\d)?", told.partition(str(os.getpid()))[2]
    )


def test_a_process_id_that_is_none_is_nobodys(tmp_path: Path) -> None:
    assert not is_alive(10**30)


@pytest.fixture
def dead() -> int:
    """Give the id of a process that is gone."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


async def test_what_a_killed_process_began_to_write_is_cleared(
    prefix: Path, operation: Operation, dead: int
) -> None:
    meta = prefix / "conda-meta"
    meta.mkdir(parents=True)
    names = [f"pixi.{dead}.tmp", f"pixi.{os.getpid()}.tmp", "a-1.0-0.json", "tmp"]
    for name in names:
        (meta / name).touch()

    async with prefix_lock(prefix, operation, what="test"):
        pass

    assert _names(meta) == sorted([STATE_FILE, *names[1:]])
