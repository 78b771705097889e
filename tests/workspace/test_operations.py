"""What runs in a workspace is seen by all, and costs those nothing who do nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from support.installs import ROOT
from support.study import make_study

from pixi_jupyter.commands.registry import load
from pixi_jupyter.errors import PackageNotFoundError
from pixi_jupyter.events import Event, Operation
from pixi_jupyter.install.filelock import FileLock
from pixi_jupyter.workspace.operations import (
    NO_WORD,
    OperationRecord,
    log_path,
    operations_folder,
    read_operations,
    record_path,
    sweep_operations,
    write_record,
)
from pixi_jupyter.workspace.recorder import Recorder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

RUNNER = """
import sys, time
from pathlib import Path
from pixi_jupyter.events import Event
from pixi_jupyter.workspace.operations import record_path
from pixi_jupyter.workspace.recorder import Recorder

root = Path(sys.argv[1])
recorder = Recorder("1-2-3", verb="add", what="add app", find_root=lambda: root,
                    began=time.monotonic())
recorder.hear(Event(operation="1-2-3", phase=sys.argv[2], label="a, pid 7", done=1,
                    total=4, unit="packages"))
while not record_path(root, "1-2-3").exists():
    time.sleep(0.001)
print("told", flush=True)
sys.stdin.readline()
recorder.end("succeeded")
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return make_study(tmp_path)


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    """Start another process that is in some phase."""
    children: list[subprocess.Popen[str]] = []

    def start(phase: str) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [sys.executable, "-c", RUNNER, str(tmp_path), phase],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        children.append(child)
        assert child.stdout is not None
        assert child.stdout.readline() == "told\n"
        return child

    yield start
    for child in children:
        child.kill()
        child.communicate()


async def run(verb: str, root: Path, **request: Any) -> Any:
    function, request_class = load(verb)
    return await function(
        request_class.from_wire({"manifest": str(root), **request}), Operation()
    )


def ended(root: Path, number: int, **fields: Any) -> OperationRecord:
    operations_folder(root).mkdir(parents=True, exist_ok=True)
    record = OperationRecord(
        id=f"{number:x}-1-1",
        verb="add",
        what=f"add p{number}",
        started=f"2026-01-01T00:00:{number:02}.000+00:00",
    )
    record = replace(record.over("succeeded", None), **fields)
    write_record(root, record)
    log_path(root, record.id).touch()
    return record


async def test_a_verb_that_did_something_is_remembered_with_its_events(
    study: Path,
) -> None:
    await run("add", study, specs=["app"])

    (record,) = read_operations(study)
    lines = log_path(study, record.id).read_text().splitlines()
    phases = [json.loads(line)["phase"] for line in lines]
    assert (record.verb, record.what, record.state) == ("add", "add app", "succeeded")
    assert record.pid == os.getpid()
    assert record.age_seconds is not None
    assert record.age_seconds > 0
    assert {"solve", "link"} <= set(phases)
    assert (study / ".pixi/.gitignore").exists()


async def test_a_verb_that_found_nothing_to_do_writes_nothing(study: Path) -> None:
    await run("install", study)
    before = read_operations(study)

    await run("install", study)

    assert read_operations(study) == before


async def test_a_verb_that_failed_is_remembered_with_its_reason(study: Path) -> None:
    with pytest.raises(PackageNotFoundError) as caught:
        await run("add", study, specs=["nope"])

    (record,) = read_operations(study)
    assert (record.state, record.error) == ("failed", caught.value.message)


@pytest.mark.parametrize(
    ("phase", "state"), [("fetch", "running"), ("waiting", "waiting")]
)
def test_what_another_process_does_is_seen_while_it_does_it(
    tmp_path: Path,
    other: Callable[[str], subprocess.Popen[str]],
    phase: str,
    state: str,
) -> None:
    child = other(phase)

    (during,) = read_operations(tmp_path)
    while during.phase != phase:  # its own thread writes it, a moment later
        (during,) = read_operations(tmp_path)
    child.communicate("\n")
    (after,) = read_operations(tmp_path)

    assert (during.state, during.phase, during.pid) == (state, phase, child.pid)
    assert (during.label, during.done, during.total) == ("a, pid 7", 1, 4)
    assert (after.state, after.error) == ("succeeded", None)


def test_a_process_that_was_killed_has_ended_without_a_word(
    tmp_path: Path, other: Callable[[str], subprocess.Popen[str]]
) -> None:
    child = other("link")
    child.send_signal(signal.SIGKILL)
    child.wait()

    (read,) = read_operations(tmp_path)
    written = json.loads(record_path(tmp_path, read.id).read_bytes())
    sweep_operations(tmp_path)
    swept = json.loads(record_path(tmp_path, read.id).read_bytes())

    assert (read.state, read.error) == ("failed", NO_WORD)
    assert written["state"] == "running"  # to read changes nothing
    assert swept["state"] == "failed"


def test_an_id_that_another_process_has_by_now_keeps_nobody_alive(
    tmp_path: Path,
) -> None:
    record = ended(tmp_path, 1, state="running", process_start="1", ended=None)
    log_path(tmp_path, record.id).unlink()

    assert read_operations(tmp_path)[0].error == NO_WORD


def test_of_what_has_ended_the_newest_stay(tmp_path: Path) -> None:
    for number in range(8):
        ended(tmp_path, number)

    removed = sweep_operations(tmp_path, keep=3)

    left = [each.what for each in read_operations(tmp_path)]
    assert left == ["add p7", "add p6", "add p5"]
    assert len(removed) == 10
    assert not any(path.exists() for path in removed)


def test_a_dry_sweep_names_what_would_go_and_removes_nothing(tmp_path: Path) -> None:
    ended(tmp_path, 1)

    removed = sweep_operations(tmp_path, keep=0, dry_run=True)

    assert removed == [
        record_path(tmp_path, "1-1-1"),
        log_path(tmp_path, "1-1-1"),
    ]
    assert all(path.exists() for path in removed)


def test_what_runs_is_never_swept_nor_what_is_about_to(
    tmp_path: Path, other: Callable[[str], subprocess.Popen[str]]
) -> None:
    other("fetch")
    begun = FileLock(log_path(tmp_path, "4-4-4"))
    assert begun.acquire()

    removed = sweep_operations(tmp_path, keep=0)
    begun.release()

    assert removed == []
    assert sweep_operations(tmp_path, keep=0) == [log_path(tmp_path, "4-4-4")]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '"x"',
        '{"format": 2}',
        '{"format": 1}',
        '{"format": 1, "id": "1-1-1", "verb": 1, "what": 1, "new": 1}',
        '{"format": 1, "id": "1-1-1", "verb": "", "what": "", "pid": "x"}',
        '{"format": 1, "id": "../up", "verb": "", "what": ""}',
        "[" * 100_000,
    ],
    ids=range(10),
)
def test_a_file_that_says_nothing_is_passed_over_and_swept(
    tmp_path: Path, content: str
) -> None:
    ended(tmp_path, 1)
    record_path(tmp_path, "1-1-1").write_text(content)

    assert read_operations(tmp_path) == ()
    sweep_operations(tmp_path)
    assert list(operations_folder(tmp_path).iterdir()) == []


def test_no_folder_is_no_operation(tmp_path: Path) -> None:
    assert read_operations(tmp_path) == ()
    assert sweep_operations(tmp_path) == []


async def test_where_nothing_can_be_written_the_verb_does_its_work(
    study: Path,
) -> None:
    (study / ".pixi").mkdir()
    (study / ".pixi" / "operations").write_text("a file is in the way")

    await run("add", study, specs=["app"])

    assert (study / ".pixi/envs/default/share/app.txt").exists()
    assert read_operations(study) == ()


def test_many_threads_may_speak_at_once_and_none_waits_for_the_disk(
    tmp_path: Path,
) -> None:
    disk = threading.Event()

    def find_root() -> Path:
        assert disk.wait(20)
        return tmp_path

    recorder = Recorder("1-1-1", verb="add", what="add", find_root=find_root, began=0.0)

    def speak(name: int) -> None:
        for number in range(200):
            recorder.hear(Event(operation=str(name), phase="link", done=number))

    threads = [threading.Thread(target=speak, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    silent = not operations_folder(tmp_path).exists()
    disk.set()
    recorder.end("succeeded")

    (record,) = read_operations(tmp_path)
    lines = log_path(tmp_path, record.id).read_text().splitlines()
    assert silent
    assert (record.phase, record.state) == ("link", "succeeded")
    assert len(lines) == 8  # one for each, and then one a second


def test_a_clock_that_was_set_makes_no_time_negative(tmp_path: Path) -> None:
    record = ended(tmp_path, 1, state="running", ended=None, seconds=None)
    future = replace(record, started="2999-01-01T00:00:00.000+00:00")

    assert future.age_seconds is None or future.age_seconds >= 0
    assert replace(future, clock=future.clock + 1e6).age_seconds in (None, 0.0)
    assert replace(future, boot="another").age_seconds is None


async def test_the_verb_lists_them_for_faces(study: Path) -> None:
    await run("add", study, specs=["app"])
    await run("remove", study, names=["app"])
    from pixi_jupyter.verbs.operations import OperationsRequest, operations

    request = OperationsRequest(manifest=study, limit=1)
    result = await operations(request, Operation())
    running = await operations(replace(request, running=True), Operation())

    (listed,) = result.to_json()
    assert (listed["what"], listed["state"]) == ("remove app", "succeeded")
    assert json.loads(json.dumps(listed)) == listed
    assert running.to_json() == []
