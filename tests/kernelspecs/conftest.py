"""A workspace that is only files, and a Jupyter data folder of its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "jupyter"
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(folder))
    return folder


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    path = tmp_path / "work" / "climate" / "pixi.toml"
    path.parent.mkdir(parents=True)
    path.write_text("[workspace]\n")
    return path


@pytest.fixture
def prefix(manifest: Path) -> Path:
    """Where the environment would be; nothing is there."""
    return manifest.parent / ".pixi" / "envs" / "default"


@pytest.fixture
def package_kernel(prefix: Path) -> Callable[..., Path]:
    """Put a kernel into the prefix as a package would."""

    def write(name: str, logos: tuple[str, ...] = (), **content: Any) -> Path:
        folder = prefix / "share" / "jupyter" / "kernels" / name
        folder.mkdir(parents=True)
        (folder / "kernel.json").write_text(json.dumps(content))
        for logo in logos:
            (folder / logo).write_bytes(b"picture of " + name.encode())
        return folder

    return write
