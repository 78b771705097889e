"""Tasks as a person runs them, in a real environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.commands import Answer


def test_a_task_runs_behind_those_it_needs_in_its_folder_and_variables(
    tasks: Path, process: Callable[..., Answer]
) -> None:
    answer = process("run", "two", MORE="of it")

    assert answer.code == 0
    assert answer.out == f"one\ntwo of it\n{tasks / 'sub'}\n"
    told = [x for x in answer.err.splitlines() if not x.startswith(("Fetch", "Solve"))]
    assert told[-5:] == [
        "one in default",
        "  $ echo one",
        "",
        "two in default",
        "  $ echo two $FOO && pwd",
    ]


def test_quiet_leaves_the_task_alone_with_its_output(
    tasks: Path, process: Callable[..., Answer]
) -> None:
    answer = process("run", "-q", "greet", "Ada")

    assert (answer.code, answer.out, answer.err) == (0, "hello Ada\n", "")


def test_a_task_that_only_one_environment_has_runs_there(
    tasks: Path, process: Callable[..., Answer]
) -> None:
    process("run", "-q", "one")

    assert process("run", "-q", "only").out == "in test\n"


def test_the_exit_code_is_the_tasks_own_and_nothing_runs_behind_a_failure(
    tasks: Path, process: Callable[..., Answer]
) -> None:
    answer = process("run", "behind")

    assert (answer.code, answer.out) == (7, "")


def test_a_task_that_a_signal_ends_says_so_in_its_exit_code(
    tasks: Path, process: Callable[..., Answer]
) -> None:
    assert process("run", "dies").code == 137


def test_a_missing_program_lists_the_tasks(
    tasks: Path, process: Callable[..., Answer]
) -> None:
    answer = process("run", "missing")

    assert answer.code == 127
    assert "Tasks that can be run:\n" in answer.err
    assert "\n  greet\n" in answer.err


def test_a_folder_that_is_not_there_is_named(
    tasks: Path, process: Callable[..., Answer]
) -> None:
    answer = process("run", "elsewhere")

    assert answer.code == 1
    assert f"the folder of task elsewhere is not there: {tasks}/nowhere" in answer.err


def test_a_dry_run_runs_nothing(tasks: Path, process: Callable[..., Answer]) -> None:
    answer = process("run", "-n", "two")

    assert (answer.code, answer.out) == (0, "")
    assert "  $ echo two $FOO && pwd" in answer.err
    assert not (tasks / ".pixi" / "envs").exists()


def test_without_words_the_tasks_are_listed(
    tasks: Path, process: Callable[..., Answer]
) -> None:
    answer = process("run")

    assert answer.code == 0
    assert "greet" in answer.out


def test_one_text_with_shell_syntax_is_for_the_shell(
    tasks: Path, process: Callable[..., Answer]
) -> None:
    answer = process("run", "echo $PIXI_PROJECT_NAME | cat && echo a")

    assert (answer.code, answer.out) == (0, "study\na\n")


def test_words_mean_themselves(tasks: Path, process: Callable[..., Answer]) -> None:
    assert process("run", "echo", "$HOME;", "*").out == "$HOME; *\n"


def test_a_task_with_unchanged_files_is_not_run_again(
    tasks: Path, process: Callable[..., Answer]
) -> None:
    Path("in.txt").write_text("1")
    process("run", "copy")

    again = process("run", "copy")
    Path("in.txt").write_text("2")
    changed = process("run", "copy")

    assert "copy in default is up to date, not run" in again.err
    assert "$ cp in.txt out.txt" in changed.err
    assert Path("out.txt").read_text() == "2"


def test_jobs_run_side_by_side_with_their_names_in_front(
    tasks: Path, process: Callable[..., Answer]
) -> None:
    process("run", "-q", "one")
    began = time.monotonic()

    answer = process("run", "-q", "-j", "2", "side")

    assert time.monotonic() - began < 1.3
    assert sorted(answer.out.splitlines()) == [
        "slow-one | first",
        "slow-two | second",
    ]


def test_output_is_whole_and_nobody_minds_a_reader_who_leaves(
    tasks: Path, process: Callable[..., Answer]
) -> None:
    whole = process("run", "-q", "much")
    left = subprocess.run(
        ["sh", "-c", '"$0" -m pixi_jupyter run -q much | head -n 1', sys.executable],
        capture_output=True,
        timeout=30,
        check=False,
    )

    assert whole.out.count("\n") == 20001
    assert left.stdout == b"x" * 79 + b"\n"
    assert b"pixi_jupyter" not in left.stderr


def test_bytes_that_are_no_text_come_through(
    tasks: Path, started: Callable[..., subprocess.Popen[bytes]]
) -> None:
    assert started("run", "-q", "odd").communicate()[0] == b"caf\xe9"


def test_a_run_is_recorded_as_it_ended(
    tasks: Path, process: Callable[..., Answer]
) -> None:
    process("run", "fails")

    folder = tasks / ".pixi" / "operations"
    newest = max(folder.glob("*.json"), key=os.path.getmtime)
    record = json.loads(newest.read_text())
    assert record["state"] == "failed"
    assert record["error"] == "fails failed with exit code 7"
