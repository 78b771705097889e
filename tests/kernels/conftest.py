"""A workspace whose kernels are registered, with an engine that obeys the test."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support import installing_engine
from support.environments import make_workspace

from pixi_jupyter.kernelspecs import install_kernel, kernels_of

if TYPE_CHECKING:
    from collections.abc import Callable

ENGINE = [str(Path(installing_engine.__file__))]


@pytest.fixture(autouse=True)
def jupyter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Jupyter's folders, all of this test's own."""
    data = tmp_path / "jupyter"
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(data))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(data / "runtime"))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(data / "config"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    return data


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    return make_workspace(tmp_path / "work" / "climate")


@pytest.fixture
def register(manifest: Path) -> Callable[..., str]:
    """Register the kernels of an environment; gives the name of the last one."""

    def write(
        environment: str = "default", engine: list[str] = ENGINE, **changes: Any
    ) -> str:
        prefix = manifest.parent / ".pixi" / "envs" / environment
        for source in kernels_of(manifest, "climate", environment, prefix):
            path = install_kernel(source).folder / "kernel.json"
            content = json.loads(path.read_text())
            config = content["metadata"]["kernel_provisioner"]["config"]
            config.update({"engine": engine, **changes})
            path.write_text(json.dumps(content))
        return source.name

    return write
