"""Locks made by a real solve of a small channel, and real ones where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from support.locks import DATA, Locked, lock_manifest
from support.packages import make_channel

from pixi_jupyter.lock.file import Lock, parse_lock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MANIFEST = """
[workspace]
channels = ["CHANNEL"]
platforms = ["linux-64", "osx-arm64"]

[dependencies]
scipy = ">=1"
python = "*"

[feature.test.dependencies]
dask = "*"

[environments]
test = { features = ["test"], solve-group = "one" }
default = { solve-group = "one" }
"""
PACKAGES: list[dict[str, Any]] = [
    {"name": "python", "version": "3.11.1", "subdir": "linux-64"},
    {"name": "python", "version": "3.12.1", "subdir": "linux-64"},
    {"name": "python", "version": "3.12.1", "subdir": "osx-arm64"},
    {"name": "numpy", "version": "1.26", "depends": ["python"]},
    {"name": "numpy", "version": "2.1", "depends": ["python"]},
    {"name": "scipy", "version": "1.14", "depends": ["numpy >=1.26,<3"]},
    {"name": "dask", "version": "2024.1", "depends": ["numpy"]},
    {"name": "system", "version": "1.0", "depends": ["__glibc >=2.17"]},
    {"name": "array", "version": "1.0", "extra_depends": {"fast": ["dask"]}},
]


@pytest.fixture(scope="session")
def channel(tmp_path_factory: pytest.TempPathFactory) -> str:
    return make_channel(tmp_path_factory.mktemp("lock") / "channel", PACKAGES)


@pytest.fixture
def locked(tmp_path: Path, channel: str) -> Callable[[str], Locked]:
    """Give a function that solves a manifest (``CHANNEL`` stands for the URL)."""
    return lambda text: lock_manifest(text.replace("CHANNEL", channel), tmp_path)


@pytest.fixture
def solved(locked: Callable[[str], Locked]) -> Locked:
    """Give two environments in one solve group, locked for two platforms."""
    return locked(MANIFEST)


PYPI_PACKAGES: list[dict[str, Any]] = [
    {"name": "python", "version": "3.12.1", "subdir": "linux-64", "purls": []},
    {
        "name": "numpy",
        "version": "1.26",
        "depends": ["python"],
        "purls": ["pkg:pypi/numpy"],
    },
    {"name": "plain", "version": "1.0"},
]


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Locked]:
    folder = tmp_path_factory.mktemp("pypi")
    url = make_channel(folder / "channel", PYPI_PACKAGES)
    made: dict[str, Locked] = {}

    def lock(text: str) -> Locked:
        if text not in made:
            made[text] = lock_manifest(
                text.replace("CHANNEL", url), folder / str(len(made))
            )
        return made[text]

    return lock


@pytest.fixture
def parsed(tmp_path: Path) -> Callable[[str], Lock]:
    """Give a function that reads the text of a lock."""
    return lambda text: parse_lock(text, tmp_path / "pixi.lock")


@pytest.fixture(scope="session")
def real_records(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """Give two thousand records of conda-forge as they were published."""
    folder = DATA / "repodata" / "conda-forge-subchannel-2024-05" / "linux-64"
    packed = folder / "repodata.json.zst"
    if not packed.exists():
        pytest.skip("no real repodata here")
    import zstandard
    from rattler import Channel, PackageName
    from rattler.repo_data import SparseRepoData

    path = tmp_path_factory.mktemp("repodata") / "repodata.json"
    with packed.open("rb") as file, path.open("wb") as unpacked:
        zstandard.ZstdDecompressor().copy_stream(file, unpacked)
    data = SparseRepoData(Channel("conda-forge"), "linux-64", path)
    found: list[Any] = []
    for name in data.package_names():
        found += data.load_records(PackageName(name))
        if len(found) > 2000:
            break
    return found
