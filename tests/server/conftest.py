"""A server with our extension, and workspaces in its folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from support.asked import Asked, write_workspace
from support.packages import make_channel

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each test fetch its packages itself."""
    monkeypatch.setenv("RATTLER_CACHE_DIR", str(tmp_path / "cache"))


@pytest.fixture
def settings() -> dict[str, Any]:
    """Of the server, beside what every test has."""
    return {}


@pytest.fixture
def jp_server_config(settings: dict[str, Any]) -> dict[str, Any]:
    extensions = {"pixi_jupyter.server.app": True}
    more = settings.get("ServerApp", {})
    return {**settings, "ServerApp": {"jpserver_extensions": extensions, **more}}


@pytest.fixture
def server(
    jp_serverapp: Any,
    jp_fetch: Callable[..., Any],
    jp_asyncio_loop: asyncio.AbstractEventLoop,
) -> Asked:
    """A server whose folder is `jp_root_dir`."""
    return Asked(jp_serverapp, jp_fetch, jp_asyncio_loop)


@pytest.fixture
def channel(tmp_path: Path) -> str:
    """A channel with base, app (needs base) and tool."""
    return make_channel(
        tmp_path / "channel",
        [
            {"name": "base", "summary": "What others stand on"},
            {"name": "base", "version": "2.0"},
            {"name": "app", "depends": ["base"]},
            {"name": "tool"},
        ],
    )


@pytest.fixture
def study(jp_root_dir: Path, channel: str) -> Path:
    """A workspace in the folder study; gives its manifest."""
    return write_workspace(jp_root_dir / "study", channel, "app")
