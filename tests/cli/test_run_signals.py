"""Signals, terminals and shells: who gets a Ctrl-C, and what is left of a tree."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

import psutil
import pytest
from support.running import PIXI, descendants, living
from support.terminals import TypedInto

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from support.commands import Answer


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_a_signal_ends_the_whole_tree(
    started: Callable[..., subprocess.Popen[bytes]], name: str
) -> None:
    run = started("run", "wait")
    tree = descendants(run.pid, least=5)

    run.send_signal(getattr(signal, name))

    assert run.wait(10) == -getattr(signal, name)
    assert not living(tree)


def test_the_tree_ends_where_we_are_killed(
    started: Callable[..., subprocess.Popen[bytes]],
) -> None:
    run = started("run", "wait")
    tree = descendants(run.pid, least=5)

    run.kill()

    assert not psutil.wait_procs(tree, timeout=10)[1]


@pytest.mark.slow
def test_a_task_that_does_not_listen_is_killed(
    started: Callable[..., subprocess.Popen[bytes]],
) -> None:
    run = started("run", "deaf")
    assert run.stdout
    assert run.stdout.readline() == b"up\n"
    tree = descendants(run.pid, least=3)

    run.terminate()

    assert run.wait(15) == 137
    assert not living(tree)


def test_ctrl_c_belongs_to_the_program_and_ctrl_z_to_the_shell(tasks: Path) -> None:
    shell = TypedInto(["bash", "--norc", "-i"], tasks, PS1="PROMPT> ")
    shell.expect("PROMPT> ")
    shell.type(f"{sys.executable} -m pixi_jupyter run -q repl\n")
    shell.expect(">>> ")
    shell.type("\x03")
    shell.expect("KeyboardInterrupt")
    shell.expect(">>> ")
    shell.type("\x1a")
    shell.expect("PROMPT> ")
    shell.type("fg\n")
    shell.expect("run -q repl")
    shell.type("print(6 * 7)\n")
    shell.expect("42")
    shell.type("exit(3)\n")
    shell.expect("PROMPT> ")
    shell.type("echo code $?; exit\n")
    shell.expect("code 3")

    assert shell.end() == 0


def test_ctrl_c_ends_a_loop_of_the_shell_as_well(tasks: Path) -> None:
    shell = TypedInto(["bash", "--norc", "-i"], tasks, PS1="PROMPT> ")
    shell.expect("PROMPT> ")
    command = f"{sys.executable} -m pixi_jupyter run -q tick"
    shell.type(f"for i in 1 2 3; do {command}; done\n")
    shell.expect("tick\r\n")
    shell.type("\x03")
    shell.expect("PROMPT> ")
    shell.type("echo code $?; exit\n")
    shell.expect("code 130")

    assert shell.end() == 0


def test_a_shell_is_activated_behind_its_own_settings(
    tasks: Path, home: Path, process: Callable[..., Answer]
) -> None:
    process("install")
    (home / ".bashrc").write_text("PATH=/usr/bin:/bin\nPS1='$ '\n")
    shell = TypedInto([*PIXI, "shell"], tasks, SHELL="/bin/bash")
    try:
        shell.expect("(study) $ ")
        shell.type("echo first ${PATH%%:*}\n")
        shell.expect(f"first {tasks}/.pixi/envs/default/bin")
        shell.type("exit 5\n")
        code = shell.end()
    finally:
        (home / ".bashrc").unlink()

    assert code == 5


def test_a_shell_without_a_terminal_is_refused(
    tasks: Path, process: Callable[..., Answer]
) -> None:
    answer = process("shell")

    assert answer.code == 2
    assert "a shell needs a terminal" in answer.err
