"""Fixtures that every room shares: a home of its own, a real channel, workspaces."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from filelock import FileLock
from support.registry import MockChannel, MockIndex

from pixi_jupyter.channel.build import build_channel
from pixi_jupyter.events import Operation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give one folder for all workers of a run; what is in it is never changed."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@pytest.fixture(scope="session", autouse=True)
def home(shared_folder: Path) -> Iterator[Path]:
    """Keep the user's files out: home, configuration, caches and kernels are ours."""
    folder = shared_folder / "home"
    folder.mkdir(exist_ok=True)
    outside = {
        name: value
        for name, value in os.environ.items()
        if name.startswith(("PIXI_", "CONDA_", "RATTLER_", "JUPYTER_", "XDG_"))
    }
    before = dict(os.environ)
    for name in outside:
        del os.environ[name]
    os.environ["HOME"] = str(folder)
    os.environ["JUPYTER_PLATFORM_DIRS"] = "1"
    # compiling costs more than these short kernels gain, and outlives a test
    os.environ["PIXI_JUPYTER_BYTECODE"] = "none"
    os.environ["RATTLER_CACHE_DIR"] = str(shared_folder / "cache")
    yield folder
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="session")
def embedded_channel(shared_folder: Path) -> str:
    """Build the embedded channel once; give its URL."""
    folder = shared_folder / "embedded-channel"
    with FileLock(shared_folder / "embedded-channel.lock"):
        return build_channel(folder, operation=Operation()).url


@pytest.fixture
def make_workspace(tmp_path: Path) -> Callable[..., Path]:
    """Give a function that writes a manifest and returns the workspace's folder."""

    def make(text: str, name: str = "demo-workspace") -> Path:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "pixi.toml").write_text(text, encoding="utf-8")
        return folder

    return make


@pytest.fixture
def mock_channel(tmp_path: Path) -> Iterator[Callable[..., MockChannel]]:
    """Give a function that serves packages over HTTP; see `support.registry`."""
    with contextlib.ExitStack() as stack:

        def serve(*packages: Mapping[str, Any]) -> MockChannel:
            folder = Path(tempfile.mkdtemp(prefix="served-", dir=tmp_path))
            channel = MockChannel(folder)
            channel.publish(*packages)
            return stack.enter_context(channel)

        yield serve


@pytest.fixture
def mock_index() -> Iterator[Callable[[], MockIndex]]:
    """Give a function that serves a Python package index over HTTP."""
    with contextlib.ExitStack() as stack:
        yield lambda: stack.enter_context(MockIndex())
