"""The script that activates an environment, and who gets how much of it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from support.shells import make_active_study, surroundings

from pixi_jupyter.activation.hook import DIALECTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.commands import Answer

    Pixi = Callable[..., Answer]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("it's é place")
    make_active_study(folder)
    return folder


@pytest.fixture
def study(installed: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(installed)
    return installed


def test_a_strict_shell_can_read_the_script(study: Path, pixi: Pixi) -> None:
    script = pixi("shell-hook", "--shell", "bash").out

    done = subprocess.run(
        ["/bin/sh", "-c", script + "tool\n"],
        env={**surroundings(), "POSIXLY_CORRECT": "1"},
        cwd=study,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "a tool\n"


def interactive(text: str, folder: Path) -> list[str]:
    """Let an interactive bash read lines, and give what it printed."""
    done = subprocess.run(
        ["bash", "--norc", "--noprofile", "-i"],
        input=text,
        env=surroundings(PS1="\\$ "),
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def test_prompt_and_completions_are_for_those_who_type(
    study: Path, pixi: Pixi, tmp_path: Path
) -> None:
    for name, words in {
        "all": (),
        "none": ("--change-ps1", "false", "--no-completions"),
    }.items():
        script = pixi("shell-hook", "-s", "bash", *words).out
        (tmp_path / name).write_text(script)
    shown = 'printf "%s|%s\\n" "$PS1" "${COMPLETED-no}"'

    lines = interactive(f". '{tmp_path / 'all'}'\n{shown}\n{shown}\n", study)
    assert lines == ["(study _(touch pwned)) \\$ |yes"] * 2

    lines = interactive(f". '{tmp_path / 'none'}'\n{shown}\n", study)
    assert lines == ["\\$ |no"]


def test_the_configuration_says_how_a_prompt_is_and_a_flag_says_more(
    study: Path, pixi: Pixi, tmp_path: Path
) -> None:
    (study / ".pixi" / "config.toml").write_text(
        "[shell]\nchange-ps1 = false\nsource-completion-scripts = false\n"
    )
    shown = 'printf "%s|%s\\n" "$PS1" "${COMPLETED-no}"'

    found = []
    for words in ((), ("--change-ps1", "true")):
        script = tmp_path / "script"
        script.write_text(pixi("shell-hook", "-s", "bash", *words).out)
        found += interactive(f". '{script}'\n{shown}\n", study)

    assert found == ["\\$ |no", "(study _(touch pwned)) \\$ |no"]


def test_json_holds_what_changes_and_no_more(
    study: Path, pixi: Pixi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNTOUCHED", "x")

    found = json.loads(pixi("shell-hook", "--json").out)

    assert found.keys() == {"environment_variables", "activation_scripts"}
    assert found["activation_scripts"] == [str(study / "setup.sh")]
    values = found["environment_variables"]
    assert values["SEEN"] == f"{study}/.pixi/envs/default/tool"
    assert "UNTOUCHED" not in values
    assert values["DB"] == "https://me:secret@db.example/"  # as the script has it
    assert not {"_", "SHLVL", "PWD"} & values.keys()


@pytest.mark.usefixtures("study")
def test_json_and_a_shell_do_not_go_together(pixi: Pixi) -> None:
    answer = pixi("shell-hook", "--json", "-s", "bash")

    assert answer.code == 2
    assert "--json gives variables" in answer.err


@pytest.mark.usefixtures("study")
@pytest.mark.parametrize("shell", sorted(DIALECTS))
def test_every_shell_has_a_script(shell: str, pixi: Pixi) -> None:
    answer = pixi("shell-hook", "--shell", shell)

    assert answer.code == 0
    for text in ("PATH", "CONDA_PREFIX", "PIXI_PROJECT_ROOT", "PLAIN", "DATA"):
        assert text in answer.out


def test_an_environment_is_installed_first_unless_that_is_forbidden(
    study: Path, tmp_path: Path, pixi: Pixi, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    for name in ("pixi.toml", "pixi.lock", "setup.sh"):
        shutil.copy(study / name, other / name)
    monkeypatch.chdir(other)

    refused = pixi("shell-hook", "--no-install")
    assert refused.code == 1
    assert refused.out == ""
    assert refused.err == (
        f"error: environment default is not installed in {other}/.pixi/envs/default\n"
        "hint: pixi-jupyter install -e default\n"
    )
    assert not (other / ".pixi/envs").exists()

    assert pixi("shell-hook").code == 0
    assert (other / ".pixi/envs/default/bin/tool").exists()
    assert pixi("shell-hook", "--no-install").code == 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who calls")
def test_the_script_is_for_the_shell_that_calls(study: Path) -> None:
    done = subprocess.run(
        ["bash", "-c", f"'{sys.executable}' -m pixi_jupyter shell-hook; true"],
        env=surroundings(SHELL="/usr/bin/fish"),
        cwd=study,
        capture_output=True,
        text=True,
        check=True,
    )

    assert "export CONDA_PREFIX=" in done.stdout


@pytest.mark.usefixtures("study")
def test_a_shell_that_there_is_not_is_an_error(pixi: Pixi) -> None:
    answer = pixi("shell-hook", "--shell", "tcsh")

    assert (answer.code, answer.out) == (2, "")
    assert "'nushell'" in answer.err
