"""What activation scripts did is remembered only where it cannot be wrong."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Any

import pytest

from pixi_jupyter.activation.cache import activate_quickly, is_plain
from pixi_jupyter.activation.plan import ActivationPlan

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ENVIRON = {"PATH": os.defpath, "HOME": "/home/ada", "GONE": "1"}


@pytest.fixture
def plan(tmp_path: Path) -> Callable[..., ActivationPlan]:
    """Make a plan of a prefix with a package script that counts its runs."""

    def make(packaged: str = "", **values: Any) -> ActivationPlan:
        prefix = tmp_path / ".pixi" / "envs" / "default"
        folder = prefix / "etc" / "conda" / "activate.d"
        folder.mkdir(parents=True, exist_ok=True)
        (prefix / "conda-meta").mkdir(exist_ok=True)
        counting = f"echo >> {tmp_path}/runs\n"
        (folder / "tool.sh").write_text(packaged + counting)
        return ActivationPlan(
            prefix=prefix,
            root=tmp_path,
            manifest=tmp_path / "pixi.toml",
            name="demo",
            **values,
        )

    return make


def runs(tmp_path: Path) -> int:
    path = tmp_path / "runs"
    return path.read_text().count("\n") if path.exists() else 0


def kept(tmp_path: Path) -> list[Path]:
    return list((tmp_path / ".pixi").glob("activation-env-v0/*"))


def test_the_second_activation_starts_no_shell_and_gives_the_same(
    plan: Callable[..., ActivationPlan], tmp_path: Path
) -> None:
    made = plan("export A=$HOME/x\nunset GONE\n", env={"B": "$A/y"})

    first = activate_quickly(made, ENVIRON)
    second = activate_quickly(made, ENVIRON)

    assert runs(tmp_path) == 1
    assert second == first
    assert second["B"] == "/home/ada/x/y"
    assert "GONE" not in second


def test_what_is_kept_is_for_its_owner_alone(
    plan: Callable[..., ActivationPlan], tmp_path: Path
) -> None:
    activate_quickly(plan("export TOKEN=secret\n"), ENVIRON)

    (file,) = kept(tmp_path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "GONE" not in file.read_text()


def test_force_runs_the_scripts(
    plan: Callable[..., ActivationPlan], tmp_path: Path
) -> None:
    made = plan()
    activate_quickly(made, ENVIRON)

    activate_quickly(made, ENVIRON, force=True)

    assert runs(tmp_path) == 2


@pytest.mark.parametrize("change", ["variable", "script", "package", "env", "clean"])
def test_another_input_is_another_activation(
    plan: Callable[..., ActivationPlan], tmp_path: Path, change: str
) -> None:
    (tmp_path / "own.sh").write_text("export OWN=1\n")
    made = plan(scripts=("own.sh",), env={"B": "$OWN"})
    activate_quickly(made, ENVIRON)
    environ, clean = dict(ENVIRON), change == "clean"

    if change == "variable":
        environ["HOME"] = "/home/eve"
    elif change == "script":
        (tmp_path / "own.sh").write_text("export OWN=2\n")
    elif change == "package":
        (made.prefix / "conda-meta" / "new-1-0.json").write_text("{}")
    elif change == "env":
        made = plan(scripts=("own.sh",), env={"B": "$OWN!"})
    activate_quickly(made, environ, clean=clean)

    assert runs(tmp_path) == 2


def test_where_it_is_called_from_does_not_matter(
    plan: Callable[..., ActivationPlan], tmp_path: Path
) -> None:
    made = plan()
    activate_quickly(made, {**ENVIRON, "PWD": "/a", "SHLVL": "1"})

    second = activate_quickly(made, {**ENVIRON, "PWD": "/b", "SHLVL": "2"})

    assert runs(tmp_path) == 1
    assert (second["PWD"], second["SHLVL"]) == ("/b", "2")


@pytest.mark.parametrize(
    "script",
    [
        "export A=$(date)\n",
        "source other.sh\n",
        ". ./other.sh\n",
        "export A=`date`\n",
        "mkdir -p work\n",
        "A=1 make\n",
        "export A=$RANDOM\n",
        "if [ -f x ]; then\nexport A=1\nfi\n",
        "export A=1; date\n",
        "export A=<(date)\n",
        "export A=1 && date\n",
        "read A < file\n",
    ],
)
def test_a_script_that_runs_anything_runs_each_time(
    plan: Callable[..., ActivationPlan], tmp_path: Path, script: str
) -> None:
    (tmp_path / "own.sh").write_text(script)
    (tmp_path / "other.sh").write_text("export OTHER=1\n")
    (tmp_path / "file").write_text("1\n")
    made = plan(scripts=("own.sh",))

    activate_quickly(made, ENVIRON)
    activate_quickly(made, ENVIRON)

    assert runs(tmp_path) == 2
    assert not kept(tmp_path)


def test_plain_lines_are_known_as_such() -> None:
    text = """#!/bin/sh
# comment
set -e
export A=1
B="x $A ${HOME:-none}"  # why
export C='a; b'
export D
unset E F
export P=$HOME/bin:$PATH
"""

    assert is_plain(text)


@pytest.mark.parametrize("damage", ["", "{", '{"format": 1}', "[1]"])
def test_a_broken_file_is_as_if_not_there(
    plan: Callable[..., ActivationPlan], tmp_path: Path, damage: str
) -> None:
    made = plan("export A=1\n")
    activate_quickly(made, ENVIRON)
    kept(tmp_path)[0].write_text(damage)

    assert activate_quickly(made, ENVIRON)["A"] == "1"
    assert runs(tmp_path) == 2


def test_few_files_are_kept(
    plan: Callable[..., ActivationPlan], tmp_path: Path
) -> None:
    made = plan()

    for number in range(10):
        activate_quickly(made, {**ENVIRON, "N": str(number)})

    assert len(kept(tmp_path)) == 8


def test_nothing_is_kept_where_no_shell_is_needed(tmp_path: Path) -> None:
    made = ActivationPlan(
        prefix=tmp_path / ".pixi" / "envs" / "default",
        root=tmp_path,
        manifest=tmp_path / "pixi.toml",
        name="demo",
    )

    activate_quickly(made, ENVIRON)

    assert not kept(tmp_path)
