"""deno is found, and is nothing but a shell."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from pixi_jupyter.adapters.deno import find_deno, shell_command, shell_environ
from pixi_jupyter.errors import ToolNotFoundError

if TYPE_CHECKING:
    from pathlib import Path


def run(script: str, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    variables = {"PATH": os.defpath, **environ}
    return subprocess.run(
        shell_command(find_deno(), script, variables),
        env=shell_environ(variables),
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_deno_of_our_own_installation_is_taken(tmp_path: Path) -> None:
    ours = tmp_path / "bin" / "deno"
    ours.parent.mkdir()
    ours.write_text("")

    assert find_deno({}, prefix=str(tmp_path)) == ours


def test_without_any_deno_it_is_said_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.path", [])

    with pytest.raises(ToolNotFoundError, match="deno is not there") as caught:
        find_deno({"PATH": str(tmp_path)}, prefix=str(tmp_path))

    assert "pip install deno" in caught.value.hints[0]


def test_deno_on_path_is_the_last_resort(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.path", [])
    program = tmp_path / "deno"
    program.write_text("")
    program.chmod(0o755)

    assert find_deno({"PATH": str(tmp_path)}, prefix=str(tmp_path / "no")) == program


def test_files_of_deno_projects_change_nothing(tmp_path: Path) -> None:
    (tmp_path / "deno.json").write_text("{broken")
    (tmp_path / "package.json").write_text('{"scripts": {"echo": "false"}}')
    (tmp_path / "node_modules" / ".bin").mkdir(parents=True)

    done = run("echo $PATH && pwd", tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{os.defpath}\n{tmp_path}\n"


def test_a_script_finds_no_variables_of_deno(tmp_path: Path, home: Path) -> None:
    done = run("/usr/bin/env", tmp_path, HOME=str(home), INIT_CWD="/somewhere")

    names = {line.partition("=")[0] for line in done.stdout.splitlines()}
    assert names - {"?"} == {"PATH", "HOME", "INIT_CWD", "PWD"}


def test_a_persons_own_folder_of_deno_stays(tmp_path: Path) -> None:
    own = str(tmp_path / "mine")

    assert run("echo $DENO_DIR", tmp_path, DENO_DIR=own).stdout == f"{own}\n"


@pytest.mark.parametrize(
    ("script", "code"), [("exit 3", 3), ("no-such-program", 127), ("true", 0)]
)
def test_the_exit_code_is_the_scripts(script: str, code: int, tmp_path: Path) -> None:
    assert run(script, tmp_path).returncode == code
