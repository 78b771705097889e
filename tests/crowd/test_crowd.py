"""Many processes at once in one workspace: nothing is lost, everybody ends."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest
from jupyter_client.manager import AsyncKernelManager
from support.installs import ROOT, assert_whole
from support.packages import make_channel

from pixi_jupyter.commands.registry import load
from pixi_jupyter.events import Operation
from pixi_jupyter.inkernel.client import Client
from pixi_jupyter.lock.file import read_lock
from pixi_jupyter.manifest.parse import parse_manifest
from pixi_jupyter.platforms import host_subdir
from pixi_jupyter.workspace.operations import log_path, read_operations

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ADDED = [f"new{number}" for number in range(9)]
REMOVED = [f"old{number}" for number in range(6)]
LOCKS = 5

MANIFEST = """\
# what we need
[workspace]
name = "crowded"
channels = ["{channel}"]
platforms = ["{platform}"]

[dependencies]
{dependencies}
"""


@pytest.fixture
def crowded(
    tmp_path: Path,
    make_workspace: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """Give a workspace that is locked, and a cache of its own."""
    monkeypatch.setenv("RATTLER_CACHE_DIR", str(tmp_path / "cache"))
    packages = [{"name": name} for name in (*ADDED, *REMOVED, "keep")]
    text = MANIFEST.format(
        channel=make_channel(tmp_path / "channel", packages),
        platform=host_subdir(),
        dependencies="\n".join(f'{name} = "*"' for name in (*REMOVED, "keep")),
    )
    folder = make_workspace(text, "crowded")
    run(folder, "lock")
    return folder


def run(root: Path, verb: str, **request: Any) -> Any:
    function, request_class = load(verb)

    async def work() -> Any:
        wanted = request_class.from_wire({"manifest": str(root), **request})
        return await function(wanted, Operation())

    return asyncio.run(work())


class Reader:
    """Reads manifest and lock all the time, as an editor or a kernel might."""

    def __init__(self, root: Path) -> None:
        self.root, self.times = root, 0
        self.failures: list[str] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        manifest, lock = self.root / "pixi.toml", self.root / "pixi.lock"
        while not self._stop.wait(0.002):
            try:
                parse_manifest(manifest.read_text("utf-8"), manifest)
                read_lock(lock)
                self.times += 1
            except Exception as error:  # noqa: BLE001  whatever is wrong is a failure
                self.failures.append(repr(error))

    def end(self) -> None:
        self._stop.set()
        self._thread.join()


def start(root: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "pixi_jupyter", *words],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_twenty_processes_change_one_workspace_and_no_edit_is_lost(
    crowded: Path,
) -> None:
    orders = [["add", name] for name in ADDED]
    orders += [["remove", name] for name in REMOVED]
    orders += [["lock"]] * LOCKS
    reader = Reader(crowded)

    children = [start(crowded, *words) for words in orders]
    said = [child.communicate(timeout=120) for child in children]
    reader.end()

    codes = [child.returncode for child in children]
    assert codes == [0] * 20, [err for _, err in said if err]
    assert reader.failures == []
    assert reader.times > 20
    text = (crowded / "pixi.toml").read_text()
    named = set(
        parse_manifest(text, crowded / "pixi.toml")
        .features["default"]
        .default.dependencies
    )
    assert named == {*ADDED, "keep"}
    assert text.startswith("# what we need\n")
    assert not run(crowded, "install").lock_written
    prefix = crowded / ".pixi/envs/default"
    assert_whole(prefix)
    there = {path.stem for path in (prefix / "share").iterdir()}
    assert there == {*ADDED, "keep"}
    assert {each.state for each in read_operations(crowded)} == {"succeeded"}


def links(root: Path) -> int:
    """Count the operations that put anything into a prefix."""
    logs = [log_path(root, each.id).read_text() for each in read_operations(root)]
    return sum('"phase": "link"' in log for log in logs)


def test_of_ten_starts_in_an_environment_that_is_not_there_one_installs_it(
    crowded: Path,
) -> None:
    clients = [Client(sys.executable) for _ in range(10)]
    params = {"verb": "ensure_installed", "request": {"manifest": str(crowded)}}

    async def ask() -> list[Any]:
        return await asyncio.gather(
            *(client.acall("verb", params) for client in clients)
        )

    answers = asyncio.run(ask())
    for client in clients:
        client.close()

    assert [answer["changed"] for answer in answers].count(True) == 1
    assert len({str(answer["payload"]) for answer in answers}) == 1
    assert links(crowded) == 1
    assert_whole(crowded / ".pixi/envs/default")


@pytest.mark.slow
async def test_ten_kernels_start_at_once_and_one_of_them_installs(
    make_workspace: Callable[..., Path],
    embedded_channel: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    text = MANIFEST.format(
        channel=embedded_channel,
        platform=host_subdir(),
        dependencies='ipykernel = "*"\npython = "*"',
    )
    root = make_workspace(text, "many-kernels")
    function, request_class = load("kernel_install")
    done = await function(request_class.from_wire({"manifest": str(root)}), Operation())
    managers = [AsyncKernelManager(kernel_name=done.kernels[0].name) for _ in range(10)]

    await asyncio.gather(*(manager.start_kernel() for manager in managers))
    alive = [await manager.is_alive() for manager in managers]
    for manager in managers:
        await manager.shutdown_kernel(now=True)

    assert alive == [True] * 10
    assert links(root) == 1
    assert_whole(root / ".pixi/envs/default")
