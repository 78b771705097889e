"""A real server lists the environments of the workspace it was started in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytest_plugins = ["pytest_jupyter.jupyter_server"]

# Of jupyter_server and what it imports; none is ours to mend.
pytestmark = pytest.mark.filterwarnings("default")

MANIFEST = """\
[workspace]
name = "climate"
channels = []
platforms = ["linux-64", "osx-arm64", "win-64"]

[feature.gpu.dependencies]
cupy = "*"

[environments]
gpu = ["gpu"]
"""


@pytest.fixture
def jp_server_config() -> dict[str, Any]:
    return {"ServerApp": {"jpserver_extensions": {"pixi_jupyter": True}}}


@pytest.fixture
def specs(
    jp_fetch: Callable[..., Any], jp_asyncio_loop: Any
) -> Callable[[], dict[str, Any]]:
    """Ask the server for its kernelspecs, on the loop that the server runs on."""

    def ask() -> dict[str, Any]:
        answer = jp_asyncio_loop.run_until_complete(jp_fetch("api", "kernelspecs"))
        found: dict[str, Any] = json.loads(answer.body)["kernelspecs"]
        return found

    return ask


def ours(found: dict[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in found.items() if name.startswith("pixi-")}


def test_environments_that_are_not_installed_are_offered(
    jp_root_dir: Path, specs: Callable[[], dict[str, Any]]
) -> None:
    (jp_root_dir / "pixi.toml").write_text(MANIFEST)

    found = specs()

    assert sorted(each["spec"]["display_name"] for each in ours(found).values()) == [
        "climate: default",
        "climate: gpu",
    ]
    assert "python3" in found
    metadata = next(iter(ours(found).values()))["spec"]["metadata"]
    assert metadata["kernel_provisioner"]["provisioner_name"] == "pixi-jupyter"


def test_a_logo_is_served_for_each_of_them(
    jp_root_dir: Path,
    specs: Callable[[], dict[str, Any]],
    jp_fetch: Callable[..., Any],
    jp_asyncio_loop: Any,
) -> None:
    (jp_root_dir / "pixi.toml").write_text(MANIFEST)
    name, each = next(iter(ours(specs()).items()))

    logo = jp_asyncio_loop.run_until_complete(
        jp_fetch("kernelspecs", name, "logo-64x64.png")
    )

    assert "logo-64x64" in each["resources"]
    assert logo.body.startswith(b"\x89PNG")


def test_a_new_manifest_is_seen_at_once_and_a_broken_one_hides_nothing(
    jp_root_dir: Path, specs: Callable[[], dict[str, Any]]
) -> None:
    before = specs()
    (jp_root_dir / "pixi.toml").write_text(MANIFEST)
    after = specs()
    (jp_root_dir / "pixi.toml").write_text("[workspace")
    broken = specs()

    assert [len(ours(found)) for found in (before, after, broken)] == [0, 2, 2]
    assert "python3" in broken


def test_kernels_are_pending_so_that_an_install_blocks_no_request(
    jp_serverapp: Any,
) -> None:
    assert jp_serverapp.kernel_manager.use_pending_kernels is True
