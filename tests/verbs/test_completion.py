"""Shells complete the words that a notebook completes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from pixi_jupyter.cli.candidates import candidates
from pixi_jupyter.verbs.completion import SCRIPTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.commands import Answer

MANIFEST = """\
[workspace]
channels = []
platforms = ["linux-64"]
[environments]
test = []
"""
# what readline does before it calls the function of a completion
BASH = """\
eval "$(pixi-jupyter completion --shell bash)"
complete -p pixi-jupyter
tab() {
    COMP_LINE="$1" COMP_POINT=${#1} COMP_CWORD=$(($# - 2)) COMP_WORDS=("${@:2}")
    _pixi_jupyter
    echo "${COMPREPLY[*]}"
}
tab "pixi-jupyter ins" pixi-jupyter ins
tab "pixi-jupyter list -e t" pixi-jupyter list -e t
tab "pixi-jupyter list -et" pixi-jupyter list -et
tab "pixi-jupyter list --environment=" pixi-jupyter list --environment =
tab "pixi-jupyter list --environment=t" pixi-jupyter list --environment = t
tab "pixi-jupyter list --sort-by " pixi-jupyter list --sort-by ""
tab "pixi-jupyter nonsense " pixi-jupyter nonsense ""
"""


@pytest.fixture
def shell(tmp_path: Path) -> Callable[[str, str], str]:
    """Give a function that runs a script where the command is on the path."""
    (tmp_path / "pixi.toml").write_text(MANIFEST)
    command = tmp_path / "bin" / "pixi-jupyter"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m pixi_jupyter "$@"\n')
    command.chmod(0o755)

    def run(program: str, script: str) -> str:
        path = f"{command.parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            [program, "-c", script],
            env={**os.environ, "PATH": path},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.stderr == ""
        return done.stdout

    return run


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_bash_completes_verbs_flags_and_names(shell: Callable[[str, str], str]) -> None:
    said = shell("bash", BASH).splitlines()

    assert said[0].endswith("-F _pixi_jupyter pixi-jupyter")
    assert said[1:] == [
        "install",
        "test",
        "-etest",
        "default test",
        "test",
        "size name kind",
        "",
    ]


@pytest.mark.skipif(shutil.which("fish") is None, reason="there is no fish")
def test_fish_completes_with_what_each_word_is(
    shell: Callable[[str, str], str],
) -> None:
    script = "pixi-jupyter completion -s fish | source;"

    said = shell("fish", f'{script} complete -C "pixi-jupyter list --environment=t"')

    assert said.startswith("--environment=test\t")


@pytest.mark.skipif(shutil.which("zsh") is None, reason="there is no zsh")
def test_zsh_completes_names(shell: Callable[[str, str], str]) -> None:
    script = """
    compdef() { : }
    compadd() { print -r -- $texts }
    eval "$(pixi-jupyter completion -s zsh)"
    words=(pixi-jupyter list -e t) CURRENT=4 PREFIX=t; _pixi_jupyter
    """

    assert shell("zsh", script) == "test\n"


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_script_asks_us(name: str, pixi: Callable[..., Answer]) -> None:
    answer = pixi("completion", "--shell", name)

    assert answer.code == 0
    assert answer.out == SCRIPTS[name]
    assert "pixi-jupyter complete" in answer.out


def test_a_shell_without_a_script_is_told_those_with_one(
    pixi: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHELL", "/usr/bin/zsh")

    wrong = pixi("completion", "-s", "fisch")
    default = pixi("completion")

    assert wrong.code == 2
    assert "completion --shell fish" in wrong.err
    assert default.out == SCRIPTS["zsh"]


@pytest.mark.parametrize(
    ("current", "line", "expected"),
    [
        ("-et", "pixi-jupyter list -et", "-etest"),
        ("t", "pixi-jupyter list --environment=t", "test"),
        ("--environment=t", "x list --environment=t", "--environment=test"),
        ("", "pixi-jupyter list -e te", "st"),
        ("offl", "pixi-jupyter config set offl", "offline"),
    ],
)
def test_a_candidate_takes_the_place_of_just_the_word_that_the_shell_names(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    current: str,
    line: str,
    expected: str,
) -> None:
    (tmp_path / "pixi.toml").write_text(MANIFEST)
    monkeypatch.chdir(tmp_path)

    assert [text for text, _ in candidates(current, line)] == [expected]


def test_a_shell_is_never_told_of_a_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pixi: Callable[..., Answer]
) -> None:
    (tmp_path / "pixi.toml").write_text("[workspace\n")
    monkeypatch.chdir(tmp_path)

    answers = [
        pixi("complete", "", "pixi-jupyter list -e "),
        pixi("complete"),
        pixi("complete", "a", "b", "c"),
    ]

    assert [(each.code, each.out, each.err) for each in answers] == [(0, "", "")] * 3
