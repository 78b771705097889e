"""Plans that run: order, failure, cancel, and what is told of it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pixi_jupyter.errors import CommandStartError
from pixi_jupyter.events import Event, Operation
from pixi_jupyter.tasks.models import Node, Plan, Task
from pixi_jupyter.tasks.output import OutputLog
from pixi_jupyter.tasks.process import Launch
from pixi_jupyter.tasks.run import Outcome, Prepared, Run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Scripts:
    """Runs each node as a text of sh; an alias is None, what is fresh is empty."""

    def __init__(self, texts: Mapping[str, str | None], cwd: Path) -> None:
        self._texts, self._cwd = texts, cwd
        self.remembered: list[str] = []

    async def prepare(self, node: Node) -> Prepared:
        text = self._texts[node.name]
        if not text:
            return Prepared(launch=None, command=text, is_fresh=text == "")
        words = ("/bin/sh", "-c", text) if text != "absent" else ("/absent",)
        launch = Launch(command=words, cwd=self._cwd, environ=dict(os.environ))
        return Prepared(launch=launch, command=text)

    async def succeeded(self, node: Node) -> None:
        self.remembered.append(node.name)


class Case:
    """One run and what it said."""

    def __init__(
        self,
        cwd: Path,
        texts: Mapping[str, str | None],
        needs: Mapping[str, Sequence[str]] | None = None,
        *,
        jobs: int = 1,
    ) -> None:
        names = list(texts)
        nodes = tuple(
            Node(
                number=number,
                task=Task(name=name, command=texts[name]),
                name=name,
                environment="default",
                needs=tuple(names.index(x) for x in (needs or {}).get(name, ())),
            )
            for number, name in enumerate(names)
        )
        self.events: list[Event] = []
        self.work = Scripts(texts, cwd)
        self.log = cwd / "kept" / "all.txt"
        self.run = Run(
            plan=Plan(nodes=nodes),
            work=self.work,
            operation=Operation(self.events.append),
            jobs=jobs,
            log=OutputLog(self.log),
        )

    def outcome(self) -> Outcome:
        return asyncio.run(self.run.run())

    @property
    def states(self) -> list[tuple[object, object]]:
        told = [each.data for each in self.events if each.phase == "task"]
        return [(data["task"], data["state"]) for data in told if data]

    def said(self, stream: str = "stdout") -> str:
        return "".join(
            each.label
            for each in self.events
            if each.level == "output" and (each.data or {}).get("stream") == stream
        )


def test_output_comes_as_events_and_is_kept(tmp_path: Path) -> None:
    case = Case(tmp_path, {"a": "printf 'é'; printf warn >&2"})

    outcome = case.outcome()

    assert (case.said(), case.said("stderr")) == ("é", "warn")
    assert outcome.log == case.log
    assert sorted(case.log.read_text()) == sorted("éwarn")
    assert case.work.remembered == ["a"]


def test_each_state_is_told_with_what_machines_need(tmp_path: Path) -> None:
    case = Case(tmp_path, {"a": "exit 3", "b": "true"}, {"b": ["a"]})

    outcome = case.outcome()

    assert outcome.exit_code == 3
    assert case.states == [
        ("a", "waiting"),
        ("b", "waiting"),
        ("a", "running"),
        ("a", "failed"),
        ("b", "skipped"),
    ]
    data = next(x.data for x in case.events if (x.data or {}).get("state") == "failed")
    assert data is not None
    assert (data["node"], data["exit_code"], data["command"]) == (0, 3, "exit 3")


def test_what_the_cache_knows_is_not_run(tmp_path: Path) -> None:
    case = Case(tmp_path, {"a": "", "all": None}, {"all": ["a"]})

    outcome = case.outcome()

    assert outcome.exit_code == 0
    assert [each.state for each in outcome.results] == ["cached", "succeeded"]
    assert case.work.remembered == []


def test_a_broken_character_between_two_pieces_is_put_together(tmp_path: Path) -> None:
    text = "printf '\\303'; sleep 0.2; printf '\\251 \\377'"

    case = Case(tmp_path, {"a": text})
    case.outcome()

    assert case.said() == "é �"


def test_the_first_failure_ends_the_others(tmp_path: Path) -> None:
    texts = {"long": "sleep 60", "bad": "sleep 0.2; exit 4", "all": None}
    case = Case(tmp_path, texts, {"all": ["long", "bad"]}, jobs=3)

    outcome = case.outcome()

    assert outcome.exit_code == 4
    assert [x.state for x in outcome.results] == ["cancelled", "failed", "skipped"]


def test_no_more_tasks_run_than_jobs(tmp_path: Path) -> None:
    names = "abcd"
    text = "mkdir one || exit 9; sleep 0.05; rmdir one"
    case = Case(tmp_path, dict.fromkeys(names, text))

    assert case.outcome().exit_code == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_cancel_ends_what_runs_and_tells_of_it(
    tmp_path: Path, number: signal.Signals
) -> None:
    texts = {"a": "echo up; sleep 60 & sleep 60; true", "b": "true"}
    case = Case(tmp_path, texts, {"b": ["a"]})

    async def cancelled() -> Outcome:
        up = asyncio.Event()
        loop = asyncio.get_running_loop()

        def report(event: Event) -> None:
            case.events.append(event)
            if event.level == "output":
                loop.call_soon_threadsafe(up.set)

        case.run.operation = Operation(report)
        task = asyncio.ensure_future(case.run.run())
        await asyncio.wait_for(up.wait(), 10)
        task.cancel(int(number))
        return await task

    outcome = asyncio.run(cancelled())

    assert outcome.signal_number == number
    assert outcome.exit_code == 128 + number
    assert [each.state for each in outcome.results] == ["cancelled", "cancelled"]


def test_a_program_that_cannot_start_is_an_error_of_ours(tmp_path: Path) -> None:
    case = Case(tmp_path, {"a": "absent"})

    with pytest.raises(CommandStartError, match="/absent"):
        case.outcome()

    assert case.states[-1] == ("a", "failed")


def test_a_program_left_behind_ends_with_its_task(tmp_path: Path) -> None:
    case = Case(tmp_path, {"a": "sleep 61 & echo $!"})

    assert case.outcome().exit_code == 0

    stat = Path(f"/proc/{case.said().strip()}/stat")
    assert not stat.exists() or ") Z " in stat.read_text()


def test_nobody_waits_for_a_daemon_that_holds_the_pipe(tmp_path: Path) -> None:
    code = "import os,time; os.fork() and os._exit(0); os.setsid(); time.sleep(3)"
    case = Case(tmp_path, {"a": f'echo up; {sys.executable} -c "{code}"'})

    outcome = case.outcome()

    assert case.said() == "up\n"
    seconds = outcome.results[0].seconds
    assert seconds is not None
    assert seconds < 2.5


def test_a_log_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("in the way")
    case = Case(tmp_path, {"a": "echo said"})

    outcome = case.outcome()

    assert (outcome.exit_code, outcome.log, case.said()) == (0, None, "said\n")
    warned = [each.label for each in case.events if each.level == "warning"]
    assert len(warned) == 1
    assert "is not whole" in warned[0]


def test_a_full_disk_ends_the_log_and_not_the_task(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    case = Case(tmp_path, {"a": "echo said"})
    case.log.parent.mkdir()
    case.log.symlink_to("/dev/full")

    outcome = case.outcome()

    assert (outcome.exit_code, case.said()) == (0, "said\n")
    assert any("No space left" in each.label for each in case.events)


def test_much_output_is_whole_and_comes_in_large_pieces(tmp_path: Path) -> None:
    case = Case(tmp_path, {"a": "head -c 20000000 /dev/zero | tr '\\\\0' x"})

    case.outcome()

    pieces = [each.label for each in case.events if each.level == "output"]
    assert sum(map(len, pieces)) == 20_000_000
    assert max(map(len, pieces)) <= 65536
    assert case.log.stat().st_size == 20_000_000


def test_a_slow_reader_makes_the_program_wait(tmp_path: Path) -> None:
    case = Case(tmp_path, {"a": "head -c 3000000 /dev/zero; touch written"})
    seen: list[bool] = []

    def report(event: Event) -> None:
        case.events.append(event)
        if event.level == "output" and not seen:
            # the pump's own thread, which may be held up
            os.system("sleep 0.3")  # noqa: S605  time for the program to run ahead
            seen.append((tmp_path / "written").exists())

    case.run.operation = Operation(report)
    case.outcome()

    assert seen == [False]
