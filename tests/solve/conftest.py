"""A small channel in which things can go wrong, and a session that reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from support.packages import make_channel

from pixi_jupyter.adapters.rattler import Session
from pixi_jupyter.platforms import Platform
from pixi_jupyter.solve.conda import SolveRequest

if TYPE_CHECKING:
    from pathlib import Path

PACKAGES: list[dict[str, Any]] = [
    {"name": "python", "version": "3.11.1", "subdir": "linux-64"},
    {"name": "python", "version": "3.12.1", "subdir": "linux-64"},
    {"name": "python", "version": "3.12.1", "subdir": "osx-arm64"},
    {"name": "numpy", "version": "1.26"},
    {"name": "numpy", "version": "2.1"},
    {"name": "numpy", "version": "2.3"},
    {"name": "numba", "version": "0.59", "depends": ["numpy <1.27", "python <3.12"]},
    {"name": "numba", "version": "0.61", "depends": ["numpy <2.3"]},
    {"name": "needsold", "version": "1.0", "depends": ["numpy <2"]},
    {"name": "needsnew", "version": "1.0", "depends": ["numpy >=2"]},
    {"name": "deep", "version": "1.0", "depends": ["needsold"]},
    {"name": "needsmissing", "version": "1.0", "depends": ["nothere >=2"]},
    {"name": "newglibc", "version": "1.0", "depends": ["__glibc >=2.40"]},
    {"name": "gpu", "version": "1.0", "depends": ["__cuda >=12"]},
    {"name": "mac", "version": "1.0", "depends": ["__osx"]},
    {"name": "capper", "version": "1.0", "constrains": ["numpy <2"]},
    {"name": "osxonly", "version": "1.0", "subdir": "osx-64"},
    {"name": "late", "version": "1.0", "timestamp": 1_800_000_000_000},
    {"name": "array", "version": "1.0", "extra_depends": {"fast": ["numpy"]}},
]


@pytest.fixture(scope="session")
def channel(tmp_path_factory: pytest.TempPathFactory) -> str:
    return make_channel(tmp_path_factory.mktemp("solve") / "channel", PACKAGES)


@pytest.fixture(scope="session")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return Session(cache_dir=tmp_path_factory.mktemp("solve-cache"))


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return tmp_path / "pixi.toml"


@pytest.fixture
def request_for(channel: str) -> Any:
    def make(*specs: str, **options: Any) -> SolveRequest:
        given = {
            "environment": "default",
            "platform": Platform("linux-64", "linux-64"),
            "channels": (channel,),
        }
        return SolveRequest(specs=specs, **{**given, **options})

    return make
