"""`%pixi add --pypi` in real kernels: of an environment, and with an overlay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from jupyter_client.manager import start_new_kernel
from support.kernels import run_cell
from support.registry import make_wheel

from pixi_jupyter.install.pypi_dists import sites

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.registry import MockIndex

pytestmark = [
    pytest.mark.slow,
    # as in test_notebooks_in_environments
    pytest.mark.filterwarnings(
        "ignore::ResourceWarning",
        "ignore::DeprecationWarning",
        "ignore::pytest.PytestUnraisableExceptionWarning",
    ),
]


@pytest.fixture
def index(
    workspace: Path, mock_index: Callable[[], MockIndex], tmp_path: Path
) -> MockIndex:
    """Give the workspace an index that has one package."""
    made = mock_index()
    made.add(make_wheel(tmp_path / "wheels", "spam"))
    manifest = workspace / "pixi.toml"
    options = f'\n[feature.python.pypi-options]\nindex-url = "{made.simple_url}"\n'
    manifest.write_text(manifest.read_text() + options)
    return made


@pytest.mark.parametrize("name", ["default", "bare"], ids=["own", "overlay"])
def test_a_package_of_pypi_is_imported_in_the_next_cell(
    workspace: Path,
    index: MockIndex,
    kernels: dict[str, str],
    name: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    del index
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    manager, client = start_new_kernel(kernel_name=kernels[name], startup_timeout=60)
    try:
        run_cell(client, "%pixi add --pypi spam -f python", timeout=60)

        assert run_cell(client, "import spam; print(spam.version)") == "1.0\n"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.context.term()
    (site,) = sites(workspace / ".pixi/envs" / name)
    assert (site / "spam.py").exists()

    # a kernel that starts now finds both, its own packages and those of PyPI
    manager, client = start_new_kernel(kernel_name=kernels[name], startup_timeout=60)
    try:
        code = "import spam, ipykernel; print(spam.version)"
        assert run_cell(client, code) == "1.0\n"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.context.term()
