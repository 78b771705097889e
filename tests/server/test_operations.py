from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import TYPE_CHECKING

import psutil
import pytest
from support.asked import OVER, Asked, fits, write_workspace
from support.registry import Slow

from pixi_jupyter.server.events import OUTPUT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.registry import MockChannel

pytest_plugins = ["pytest_jupyter.jupyter_server"]

unix_only = pytest.mark.skipif(sys.platform == "win32", reason="signals of unix")

TASKS = """\
[tasks]
before = "echo before"
say = { cmd = "echo one && echo two", depends-on = ["before"] }
fail = "exit 3"

[tasks.hold]
cmd = "echo held && sleep 600"
"""


@pytest.fixture
def slow(
    mock_channel: Callable[..., MockChannel], jp_root_dir: Path
) -> tuple[Slow, Callable[..., Path]]:
    """Packages that come only when a test lets them; and what makes workspaces."""
    channel = mock_channel({"name": "base"}, {"name": "tool"})
    hang = channel.faults.put("*.conda", Slow())

    def write(name: str) -> Path:
        return write_workspace(jp_root_dir / name, channel.url, "base")

    return hang, write


def until_reached(hang: Slow, server: Asked) -> None:
    """Wait until a package is asked for, while the server goes on."""
    server.run(_reached(hang))


async def _reached(hang: Slow) -> None:
    assert await asyncio.to_thread(hang.reached.wait, 30)


def states(server: Asked, operation: str) -> list[str]:
    """Give the states of an operation as the events told them, each once."""
    told = [each["state"] for each in server.of(operation)]
    return [x for n, x in enumerate(told) if n == 0 or told[n - 1] != x]


def test_an_operation_is_told_from_its_start_to_its_end(
    server: Asked, study: Path
) -> None:
    found = server.done("install", "study")

    told = server.of(found["id"])
    assert states(server, found["id"]) == ["queued", "running", "succeeded"]
    assert told[-1]["seconds"] > 0
    for each in told:
        fits("Operation", {key: each[key] for key in each if key != "tasks"})
    (environment,) = server.get("environments", "study")["environments"]
    assert (environment["state"], environment["operation"]) == ("installed", None)
    assert study.parent.joinpath(".pixi/envs/default/share/app.txt").is_file()


def test_a_workspace_has_a_queue_and_another_one_goes_on(
    server: Asked, slow: tuple[Slow, Callable[..., Path]]
) -> None:
    hang, write = slow
    write("one"), write("two")
    first = server.start("install", "one")
    until_reached(hang, server)
    second = server.start("add", "one", specs=["tool"])
    other = server.start("lock", "two")

    server.until(lambda: [x for x in server.of(other) if x["state"] in OVER])
    waiting = server.get(f"operations/{second}", "one")
    (environment,) = server.get("environments", "one")["environments"]
    hang.release()
    ended = [server.end(each, "one")["state"] for each in (first, second)]

    assert waiting["state"] == "queued"
    assert (environment["state"], environment["operation"]) == ("installing", first)
    assert ended == ["succeeded", "succeeded"]
    assert states(server, second)[0] == "queued"


def test_cancelled_while_it_waits_it_never_begins(
    server: Asked, slow: tuple[Slow, Callable[..., Path]]
) -> None:
    hang, write = slow
    manifest = write("one")
    first = server.start("install", "one")
    until_reached(hang, server)
    second = server.start("add", "one", specs=["tool"])

    status, _ = server.cancel(second)
    found = server.end(second)
    hang.release()

    assert (status, found["state"]) == (202, "cancelled")
    assert "before it began" in found["error"]["message"]
    assert server.end(first, "one")["state"] == "succeeded"
    assert "tool" not in manifest.read_text()


def test_cancelled_while_it_runs_it_puts_things_in_order(
    server: Asked, slow: tuple[Slow, Callable[..., Path]]
) -> None:
    hang, write = slow
    manifest = write("one")
    before = manifest.read_text()
    operation = server.start("add", "one", specs=["tool"])
    until_reached(hang, server)

    server.cancel(operation)
    found = server.end(operation, "one")
    hang.release()

    assert found["state"] == "cancelled"
    assert found["error"]["code"] == "cancelled"
    assert manifest.read_text() == before
    assert not (manifest.parent / ".pixi" / "envs" / "default" / "share").exists()


@pytest.mark.parametrize(
    "settings", [{"PixiJupyter": {"max_operations": 1}}], ids=["at most one"]
)
def test_no_more_run_at_once_than_is_configured(
    server: Asked, slow: tuple[Slow, Callable[..., Path]]
) -> None:
    hang, write = slow
    write("one"), write("two")
    first = server.start("install", "one")
    until_reached(hang, server)

    second = server.start("lock", "two")
    waiting = server.get(f"operations/{second}", "two")["state"]
    hang.release()

    assert waiting == "queued"
    assert server.end(second, "two")["state"] == "succeeded"
    assert server.end(first, "one")["state"] == "succeeded"


@unix_only
def test_an_engine_that_is_killed_is_told_and_the_next_one_works(
    server: Asked, slow: tuple[Slow, Callable[..., Path]]
) -> None:
    hang, write = slow
    write("one")
    operation = server.start("install", "one")
    until_reached(hang, server)
    (client,) = server.desk.pool._working
    assert client.pid is not None

    os.kill(client.pid, signal.SIGKILL)
    found = server.end(operation, "one")
    hang.release()

    assert (found["state"], found["error"]["code"]) == ("failed", "engine-ended")
    assert "The engine stopped while it was at install" in found["error"]["message"]
    assert server.done("install", "one")["error"] is None


@unix_only
def test_a_reader_that_is_killed_is_replaced(server: Asked, study: Path) -> None:
    server.get("environments", "study")
    first = server.desk.pool._reader.pid
    assert first is not None

    os.kill(first, signal.SIGKILL)
    study.write_text(study.read_text() + "# changed\n")
    found = server.get("environments", "study")["environments"]

    assert [each["name"] for each in found] == ["default"]
    assert server.desk.pool._reader.pid != first


@unix_only
def test_the_end_of_the_server_leaves_nothing_running(
    server: Asked,
    slow: tuple[Slow, Callable[..., Path]],
    jp_root_dir: Path,
    channel: str,
) -> None:
    hang, write = slow
    write("one")
    write_workspace(jp_root_dir / "study", channel, more=TASKS)
    holding = server.start("run", "study", command=["hold"])
    server.until(lambda: server.of(holding, OUTPUT))
    server.start("install", "one")
    until_reached(hang, server)
    queued = server.start("lock", "one")
    server.get("environments", "study")
    children = psutil.Process().children(recursive=True)
    assert len(children) >= 4

    server.run(server.desk.close())

    hang.release()
    _, alive = psutil.wait_procs(children, timeout=5)
    assert alive == []
    assert server.of(queued)[-1]["state"] == "cancelled"
    assert psutil.Process().children(recursive=True) == []


def test_what_a_task_says_arrives_and_is_there_after_a_reload(
    server: Asked, jp_root_dir: Path, channel: str
) -> None:
    write_workspace(jp_root_dir / "study", channel, more=TASKS)

    found = server.done("run", "study", command=["say"])

    lines = [line for x in server.of(found["id"], OUTPUT) for line in x["lines"]]
    assert [x["text"] for x in lines if x["level"] == "output"] == [
        "before", "one", "two",
    ]  # fmt: skip
    assert [(x["task"], x["state"]) for x in found["tasks"]] == [
        ("before", "succeeded"),
        ("say", "succeeded"),
    ]
    assert found["log"] == lines
    assert [x["number"] for x in lines] == list(range(len(lines)))
    assert [x["state"] for x in server.of(found["id"])[-1]["tasks"]] == [
        "succeeded"
    ] * 2


def test_a_page_that_is_loaded_in_the_middle_finds_everything(
    server: Asked, jp_root_dir: Path, channel: str
) -> None:
    write_workspace(jp_root_dir / "study", channel, more=TASKS)
    operation = server.start("run", "study", command=["hold"])
    server.until(
        lambda: any(
            line["text"] == "held"
            for event in server.of(operation, OUTPUT)
            for line in event["lines"]
        )
    )

    listed = server.get("operations", "study")["operations"]
    found = server.get(f"operations/{operation}", "study")
    server.cancel(operation)

    assert [each["id"] for each in listed] == [operation]
    assert (found["state"], found["can_cancel"]) == ("running", True)
    assert "held" in [line["text"] for line in found["log"]]
    assert [(x["task"], x["state"]) for x in found["tasks"]] == [("hold", "running")]
    assert server.end(operation)["state"] == "cancelled"


def test_a_task_that_fails_and_what_is_no_task_are_told(
    server: Asked, jp_root_dir: Path, channel: str
) -> None:
    write_workspace(jp_root_dir / "study", channel, more=TASKS)

    failed = server.end(server.start("run", "study", command=["fail"]), "study")
    program = server.end(server.start("run", "study", command=["ls", "-l"]), "study")

    assert (failed["state"], failed["result"]["exit_code"]) == ("failed", 3)
    assert (program["state"], program["error"]["code"]) == ("failed", "unknown-task")
    assert program["result"] is None
    assert "before, fail, hold, say" in "".join(program["error"]["details"])
