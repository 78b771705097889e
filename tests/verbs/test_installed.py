"""An install with nothing to do ends at once, and only then."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from support.packages import make_channel

from pixi_jupyter.events import Operation
from pixi_jupyter.install.state import HOLDER_FILE, write_state
from pixi_jupyter.verbs.install import InstallRequest, InstallResult, install
from pixi_jupyter.verbs.installed import quick_install

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MANIFEST = """\
[workspace]
name = "study"
channels = ["{channel}"]
platforms = ["linux-64", "osx-arm64", "win-64", "linux-aarch64"]

[dependencies]
base = "*"
app = "*"
"""


@pytest.fixture
def study(
    tmp_path: Path,
    make_workspace: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    channel = make_channel(
        tmp_path / "channel",
        [{"name": "base"}, {"name": "app", "depends": ["base"]}],
    )
    folder = make_workspace(MANIFEST.format(channel=channel))
    monkeypatch.chdir(folder)
    asyncio.run(install(InstallRequest(), Operation()))
    return folder


def again() -> InstallResult:
    return asyncio.run(install(InstallRequest(), Operation()))


def test_what_is_installed_is_known_without_a_solver(study: Path) -> None:
    script = (
        "import sys\n"
        "from pixi_jupyter.cli.main import main\n"
        "assert main(['install']) == 0\n"
        "print(*(each for each in ('rattler', 'asyncio', 'yaml') "
        "if each in sys.modules))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=study, capture_output=True, check=True
    )

    assert b"default is up to date, 2 packages" in done.stderr
    assert done.stdout.split() == []


def test_the_quick_answer_is_that_of_a_full_look(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = quick_install(InstallRequest())
    monkeypatch.setenv("CONDA_OVERRIDE_CUDA", "12.0")  # another machine, perhaps
    full = again()

    assert quick is not None
    (one,), (other,) = quick.installed, full.installed
    assert one.prefix == other.prefix == study / ".pixi/envs/default"
    assert one.payload == other.payload
    assert {**one.to_json(), "seconds": 0} == {**other.to_json(), "seconds": 0}


def edit_manifest(study: Path) -> None:
    path = study / "pixi.toml"
    path.write_text(path.read_text() + "\n")


def edit_lock(study: Path) -> None:
    path = study / "pixi.lock"
    path.write_text(path.read_text() + "\n")


def remove_record(study: Path) -> None:
    next((study / ".pixi/envs/default/conda-meta").glob("base-*.json")).unlink()


def damage_record(study: Path) -> None:
    path = next((study / ".pixi/envs/default/conda-meta").glob("base-*.json"))
    path.write_text("{")


def touch_record(study: Path) -> None:
    os.utime(next((study / ".pixi/envs/default/conda-meta").glob("base-*.json")))


def remove_marker(study: Path) -> None:
    (study / ".pixi/envs/default/conda-meta/pixi").unlink()


def change_state(study: Path) -> None:
    write_state(study / ".pixi/envs/default", "0123456789abcdef")


def be_killed_as_holder(study: Path) -> None:
    (study / ".pixi/envs/default/conda-meta" / HOLDER_FILE).write_text("{}")


@pytest.mark.parametrize(
    "happen",
    [
        be_killed_as_holder,
        edit_manifest,
        edit_lock,
        remove_record,
        damage_record,
        touch_record,
        remove_marker,
        change_state,
    ],
)
def test_whatever_changed_is_looked_at(
    study: Path, happen: Callable[[Path], None]
) -> None:
    happen(study)

    assert quick_install(InstallRequest()) is None
    again()
    assert quick_install(InstallRequest()) is not None
    meta = study / ".pixi/envs/default/conda-meta"
    assert len(list(meta.glob("*.json"))) == 2
    assert (meta / "pixi").is_file()
    assert not (meta / HOLDER_FILE).exists()


def test_another_platform_or_frozen_is_looked_at(study: Path) -> None:
    del study

    assert quick_install(InstallRequest(platform="linux-64")) is None
    assert quick_install(InstallRequest(frozen=True)) is None
    assert quick_install(InstallRequest(all=True)) is None
    assert quick_install(InstallRequest(environments=("default", "other"))) is None
    assert quick_install(InstallRequest(locked=True)) is not None
