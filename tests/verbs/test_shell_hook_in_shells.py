"""A shell that evaluates the script is what a process of the environment would be."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from support.shells import NO_NAME, STRANGE, make_active_study, surroundings

from pixi_jupyter.activation.activate import activate
from pixi_jupyter.activation.plan import ActivationPlan
from pixi_jupyter.install.fingerprint import read_stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from support.commands import Answer

    Pixi = Callable[..., Answer]

SHELLS: dict[str, list[str]] = {
    "bash": ["bash", "--norc", "--noprofile", "-euc"],
    "zsh": ["zsh", "-feuc"],
    "fish": ["fish", "--no-config", "-c"],
    "xonsh": ["xonsh", "--no-rc", "-c"],
}
"""How to run a line in each; bash and zsh stop at errors and unset variables."""
EVALUATE = {
    "bash": 'eval "$({command})" && env -0',
    "zsh": 'eval "$({command})" && env -0',
    "fish": "{command} | source; and env -0",
    "xonsh": "execx($({command}))\nenv -0",
}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("it's é place")
    make_active_study(folder)
    return folder


@pytest.fixture
def study(installed: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(installed)
    return installed


def program(shell: str) -> list[str]:
    path = shutil.which(SHELLS[shell][0])
    if path is None:
        pytest.skip(f"{shell} is not installed")
    return [path, *SHELLS[shell][1:]]


def run(
    shell: str, text: str, folder: Path, environ: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [*program(shell), text],
        cwd=folder,
        env=dict(environ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not (folder / "pwned").exists()
    return done


def variables(output: str) -> dict[str, str]:
    pairs = (entry.partition("=") for entry in output.split("\0"))
    return {name: value for name, _, value in pairs if name}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_becomes_what_a_process_of_the_environment_is(
    study: Path, shell: str
) -> None:
    command = f"'{sys.executable}' -m pixi_jupyter shell-hook -s {shell}"
    before = surroundings(HAD="old")
    stamp = read_stamp(study / ".pixi/envs/default")
    assert stamp is not None
    plan = ActivationPlan.from_wire(stamp.payload["activation"])
    expected = activate(plan, before)
    del expected[NO_NAME]  # a process can have it, a shell cannot
    if shell == "fish":  # a script of bash is nothing for it
        del expected["SEEN"]

    done = run(shell, EVALUATE[shell].format(command=command), study, before)

    found = variables(done.stdout)
    changed = {k: v for k, v in expected.items() if before.get(k) != v}
    assert {name: found.get(name) for name in changed} == changed
    assert found["DATA"].endswith("/da ta/" + found["CONDA_PREFIX"] + "/tool")
    assert found["TOOL_TEXT"] == STRANGE
    assert found["CONDA_ENV_SHLVL_1_HAD"] == "old"
    assert "Activation script gone.sh does not exist, it is skipped" in done.stderr
    assert f"Variable {NO_NAME} is left out" in done.stderr


def test_xonsh_has_the_variables_too(study: Path) -> None:
    command = f"'{sys.executable}' -m pixi_jupyter shell-hook -s xonsh"

    done = run(
        "xonsh", EVALUATE["xonsh"].format(command=command), study, surroundings()
    )

    found = variables(done.stdout)
    assert found["TOOL_TEXT"] == STRANGE
    assert found["PATH"].split(":")[0] == f"{study}/.pixi/envs/default/bin"


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_another_environment_takes_the_place_of_the_first(
    study: Path, shell: str
) -> None:
    hook = f"'{sys.executable}' -m pixi_jupyter shell-hook -s {shell}"
    text = f'eval "$({hook})"; eval "$({hook} -e test)"; env -0'

    found = variables(run(shell, text, study, surroundings()).stdout)

    envs = study / ".pixi/envs"
    assert found["CONDA_PREFIX"] == f"{envs}/test"
    assert found["CONDA_ENV_SHLVL_2_CONDA_PREFIX"] == f"{envs}/default"
    assert found["PATH"].split(":")[0] == f"{envs}/test/bin"
    assert f"{envs}/default/bin" not in found["PATH"]
    assert "TOOL_TEXT" not in found
    assert found["TOOL_LEFT"] == "yes"


def test_the_same_script_twice_does_not_grow_the_path(study: Path) -> None:
    hook = f"'{sys.executable}' -m pixi_jupyter shell-hook -s bash"
    text = f'eval "$({hook})"; eval "$({hook})"; env -0'

    found = variables(run("bash", text, study, surroundings()).stdout)

    mine = f"{study}/.pixi/envs/default/bin"
    assert found["PATH"].split(":").count(mine) == 1


def test_a_script_that_was_kept_works_with_another_path(
    study: Path, tmp_path: Path, pixi: Pixi
) -> None:
    script = tmp_path / "activate.sh"
    script.write_text(pixi("shell-hook", "--shell", "bash").out)

    done = run("bash", f". '{script}'; tool; env -0", study, {"PATH": "/usr/bin:/bin"})

    tool, _, rest = done.stdout.partition("\n")
    assert tool == "a tool"
    assert variables(rest)["PATH"].endswith("/default/bin:/usr/bin:/bin")


def test_a_shell_takes_over_what_its_own_commands_change(
    study: Path, tmp_path: Path, pixi: Pixi
) -> None:
    (tmp_path / "hook").write_text(pixi("shell-hook", "-s", "bash", "-e", "test").out)
    fake = tmp_path / "bin" / "pixi-jupyter"
    fake.parent.mkdir()
    fake.write_text(
        '#!/bin/sh\nprintf "%s|" "$@" >>"$HEARD"\n[ "$1" = add ] || echo NEW=yes\n'
    )
    fake.chmod(0o755)

    done = run(
        "bash",
        f'. {tmp_path}/hook; pixi-jupyter add x && printf "%s" "$NEW"',
        study,
        surroundings(
            PATH=f"{fake.parent}:{os.environ['PATH']}", HEARD=str(tmp_path / "heard")
        ),
    )

    assert done.stdout == "yes"
    assert (tmp_path / "heard").read_text() == (
        "add|x|shell-hook|--change-ps1|false|-e|test|--manifest-path"
        f"|{study / 'pixi.toml'}|"
    )
