"""The fetch phase: sources, sweeping, and channels that let us down."""

from __future__ import annotations

import functools
import http.server
import json
import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support.installs import ROOT, Install, assert_whole, files_of
from support.packages import make_channel

from pixi_jupyter.errors import DownloadError
from pixi_jupyter.install.fetch import find_missing, local_path, sweep_cache
from pixi_jupyter.install.filelock import FileLock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.installs import Publish


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("file:///opt/channel/a-1-0.conda", Path("/opt/channel/a-1-0.conda")),
        ("file:///opt/a%20b/c%23d-1-0.conda", Path("/opt/a b/c#d-1-0.conda")),
        ("https://channel.example/a-1-0.conda", None),
        ("s3://bucket/a-1-0.conda", None),
    ],
)
def test_only_file_urls_have_a_path(url: str, path: Path | None) -> None:
    assert local_path(url) == path


async def test_what_is_cached_is_not_missing(
    install: Install, publish: Publish
) -> None:
    publish({"name": "a"}, {"name": "b"})
    await install.install("a")
    wanted = await install.solve("a", "b")

    missing = await find_missing(wanted, install.session, install.operation)

    assert list(missing.sizes) == ["b"]
    assert missing.size_bytes == missing.records[0].size


async def test_a_channel_with_a_space_in_its_path_is_checked_too(
    tmp_path: Path, install: Install
) -> None:
    install.channel = make_channel(tmp_path / "a channel", [{"name": "a"}])
    wanted = await install.solve("a")
    archive = next((tmp_path / "a channel" / "noarch").glob("a-*.conda"))
    archive.write_bytes(b"something else")

    with pytest.raises(DownloadError) as caught:
        await find_missing(wanted, install.session, install.operation)

    assert caught.value.url == wanted[0].url
    assert not install.cache.joinpath("pkgs").exists()


def test_sweeping_takes_what_is_old_or_of_the_dead_and_nothing_else(
    tmp_path: Path,
) -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    host = socket.gethostname()
    folders = {
        f".pixi-jupyter-scratch-{host}-{child.pid}-x": "gone",
        f".pixi-jupyter-scratch-{host}-{os.getpid()}-x": "stays",
        ".pixi-jupyter-scratch-far.example-1-x": "stays",
        ".pixi-jupyter-scratch-old.example-1-x": "gone",
        "pkgs/.numpy-2.0-0AbCdEf": "stays",
        "pkgs/.scipy-1.0-0AbCdEf": "gone",
        "pkgs/numpy-2.0-0": "stays",
        "repodata": "stays",
    }
    for name in folders:
        (tmp_path / name / "inside").mkdir(parents=True)
    (tmp_path / "pkgs" / ".cache.lock").touch()
    for name in folders:
        if "numpy" not in name and "far.example" not in name:
            os.utime(tmp_path / name, (0, time.time() - 25 * 3600))
    os.utime(tmp_path / "pkgs" / ".cache.lock", (0, 0))

    sweep_cache(tmp_path)

    assert [n for n in folders if (tmp_path / n).exists()] == [
        n for n, fate in folders.items() if fate == "stays"
    ]
    assert (tmp_path / "pkgs" / ".cache.lock").exists()


def test_half_a_package_stays_while_py_rattler_is_at_work(tmp_path: Path) -> None:
    half = tmp_path / "pkgs" / ".scipy-1.0-0AbCdEf"
    half.mkdir(parents=True)
    os.utime(half, (0, 0))
    lock = FileLock(tmp_path / "pkgs" / ".cache.lock")

    assert lock.acquire()
    sweep_cache(tmp_path)
    during = half.exists()
    lock.release()
    sweep_cache(tmp_path)

    assert (during, half.exists()) == (True, False)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments: Any) -> None:
        """Say nothing."""


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


async def test_a_download_is_told_in_bytes(install: Install, publish: Publish) -> None:
    publish({"name": "a", "files": {"share/a": os.urandom(1 << 20)}})
    with _served(install.folder / "channel") as install.channel:
        outcome = await install.install("a")

    assert outcome.fetched_bytes > 1 << 20
    told = [e for e in install.events if e.phase == "fetch" and e.unit == "bytes"]
    assert told[0].total == outcome.fetched_bytes
    assert_whole(install.prefix)


LOST = """
import asyncio, json, os, sys
from pathlib import Path
from support.installs import Install
from pixi_jupyter.errors import PixiJupyterError

async def main():
    folder, channel = sys.argv[1:3]
    install = Install(Path(folder), channel)
    wanted = await install.solve("a 1.0", "b", "c 2.0")
    for archive in Path(folder, "channel", "noarch").glob("c-2.0-*"):
        archive.unlink()
    try:
        await install.put(wanted)
    except PixiJupyterError as error:
        print(json.dumps([error.code, str(error)]), flush=True)
    os._exit(0)

asyncio.run(main())
"""


async def test_a_server_that_lost_a_package_leaves_the_prefix_as_it_was(
    install: Install, publish: Publish
) -> None:
    publish(
        {"name": "a"}, {"name": "b"}, {"name": "c"}, {"name": "c", "version": "2.0"}
    )
    await install.install("a", "c 1.0")
    before = files_of(install.prefix)

    with _served(install.folder / "channel") as url:
        code, text = json.loads(_lose(install.folder, url))

    assert code == "download"
    assert "c-2.0-0.conda could not be fetched" in text
    assert files_of(install.prefix) == before
    assert_whole(install.prefix)
    assert not (await install.install("a", "c 1.0")).changed


def _lose(folder: Path, url: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", LOST, str(folder), url],
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=60,
    ).stdout
