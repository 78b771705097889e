"""Workspaces on the embedded channel, with their kernels registered."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import nbformat
import pytest
from support.packages import make_channel

from pixi_jupyter.events import Operation
from pixi_jupyter.platforms import host_subdir
from pixi_jupyter.verbs.kernel import KernelInstallRequest, kernel_install

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MANIFEST = """\
[workspace]
name = "{name}"
channels = [{channels}]
platforms = ["{platform}"]

[feature.python.dependencies]
python = "*"

[feature.kernel.dependencies]
ipykernel = "*"

[feature.old.dependencies]
traitlets = "<5"

[feature.empty.dependencies]
tiny = "*"

[environments]
default = ["python", "kernel"]
bare = {{ features = ["python"], no-default-feature = true }}
old = {{ features = ["python", "old"], no-default-feature = true }}
nothing = {{ features = ["empty"], no-default-feature = true }}
"""


@pytest.fixture(scope="session")
def odd_channel(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give packages that stand in the way of ipykernel, or have nothing to do with it."""
    folder = tmp_path_factory.mktemp("odd-channel")
    old = {
        "name": "traitlets",
        "version": "4.3.3",
        "noarch": "python",
        "depends": ["python"],
        "files": {"site-packages/traitlets.py": "__version__ = '4.3.3'\n"},
    }
    toy = {
        "name": "toy-kernel",
        "depends": ["ipykernel"],
        "files": {
            "share/jupyter/kernels/toy/kernel.json": (
                '{"argv": ["python", "-m", "ipykernel_launcher", "-f",'
                ' "{connection_file}"], "display_name": "Toy", "language": "toy"}'
            )
        },
    }
    return make_channel(folder, [old, {"name": "tiny"}, toy])


@pytest.fixture
def workspace(
    make_workspace: Callable[..., Path],
    embedded_channel: str,
    odd_channel: str,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """Give a workspace that is neither locked nor installed."""
    name = request.node.name.replace("[", "-").replace("]", "")[:40]
    channels = f'"{embedded_channel}", "{odd_channel}"'
    folder = make_workspace(
        MANIFEST.format(name=name, channels=channels, platform=host_subdir())
        # the old traitlets is in the second channel, so the first must not hide it
        .replace("[workspace]", '[workspace]\nchannel-priority = "disabled"'),
        name,
    )
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def kernels(workspace: Path) -> dict[str, str]:
    """Register all kernels of the workspace; give their names by environment."""
    done = asyncio.run(
        kernel_install(KernelInstallRequest(manifest=workspace), Operation())
    )
    return {each.environment: each.name for each in done.kernels}


@pytest.fixture
def write_notebook(tmp_path: Path) -> Callable[..., Path]:
    """Give a function that writes a notebook of some cells for some kernel."""

    def write(kernel: str, *cells: str, name: str = "notebook.ipynb") -> Path:
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(cell) for cell in cells]
        )
        notebook.metadata["kernelspec"] = {
            "name": kernel,
            "display_name": kernel,
            "language": "python",
        }
        path = tmp_path / name
        nbformat.write(notebook, path)
        return path

    return write
