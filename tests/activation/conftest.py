"""A prefix and its plan, made of files only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pixi_jupyter.activation import ActivationPlan

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def plan(tmp_path: Path) -> ActivationPlan:
    root = tmp_path / "climate study"
    prefix = root / ".pixi" / "envs" / "test"
    (prefix / "conda-meta").mkdir(parents=True)
    return ActivationPlan(
        prefix=prefix,
        root=root,
        manifest=root / "pixi.toml",
        name="climate",
        version="1.2",
        environment="test",
        platforms=("linux-64", "osx-arm64"),
    )
