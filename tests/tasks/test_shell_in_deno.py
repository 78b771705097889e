"""The task shell itself: nothing runs that the manifest does not say."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.task_texts import script

from pixi_jupyter.adapters.deno import find_deno
from pixi_jupyter.errors import ShellArgumentError

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name != "posix", reason="programs are scripts here")

COMMANDS: list[Any] = [
    "say {{ a }}",
    "say {{ a }}{{ b }} c",
    'say "{{ a }}" c',
    "say '{{ a }}' {{ b }}",
    "A={{ a }} say x",
    "A={{ a }}{{ b }}",
    "say x > out{{ a }} {{ b }}",
    "say x | say {{ a }} && say {{ b }}",
    "(say {{ a }}) ; say x",
    'say $(say {{ a }}) "$(say {{ b }})"',
    "say \\{{ a }} \\\\{{ b }}",
    "say {{ a }} # {{ b }}",
    "say {{ a }}\nsay {{ b }}",
    "say {{ a|upper }} {{ b[1:] }}",
    "! say ${{ a }} {{ b }}=",
    "say {{ a }}> out 2>&1",
    {"cmd": ["say", "{{ a }}", "--o={{ b }} c"]},
    {"cmd": "say x", "env": {"K": "{{ a }}", "L": "\\{{ b }}"}},
]
PASSING: list[Any] = [
    "say x",
    "say x\n",
    "say x > out",
    "say x # c",
    "say x;",
    "say x |",
    "(say x)",
    "say 'x",
    {"cmd": ["say", "x y"]},
]
MARKS = "; & | && || < > >> ( ) $ $( ` ' \" \\ # = ! * ? ~ { } [ ] 2> >&2 &> $? A="
EVIL = ("evil", "evil", "evil", "$(evil)", "`evil`", "$HOME", "a", "2", ":")
BLANKS = (" ", " ", "\n", "\r\n", "\t", "\u2028", "\u00a0", "\x0b", "\\\\")
PIECES = (*MARKS.split(), *EVIL, *BLANKS)
VALUES = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)


class Shell:
    """Runs texts where `say` is the only program that may be run."""

    def __init__(self, folder: Path) -> None:
        self.work, programs = folder / "work", folder / "bin"
        self.mark = folder / "mark"
        self.work.mkdir()
        programs.mkdir()
        for name, body in (("say", ":"), ("evil", f": > '{self.mark}'")):
            program = programs / name
            program.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
            program.chmod(0o755)
        self._configuration = folder / "deno.json"
        self._configuration.write_text("{}", encoding="utf-8")
        self._environ = {
            "PATH": str(programs),
            "HOME": str(self.work),
            "DENO_DIR": str(folder / "deno"),
        }

    def runs_more(self, text: str) -> bool:
        """Run a text; tell whether anything but `say` was run or looked for."""
        done = subprocess.run(
            [find_deno(), "task", "-q", "-c", self._configuration, "--eval", text],
            cwd=self.work,
            env=self._environ,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        is_marked = self.mark.exists()
        self.mark.unlink(missing_ok=True)
        return is_marked or b"command not found" in done.stderr


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    return Shell(tmp_path_factory.mktemp("shell"))


def test_what_is_allowed_on_purpose_is_seen(shell: Shell) -> None:
    text = script({"cmd": "say {{ a }}", "args": ["a"]}, "; evil", allow=True)

    assert shell.runs_more(text)
    assert shell.runs_more("say x > out missing")
    assert not shell.runs_more("say evil 'evil'")


def check(shell: Shell, written: object, *words: str) -> None:
    try:
        text = script(written, *words)
    except ShellArgumentError:
        return
    assert not shell.runs_more(text), text


@settings(max_examples=60, derandomize=True, deadline=None, database=None)
@given(command=st.sampled_from(COMMANDS), a=VALUES, b=VALUES)
def test_no_value_runs_a_program(shell: Shell, command: Any, a: str, b: str) -> None:
    table = command if isinstance(command, dict) else {"cmd": command}
    written = {**table, "args": ["a", "b"]}
    if "--" not in (a, b):
        check(shell, written, a, b)


@settings(max_examples=30, derandomize=True, deadline=None, database=None)
@given(command=st.sampled_from(PASSING), words=st.lists(VALUES, max_size=2))
def test_no_word_passed_through_runs_a_program(
    shell: Shell, command: Any, words: list[str]
) -> None:
    check(shell, command, *words)


@pytest.mark.slow
@settings(max_examples=3000, derandomize=False, deadline=None, database=None)
@given(command=st.sampled_from(COMMANDS), a=VALUES, b=VALUES)
def test_none_of_thousands_of_values_runs_a_program(
    shell: Shell, command: Any, a: str, b: str
) -> None:
    table = command if isinstance(command, dict) else {"cmd": command}
    check(shell, {**table, "args": ["a", "b"]}, a, b)


@pytest.mark.parametrize(
    "word", ["it's", "a  b", '"', "$HOME `x`", "a\nb", "\\", "*", "~", "'\"'\"'", ""]
)
def test_a_word_passed_through_arrives_as_it_is(shell: Shell, word: str) -> None:
    text = script("echo a", f"[{word}]")

    done = subprocess.run(
        [find_deno(), "task", "-q", "-c", shell._configuration, "--eval", text],
        cwd=shell.work,
        env=shell._environ,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == f"a [{word}]\n"
