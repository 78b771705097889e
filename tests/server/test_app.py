from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from support.environments import make_workspace

from pixi_jupyter.kernels.progress import SCHEMA_ID
from pixi_jupyter.kernels.specs import PixiSpecsMixin

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from pathlib import Path

pytest_plugins = ["pytest_jupyter.jupyter_server"]


class Configured(KernelSpecManager):
    """A manager that somebody configured for reasons of his own."""


@pytest.fixture
def jp_server_config() -> dict[str, Any]:
    extensions = {"pixi_jupyter.server.app": True}
    return {"ServerApp": {"jpserver_extensions": extensions}}


@pytest.fixture
def manifest(jp_root_dir: Path) -> Path:
    return make_workspace(jp_root_dir)


@pytest.fixture
def get(
    manifest: Path,
    jp_fetch: Callable[..., Any],
    jp_asyncio_loop: asyncio.AbstractEventLoop,
) -> Callable[..., Any]:
    async def answer(*path: str) -> Any:
        return await jp_fetch(*path)

    return lambda *path: jp_asyncio_loop.run_until_complete(answer(*path))


def test_a_server_lists_environments_that_are_not_installed(
    get: Callable[..., Any],
) -> None:
    specs = json.loads(get("api", "kernelspecs").body)["kernelspecs"]

    shown = {spec["spec"]["display_name"]: spec for spec in specs.values()}
    assert {"climate: default", "climate: test"} <= shown.keys()
    resources = shown["climate: test"]["resources"]
    assert {"logo-32x32", "logo-64x64", "logo-svg"} == resources.keys()


def test_it_serves_their_logos(get: Callable[..., Any]) -> None:
    specs = json.loads(get("api", "kernelspecs").body)["kernelspecs"]
    (name,) = (name for name in specs if name.endswith("-default"))

    logo = get("kernelspecs", name, "logo-64x64.png")

    assert logo.body.startswith(b"\x89PNG")


def test_starting_a_kernel_does_not_hold_the_request_up(
    jp_serverapp: Any,
) -> None:
    assert jp_serverapp.kernel_manager.use_pending_kernels is True


def test_clients_may_subscribe_to_progress_before_the_first(
    jp_serverapp: Any,
) -> None:
    assert SCHEMA_ID in jp_serverapp.event_logger.schemas


@pytest.mark.parametrize(
    "configured",
    [Configured, f"{__name__}.Configured"],
    ids=["class", "name"],
)
def test_a_manager_that_was_configured_is_kept_underneath(
    jp_configurable_serverapp: Callable[..., Any], configured: object
) -> None:
    app = jp_configurable_serverapp(
        config={
            "ServerApp": {
                "jpserver_extensions": {"pixi_jupyter.server.app": True},
                "kernel_spec_manager_class": configured,
            },
            "AsyncMultiKernelManager": {"use_pending_kernels": False},
        }
    )

    assert isinstance(app.kernel_spec_manager, PixiSpecsMixin)
    assert isinstance(app.kernel_spec_manager, KernelSpecManager)
    assert "Configured" in type(app.kernel_spec_manager).__name__
    assert app.kernel_manager.use_pending_kernels is False
