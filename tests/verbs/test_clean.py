"""What can be made again goes, nothing else does, and nobody is torn."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support.installs import assert_whole
from support.packages import make_channel

from pixi_jupyter.events import Event, Operation
from pixi_jupyter.install import removal
from pixi_jupyter.install.filelock import FileLock
from pixi_jupyter.install.state import STATE_FILE
from pixi_jupyter.verbs.clean import CleanRequest, clean

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.commands import Answer

    Pixi = Callable[..., Answer]

MANIFEST = """\
[workspace]
name = "study"
channels = ["{channel}"]
platforms = ["linux-64", "osx-arm64", "win-64"]

[dependencies]
base = "*"

[environments]
test = []
test-b = []
"""


@pytest.fixture
def study(
    tmp_path: Path,
    make_workspace: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    cache: Path,
    pixi: Pixi,
) -> Path:
    """Stand in a workspace with one environment, which shares a file with the cache."""
    del cache
    packages: list[dict[str, Any]] = [
        {"name": "base", "files": {"share/base.bin": b"\0" * 5000}}
    ]
    channel = make_channel(tmp_path / "channel", packages)
    folder = make_workspace(MANIFEST.format(channel=channel), "study")
    monkeypatch.chdir(folder)
    assert pixi("install").code == 0
    return folder


def paths(folder: Path) -> set[str]:
    """List what lies in a folder, the records of operations aside."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if "operations" not in path.parts
    }


def make_files(*files: Path) -> None:
    for path in files:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"\0" * 1000)


def test_what_can_be_made_again_goes_and_the_rest_stays(
    study: Path, pixi: Pixi
) -> None:
    pixi_dir = study / ".pixi"
    overlay = pixi_dir / "overlays/default-0123456789ab-0123456789ab/lib/x.py"
    make_files(
        overlay,
        pixi_dir / "task-cache-v0/default.json",
        pixi_dir / "solve-group-envs/all/x",
        pixi_dir / "activation-env-v0/activation_default.json",
        pixi_dir / "build/x",
        pixi_dir / "config.toml",
        pixi_dir / "overlays.lock",
    )

    answer = pixi("clean")

    assert answer.code == 0
    assert paths(study) == {
        "pixi.toml",
        "pixi.lock",
        ".pixi",
        ".pixi/.gitignore",
        ".pixi/.condapackageignore",
        ".pixi/config.toml",
        ".pixi/overlays.lock",
        ".pixi/workspace.lock",
    }
    assert answer.out == ""
    lines = answer.err.splitlines()
    assert lines[0].startswith("Removed .pixi/envs/default, ")
    assert "Removed .pixi/task-cache-v0, 1 kB" in lines
    assert lines[-3].startswith("✔ Freed ")
    assert lines[-2] == (
        "note: 5 kB more are linked from elsewhere, as from the package cache"
    )
    assert lines[-1] == "hint: pixi-jupyter install   makes an environment again"
    assert max(map(len, lines)) <= 80


def test_a_file_that_stays_in_the_cache_frees_nothing(study: Path, pixi: Pixi) -> None:
    removed = json.loads(pixi("clean", "-e", "default", "--json").out)["removed"]

    assert [each["kind"] for each in removed] == ["environment"]
    assert removed[0]["size_bytes"] - removed[0]["freed_bytes"] == 5000
    assert not (study / ".pixi/envs").exists()


def test_links_of_one_file_are_counted_once_and_where_the_last_one_goes(
    tmp_path: Path,
) -> None:
    make_files(tmp_path / "one/a", tmp_path / "one/c")
    (tmp_path / "two").mkdir()
    os.link(tmp_path / "one/a", tmp_path / "two/b")
    os.link(tmp_path / "one/c", tmp_path / "outside")

    both = removal.measure([tmp_path / "one", tmp_path / "two"])

    assert [(each.size_bytes, each.freed_bytes) for each in both] == [
        (1000, 0),
        (1000, 1000),
    ]
    assert removal.measure([tmp_path / "one"])[0].freed_bytes == 0


def test_only_the_environment_that_is_named_goes(study: Path, pixi: Pixi) -> None:
    assert pixi("install", "-e", "test", "-e", "test-b").code == 0
    overlays = study / ".pixi/overlays"
    mine = overlays / "test-0123456789ab-0123456789ab"
    other = overlays / "test-b-0123456789ab-0123456789ab"
    make_files(mine / "x", other / "x")

    answer = pixi("clean", "-e", "test")

    assert answer.code == 0
    assert [path.name for path in sorted((study / ".pixi/envs").iterdir())] == [
        "default",
        "test-b",
    ]
    assert list(overlays.iterdir()) == [other]
    assert pixi("clean", "-e", "test").err == "Nothing to remove\n"


def test_an_environment_that_there_is_not_is_named(study: Path, pixi: Pixi) -> None:
    before = paths(study)

    answer = pixi("clean", "-e", "tset")

    assert answer.code == 1
    assert answer.err.startswith("error: no environment named tset in ")
    assert answer.err.endswith("hint: did you mean test?\n")
    assert paths(study) == before


def test_a_manifest_that_cannot_be_read_does_not_stand_in_the_way(
    study: Path, pixi: Pixi
) -> None:
    (study / "pixi.toml").write_text("[workspace\n")

    assert pixi("clean", "-e", "default").code == 0

    assert not (study / ".pixi/envs/default").exists()


def test_a_dry_run_tells_the_same_and_leaves_the_disk_as_it_was(
    study: Path, pixi: Pixi
) -> None:
    make_files(study / ".pixi/envs/.default.new-1-abc/x")
    before = paths(study)

    told = json.loads(pixi("clean", "--dry-run", "--json").out)
    answer = pixi("clean", "-n", "-e", "default")

    assert paths(study) == before
    assert answer.err.startswith("Would remove .pixi/envs/default, ")
    assert "\nWould free " in answer.err
    done = json.loads(pixi("clean", "--json").out)
    assert [(e["path"], e["kind"]) for e in told["removed"][:2]] == [
        (e["path"], e["kind"]) for e in done["removed"][:2]
    ]
    assert (told["dry_run"], done["dry_run"]) == (True, False)


def test_links_are_removed_and_never_followed(
    study: Path, tmp_path: Path, pixi: Pixi
) -> None:
    make_files(tmp_path / "data/precious", tmp_path / "elsewhere/conda-meta/x")
    (study / ".pixi/envs/default/data").symlink_to(tmp_path / "data")
    (study / ".pixi/envs/test").symlink_to(tmp_path / "elsewhere")

    assert pixi("clean").code == 0

    assert (tmp_path / "data/precious").exists()
    assert paths(tmp_path / "elsewhere") == {"conda-meta", "conda-meta/x"}
    assert not os.path.lexists(study / ".pixi/envs/test")


async def test_an_install_that_runs_is_waited_for(study: Path) -> None:
    prefix = study / ".pixi/envs/default"
    lock = FileLock(prefix / "conda-meta" / STATE_FILE)
    assert lock.acquire()
    loop, waiting = asyncio.get_running_loop(), asyncio.Event()

    def report(event: Event) -> None:
        if event.phase == "waiting":
            loop.call_soon_threadsafe(waiting.set)

    task = asyncio.ensure_future(clean(CleanRequest(), Operation(report)))
    await asyncio.wait_for(waiting.wait(), 30)
    assert (prefix / "share/base.bin").exists()
    lock.release()
    result = await asyncio.wait_for(task, 30)

    assert not prefix.exists()
    assert prefix in [each.path for each in result.removed]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what runs where")
def test_a_program_that_runs_there_is_named(study: Path, pixi: Pixi) -> None:
    program = study / ".pixi/envs/default/bin/sleep"
    program.parent.mkdir()
    shutil.copy("/bin/sleep", program)
    running = subprocess.Popen([program, "60"])

    try:
        answer = pixi("clean")
    finally:
        running.kill()
        running.wait()

    assert answer.code == 0
    told = f"program loses its files: pid {running.pid}, default/bin/sleep 60"
    assert told in " ".join(answer.err.split())


@pytest.mark.parametrize("words", [("clean",), ("install",)], ids=["clean", "install"])
def test_what_a_killed_clean_left_is_removed_by_the_next_command(
    study: Path, pixi: Pixi, words: tuple[str, ...]
) -> None:
    removal.set_aside(study / ".pixi/envs/default")

    assert pixi(*words).code == 0

    names = [path.name for path in (study / ".pixi").rglob(".*.new-*")]
    assert names == []
    if words == ("install",):
        assert_whole(study / ".pixi/envs/default")


def test_nobody_saws_off_the_branch_he_sits_on(study: Path) -> None:
    prefix = study / ".pixi/envs/default"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", prefix], check=True)
    places = [path for path in sys.path if Path(path).is_dir()]

    done = subprocess.run(
        [prefix / "bin/python", "-m", "pixi_jupyter", "clean"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(places)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "note: .pixi/envs/default stays, this program runs in it" in done.stderr
    assert (prefix / "share/base.bin").exists()


def test_names_of_workspaces_that_are_gone_are_forgotten(
    study: Path, pixi: Pixi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, gone, outside = tmp_path / "pixi-home", tmp_path / "gone", tmp_path / "out"
    monkeypatch.setenv("PIXI_HOME", str(home))
    home.mkdir()
    outside.mkdir()
    registry = home / "workspaces.toml"
    text = f"[named-workspaces]\ngone = '{gone}'\nstudy = '{study}'\n"
    registry.write_text(text)
    monkeypatch.chdir(outside)

    told = pixi("clean", "--workspaces-registry", "--dry-run", "--json")
    assert json.loads(told.out)["pruned"] == {"gone": str(gone)}
    assert registry.read_text() == text
    answer = pixi("clean", "--workspaces-registry")

    assert answer.code == 0
    assert f"Forgot gone, {gone} is gone" in answer.err
    assert registry.read_text() == f"[named-workspaces]\nstudy = '{study}'\n"
    assert (study / ".pixi" / "envs" / "default").is_dir()


def test_a_whole_clean_forgets_them_too_and_one_of_an_environment_does_not(
    study: Path, pixi: Pixi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIXI_HOME", str(tmp_path))
    registry = tmp_path / "workspaces.toml"
    registry.write_text(f"[named-workspaces]\ngone = '{tmp_path / 'gone'}'\n")

    assert pixi("clean", "-e", "default").code == 0
    kept = registry.read_text()
    assert pixi("clean").code == 0

    assert "gone" in kept
    assert "gone" not in registry.read_text()
    assert (study / "pixi.toml").is_file()
