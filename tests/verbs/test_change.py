"""What a change moves, and that a cancelled one puts everything back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from support.newer import locked, make_old, publish
from support.packages import make_channel

from pixi_jupyter.events import Event, Operation
from pixi_jupyter.verbs.add import AddRequest, add
from pixi_jupyter.verbs.install import InstallRequest, install
from pixi_jupyter.verbs.lock import LockRequest, lock
from pixi_jupyter.verbs.remove import RemoveRequest, remove

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from pathlib import Path

MANIFEST = """\
[workspace]
name = "study"
channels = ["{channel}"]
platforms = ["linux-64", "osx-arm64", "win-64"]

[dependencies]
base = "<2"
"""


@pytest.fixture
def study(
    tmp_path: Path,
    make_workspace: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    channel = make_channel(
        tmp_path / "channel",
        [
            {"name": "base", "version": "1.0"},
            {"name": "base", "version": "2.0"},
            {"name": "app", "version": "1.0", "depends": ["base"]},
        ],
    )
    folder = make_workspace(MANIFEST.format(channel=channel))
    monkeypatch.chdir(folder)
    # what another test has cached would not be fetched here
    monkeypatch.setenv("RATTLER_CACHE_DIR", str(tmp_path / "cache"))
    asyncio.run(install(InstallRequest(), Operation()))
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Give what a person would miss: manifest, lock, and files of packages."""
    kept = [folder / "pixi.toml", folder / "pixi.lock"]
    kept += sorted((folder / ".pixi/envs/default/share").rglob("*"))
    return {str(path.relative_to(folder)): path.read_bytes() for path in kept}


async def cancelled_at(
    phase: str, verb: Callable[[Operation], Coroutine[Any, Any, object]]
) -> None:
    """Cancel a verb at its first event of a phase, and wait for its end."""
    loop = asyncio.get_running_loop()
    seen: list[Event] = []

    def report(event: Event) -> None:
        if event.phase == phase and not seen:
            seen.append(event)
            loop.call_soon_threadsafe(task.cancel)

    task = asyncio.ensure_future(verb(Operation(report)))
    with pytest.raises(asyncio.CancelledError):
        await task
    assert seen


@pytest.mark.parametrize("phase", ["solve", "fetch", "link"])
async def test_a_cancelled_add_leaves_everything_as_it_was(
    study: Path, phase: str
) -> None:
    before = contents(study)

    await cancelled_at(phase, lambda op: add(AddRequest(specs=("app",)), op))

    assert contents(study) == before


@pytest.mark.parametrize("phase", ["unlink"])
async def test_a_cancelled_remove_leaves_everything_as_it_was(
    study: Path, phase: str
) -> None:
    before = contents(study)

    await cancelled_at(phase, lambda op: remove(RemoveRequest(names=("base",)), op))

    assert contents(study) == before


async def test_after_a_cancel_the_same_change_goes_through(study: Path) -> None:
    await cancelled_at("link", lambda op: add(AddRequest(specs=("app",)), op))

    result = await add(AddRequest(specs=("app",)), Operation())

    assert result.added[0].spec == ">=1.0,<2"
    assert (study / ".pixi/envs/default/share/app.txt").exists()


async def test_two_changes_at_once_are_both_kept(study: Path) -> None:
    await asyncio.gather(
        add(AddRequest(specs=("app",), no_install=True), Operation()),
        add(AddRequest(specs=("app >=1",), feature="x", no_install=True), Operation()),
    )

    text = (study / "pixi.toml").read_text()
    assert 'app = ">=1.0,<2"' in text
    assert 'app = ">=1"' in text


def test_adding_what_came_along_takes_the_newest_and_moves_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_old(tmp_path)
    monkeypatch.chdir(root)
    asyncio.run(lock(LockRequest(), Operation()))
    publish(tmp_path)

    asyncio.run(add(AddRequest(specs=("base",), no_install=True), Operation()))

    after = locked(root)
    for platform in ("linux-64", "osx-arm64"):
        assert after["default", platform] == {"app": "1.0", "base": "1.5"}
        assert after["test", platform] == {"app": "1.0", "base": "1.5", "tool": "1.0"}


def test_adding_for_one_platform_moves_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_old(tmp_path)
    monkeypatch.chdir(root)
    asyncio.run(lock(LockRequest(), Operation()))
    publish(tmp_path)
    request = AddRequest(specs=("base",), platforms=("osx-arm64",), no_install=True)

    asyncio.run(add(request, Operation()))

    assert 'base = ">=1.5,<2"' in (root / "pixi.toml").read_text()
    assert locked(root)["default", "osx-arm64"]["base"] == "1.5"
    assert locked(root)["default", "linux-64"]["base"] == "1.0"
