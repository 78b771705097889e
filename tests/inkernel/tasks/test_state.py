from __future__ import annotations

from typing import Any

from pixi_jupyter.inkernel.failures import CANCELLED, CallError
from pixi_jupyter.inkernel.tasks import page
from pixi_jupyter.inkernel.tasks.state import Run


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def node(number: int, task: str, state: str, **more: Any) -> dict[str, Any]:
    data = {"node": number, "task": task, "command": f"do {task}", "state": state}
    return {
        "phase": "task",
        "level": "progress",
        "state": "running",
        "data": {**data, **more},
    }


def output(number: int, text: str, stream: str = "stdout") -> dict[str, Any]:
    data = {"node": number, "stream": stream}
    return {"phase": "output", "level": "output", "label": text, "data": data}


def text_of(run: Run) -> str:
    return "\n".join(run.log.piece(number) for number in run.log.pieces)


TASK: dict[str, Any] = {"name": "test", "description": "", "before": ["build"]}


def begun(clock: Clock) -> Run:
    run = Run("test", clock)
    run.take(node(0, "build", "waiting"))
    run.take(node(1, "test", "waiting"))
    run.take(node(0, "build", "running"))
    return run


def test_a_task_waits_for_the_one_before_it_and_then_counts_its_time() -> None:
    clock = Clock()
    run = begun(clock)

    waiting = page.state_of(run), page.words(TASK, run)
    run.take(node(0, "build", "succeeded", exit_code=0, seconds=3.1))
    run.take(node(1, "test", "running"))
    clock.now += 72
    running = page.state_of(run), page.words(TASK, run)

    assert waiting == ("waiting", "waits for build")
    assert running == ("running", "1:12")
    assert "3.1 s" in page.chain(run)


def test_the_end_is_told_by_the_answer() -> None:
    ends = {
        "succeeded": (0, "2.5 s"),
        "failed": (3, "exit 3"),
        "cached": (0, "unchanged"),
    }
    for state, (code, words) in ends.items():
        clock = Clock()
        run = Run("test", clock)
        clock.now += 2.5
        data = node(0, "test", state, exit_code=code)["data"]

        run.end({"exit_code": code, "data": {"tasks": [data], "log": "/w/log"}})

        assert (run.state, page.words(TASK, run)) == (state, words)
        assert (run.is_over, run.path) == (True, "/w/log")


def test_a_signal_and_a_refusal_are_no_exit_codes() -> None:
    killed, refused = Run("test"), Run("test")

    killed.end({"exit_code": -9, "data": {}})
    refused.fail(CallError("No task `tset`", 0, {"hints": ["{command} tasks"]}))

    assert page.words(TASK, killed) == "signal 9"
    assert page.words(TASK, refused) == "could not run"
    assert "No task `tset`" in text_of(refused)
    assert "hint: %pixi tasks" in text_of(refused)


def test_what_was_cancelled_says_so_and_what_had_not_begun_is_left_out() -> None:
    run = begun(Clock())

    run.fail(CallError("run was cancelled", CANCELLED))

    assert page.words(TASK, run) == run.state == "cancelled"
    assert [step.state for step in run.steps] == ["cancelled", "skipped"]


def test_each_command_stands_before_what_it_says() -> None:
    run = begun(Clock())

    run.take(output(0, "built\n"))
    run.take(node(1, "test", "running"))
    run.take(node(1, "test", "running"))
    run.take(output(1, "no newline", "stderr"))
    run.end({"exit_code": 0, "data": {"tasks": []}})

    quiet = '<span class="pjk-quiet">$ do %s</span>'
    expected = [quiet % "build", "built", quiet % "test", "no newline"]
    assert text_of(run).split("\n") == expected


def test_what_is_installed_before_is_told_until_something_runs() -> None:
    run = Run("test", Clock())
    fetch = {"phase": "fetch", "state": "running", "done": 1, "total": 2}

    run.take({**fetch, "level": "progress"})
    installing = page.words(TASK, run)
    run.take(node(0, "test", "running"))

    assert installing == "Download 1 of 2"
    assert page.words(TASK, run) == "0:00"


def test_a_page_says_where_all_lines_are_once_some_are_not_shown() -> None:
    run = Run("test")
    run.take(output(0, "line\n" * 12_000))

    run.end({"exit_code": 0, "data": {"tasks": [], "log": "/w/<log>"}})

    assert "The last 10,000 of 12,000 lines" in page.whole(run)
    assert "/w/&lt;log&gt;" in page.whole(run)


def test_names_and_descriptions_cannot_become_a_part_of_the_page() -> None:
    bad = "<img src=x onerror='a()'>\""
    task = {"name": bad, "description": bad, "before": [bad], "command": bad}
    run = Run(bad)
    run.take(node(0, bad, "running"))
    run.take(node(1, bad, "waiting"))

    pages = [page.row(task, None), page.row(task, run), page.chain(run)]
    pages += [page.head({"workspace": bad, "tasks": [task]}), page.command(bad)]
    pages += [page.refusal([bad]), page.hint({"name": bad, "choices": [bad, bad]})]

    assert not any("<img" in each or "onerror='" in each for each in pages)
