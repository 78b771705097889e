"""What the tests of this room share: one real prefix, and small site folders."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest
from filelock import FileLock
from support.distributions import Site

from pixi_jupyter.channel.build import STAMP, ChannelReport, build_channel
from pixi_jupyter.channel.interpreter import Interpreter
from pixi_jupyter.events import Operation
from pixi_jupyter.platforms import baseline, host_subdir

if TYPE_CHECKING:
    from collections.abc import Callable


def install(channel: str, specs: list[str], prefix: Path, cache: Path) -> Path:
    """Solve as pixi would for this platform, and install."""
    from pixi_jupyter.adapters.rattler import Session

    subdir = host_subdir({})

    async def steps() -> None:
        session = Session(cache)
        records = await session.solve(
            [channel], specs, subdir=subdir, virtual_packages=baseline(subdir)
        )
        await session.install(records, prefix)

    asyncio.run(steps())
    return prefix


@pytest.fixture(scope="session")
def installer() -> Callable[..., Path]:
    """Give `install` to test modules, which cannot import this file."""
    return install


@pytest.fixture(scope="session")
def real_channel(embedded_channel: str) -> Path:
    """Give the folder of the embedded channel."""
    return Path(url2pathname(urlsplit(embedded_channel).path))


@pytest.fixture(scope="session")
def real_prefix(embedded_channel: str, shared_folder: Path) -> Path:
    """Install the embedded channel's main packages; the path has a space."""
    prefix = shared_folder / "a real prefix"
    specs = ["python", "ipykernel", "numpy"]
    with FileLock(shared_folder / "a-real-prefix.lock"):
        if not (prefix / "conda-meta").is_dir():
            install(embedded_channel, specs, prefix, shared_folder / "channel-cache")
    return prefix


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Give an empty site folder."""
    return Site(tmp_path / "source")


@pytest.fixture(scope="session")
def interpreter() -> Interpreter:
    """Describe the interpreter that runs the tests."""
    return Interpreter.running()


@pytest.fixture
def channel(real_channel: Path, tmp_path: Path) -> Path:
    """Give a channel that has a python already, which takes longest to make."""
    folder = tmp_path / "channel"
    stamps = json.loads((real_channel / STAMP).read_text("utf-8"))
    sources = {key: stamps["sources"][key] for key in ("python", "python_abi")}
    for source in sources.values():
        (folder / source["file"]).parent.mkdir(parents=True, exist_ok=True)
        os.link(real_channel / source["file"], folder / source["file"])
    text = json.dumps({"version": 1, "sources": sources})
    (folder / STAMP).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def build(channel: Path, site: Site) -> Callable[..., ChannelReport]:
    """Give a function that builds the channel from the site folder."""

    def build(*names: str, every: bool = False) -> ChannelReport:
        path = [str(site.folder)]
        return build_channel(
            channel, names, every=every, path=path, operation=Operation()
        )

    return build
