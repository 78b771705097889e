"""Processes that are killed, installs that are cancelled or fail, and the next one."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from support.installs import ROOT, Install, Publish, assert_whole, files_of

from pixi_jupyter.install.journal import Journal, journal_path, write_journal
from pixi_jupyter.install.stage import empty_prefix, move_in
from pixi_jupyter.install.state import INSTALLING, STATE_FILE, read_state, write_state

if TYPE_CHECKING:
    from pathlib import Path

NAMES = [f"p{number}" for number in range(6)]
OLD = [f"{name} 1.0" for name in NAMES[:5]]
NEW = [f"{name} 2.0" for name in NAMES[1:]]
"""One package goes, four change, one comes."""


def _package(name: str, version: str) -> dict[str, Any]:
    files = {
        f"share/{name}/{version}/{number}.txt": f"{name} {version} {number}\n"
        for number in range(30)
    }
    # of equal size in both versions: only a hash tells them apart
    files[f"share/{name}/same.txt"] = f"{name} {version}\n"
    return {"name": name, "version": version, "files": files}


@pytest.fixture
def published(publish: Publish, install: Install) -> Install:
    publish(*(_package(name, v) for name in NAMES for v in ("1.0", "2.0")))
    return install


def _versions(prefix: Path) -> dict[str, str]:
    return {
        name: (prefix / f"share/{name}/same.txt").read_text().split()[1]
        for name in NAMES
        if (prefix / f"share/{name}/same.txt").exists()
    }


@pytest.mark.parametrize("kill_at", [1, 9, 15, 22])
async def test_a_change_that_was_killed_is_finished_by_the_next_install(
    published: Install, kill_at: int
) -> None:
    await published.install(*OLD)

    assert published.killed(NEW, during="link", kill_at=kill_at)
    assert journal_path(published.prefix).exists()
    outcome = await published.install(*NEW)

    assert outcome.changed
    assert_whole(published.prefix)
    assert _versions(published.prefix) == dict.fromkeys(NAMES[1:], "2.0")


@pytest.mark.parametrize("kill_at", [2, 12, 18])
async def test_going_back_after_a_killed_change_leaves_nothing_of_it(
    published: Install, kill_at: int
) -> None:
    await published.install(*OLD)

    assert published.killed(NEW, during="link", kill_at=kill_at)
    await published.install(*OLD)

    assert_whole(published.prefix)
    assert _versions(published.prefix) == dict.fromkeys(NAMES[:5], "1.0")


@pytest.mark.parametrize("kill_at", [1, 8])
async def test_a_fetch_that_was_killed_leaves_the_prefix_and_no_rubbish(
    published: Install, kill_at: int
) -> None:
    await published.install(*OLD)
    before = files_of(published.prefix)

    assert published.killed(NEW, during="fetch", kill_at=kill_at)

    assert files_of(published.prefix) == before
    assert not journal_path(published.prefix).exists()
    await published.install(*NEW)
    assert_whole(published.prefix)
    assert _versions(published.prefix) == dict.fromkeys(NAMES[1:], "2.0")
    assert not list(published.cache.glob(".pixi-jupyter-scratch-*"))


@pytest.mark.parametrize("kill_at", [6, 17])
async def test_a_first_install_that_was_killed_leaves_an_empty_prefix(
    published: Install, kill_at: int
) -> None:
    assert published.killed(OLD, during="stage", kill_at=kill_at)

    assert files_of(published.prefix) == {}
    await published.install(*OLD)
    assert_whole(published.prefix)


async def test_a_move_that_was_interrupted_is_done_anew(published: Install) -> None:
    await published.install(*OLD)
    staged = published.prefix.with_name(".default.new-1-2")
    published.prefix.rename(staged)
    (staged / "conda-meta" / STATE_FILE).unlink()
    (published.prefix / "conda-meta").mkdir(parents=True)
    move_in(staged, published.prefix, what="install default")
    next((published.prefix / "conda-meta").glob("p3-*.json")).unlink()
    (published.prefix / "share" / "p4" / "same.txt").unlink()

    outcome = await published.install(*NEW)

    assert outcome.added == tuple(NAMES[1:])
    assert_whole(published.prefix)


async def test_a_first_install_that_was_moved_in_but_not_signed_off_is_kept(
    published: Install,
) -> None:
    await published.install(*OLD)
    write_journal(published.prefix, Journal(what="install default", fresh=True))

    outcome = await published.install(*OLD)

    assert not outcome.changed
    assert_whole(published.prefix)


def test_emptying_a_prefix_leaves_its_lock(tmp_path: Path) -> None:
    meta = tmp_path / "conda-meta"
    (tmp_path / "bin").mkdir(parents=True)
    meta.mkdir()
    for path in (tmp_path / "bin" / "tool", tmp_path / "x", meta / "a-1-0.json"):
        path.touch()
    write_state(tmp_path, INSTALLING)
    write_journal(tmp_path, Journal(what="test", fresh=True))

    empty_prefix(tmp_path)

    left = [path.name for path in tmp_path.rglob("*")]
    assert sorted(left) == [".pixi-environment-fingerprint", "conda-meta"]
    assert read_state(tmp_path) == ""


async def test_the_lock_of_a_killed_holder_is_free(published: Install) -> None:
    await published.install(*OLD)
    assert published.killed(NEW, during="link", kill_at=3)

    await asyncio.wait_for(published.install(*NEW), timeout=20)

    assert "waiting" not in published.phases()


async def test_a_cancel_while_linking_waits_for_the_end_of_the_link(
    published: Install,
) -> None:
    await published.install(*OLD)
    wanted = await published.solve(*NEW)
    published.events.clear()

    task = asyncio.ensure_future(published.put(wanted))
    await published.until("unlink")
    task.cancel()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert_whole(published.prefix)
    assert _versions(published.prefix) == dict.fromkeys(NAMES[1:], "2.0")
    back = await published.install(*OLD)
    assert back.changed
    assert _versions(published.prefix) == dict.fromkeys(NAMES[:5], "1.0")
    assert_whole(published.prefix)


async def test_a_cancel_while_fetching_leaves_the_prefix_and_the_process_as_they_were(
    published: Install,
) -> None:
    await published.install(*OLD)
    before = files_of(published.prefix)
    wanted = await published.solve(*NEW)
    published.events.clear()

    task = asyncio.ensure_future(published.put(wanted))
    await published.until("fetch")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert files_of(published.prefix) == before
    assert not journal_path(published.prefix).exists()
    await published.put(wanted)
    assert_whole(published.prefix)
    assert _versions(published.prefix) == dict.fromkeys(NAMES[1:], "2.0")


FAILING = """
import asyncio, json, os, sys
from pathlib import Path
from support.installs import Install
from pixi_jupyter.errors import PixiJupyterError
from pixi_jupyter.install import linker
from pixi_jupyter.install.locks import prefix_lock

async def main():
    order = json.loads(sys.argv[1])
    install = Install(Path(order["folder"]), order["channel"])
    said = []
    for _ in range(2):
        try:
            await install.install(*order["specs"])
        except PixiJupyterError as error:
            said.append(error.code)
    try:
        async with prefix_lock(install.prefix, install.operation, what="a look"):
            said.append("free")
    except PixiJupyterError as error:
        said.append(error.code)
    said.append(linker.spent() is not None)
    print(json.dumps(said), flush=True)
    sys.stdin.readline()
    os._exit(0)

asyncio.run(main())
"""


async def _cached(install: Install, *specs: str) -> None:
    """Bring packages into the cache by way of another prefix."""
    other = Install(install.folder / "first", install.channel)
    other.folder.mkdir()
    other.cache.symlink_to(install.cache)
    install.cache.mkdir(exist_ok=True)
    await other.install(*specs)


def _start_failing(order: dict[str, Any]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", FAILING, json.dumps(order)],
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


async def test_a_process_whose_link_failed_keeps_the_lock_and_refuses_another_install(
    published: Install,
) -> None:
    await _cached(published, *NEW)
    await published.install(*OLD)
    # nobody looks whether a cached package is whole before it is linked
    lost = published.cache / "pkgs" / "p5-2.0-0" / "share" / "p5" / "same.txt"
    content = lost.read_text()
    lost.unlink()
    order = {
        "folder": str(published.folder),
        "channel": published.channel,
        "specs": NEW,
    }
    child = _start_failing(order)
    assert child.stdout is not None

    said = json.loads(await asyncio.to_thread(child.stdout.readline))

    assert said == ["link", "linker-spent", "prefix-busy", True]
    waiter = asyncio.ensure_future(published.install(*NEW))
    await published.until("waiting")
    assert f"pid {child.pid}" in published.events[-1].label
    lost.write_text(content)
    child.communicate("\n", timeout=20)
    await waiter
    assert_whole(published.prefix)
    assert _versions(published.prefix) == dict.fromkeys(NAMES[1:], "2.0")


async def test_a_damaged_cache_is_mended_by_the_next_install(
    published: Install,
) -> None:
    await published.install(*OLD)
    other = Install(published.folder / "other", published.channel)
    other.folder.mkdir()
    other.cache.symlink_to(published.cache)
    (published.cache / "pkgs" / "p2-1.0-0" / "share" / "p2" / "same.txt").unlink()

    failed = other.start(OLD)
    _, errors = await asyncio.to_thread(failed.communicate)

    assert failed.returncode == 1
    assert "could not be changed" in errors
    assert files_of(other.prefix) == {}
    await other.install(*OLD)
    assert_whole(other.prefix)
