"""Wheels on top of a python that conda installed."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from support.pypi import Pypi
from support.registry import MockIndex, make_wheel

from pixi_jupyter.adapters.rattler import Session
from pixi_jupyter.adapters.uv import Uv, UvOptions
from pixi_jupyter.events import Operation
from pixi_jupyter.install.conda import install_prefix
from pixi_jupyter.install.prefix import python_of
from pixi_jupyter.install.pypi import PypiTarget, install_pypi
from pixi_jupyter.install.pypi_dists import read_dists
from pixi_jupyter.install.verify import verify_prefix
from pixi_jupyter.platforms import Platform, host_subdir
from pixi_jupyter.solve.pypi import PypiRequest, solve_pypi_all
from pixi_jupyter.solve.pypi_options import PypiOptions
from pixi_jupyter.solve.pypi_requirements import parse_requirement

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.installs import Install

    from pixi_jupyter.adapters.rattler import RepoDataRecord

HOST = Platform(host_subdir(), host_subdir())


@pytest.fixture
async def records(
    install: Install, embedded_channel: str, shared_folder: Path
) -> list[RepoDataRecord]:
    """Install a real python with a package of its own, as conda would."""
    session = Session(shared_folder / "pypi-conda-cache")
    found = await session.solve(
        [embedded_channel], ["python", "packaging"], subdir=HOST.subdir
    )
    await install_prefix(
        install.prefix, found, session=session, operation=install.operation
    )
    return found


async def bring(
    install: Install,
    records: list[RepoDataRecord],
    requirements: dict[str, object],
    options: PypiOptions,
    uv: Uv,
) -> list[str]:
    """Solve and install; give the names."""
    asked = [
        each
        for name, value in requirements.items()
        for each in parse_requirement(name, value)
    ]
    request = PypiRequest(
        environment="default",
        platform=HOST,
        records=tuple(records),
        requirements=tuple(asked),
        root=install.folder,
        options=options,
        python=python_of(install.prefix),
    )
    (solution,) = await solve_pypi_all([request], uv, Operation())
    target = PypiTarget(
        prefix=install.prefix,
        python=next(x for x in records if x.name.normalized == "python"),
        records=solution.records,
        root=install.folder,
        options=options,
    )
    await install_pypi(target, uv, Operation())
    again = await install_pypi(target, uv, Operation())
    assert not again.changed
    gone = await install_pypi(replace(target, records=()), uv, Operation())
    assert set(gone.removed) == {each.name for each in solution.records}
    await install_pypi(target, uv, Operation())
    return [each.name for each in solution.records]


def run(install: Install, code: str) -> str:
    done = subprocess.run(
        [python_of(install.prefix), "-c", code],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


async def test_conda_s_files_stay_as_they_were(
    install: Install,
    records: list[RepoDataRecord],
    mock_index: Callable[[], MockIndex],
    tmp_path: Path,
) -> None:
    pypi = Pypi(mock_index(), tmp_path / "pypi")
    pypi.index.add(make_wheel(pypi.files, "spam", requires=["packaging>=20", "ham"]))
    program = "[console_scripts]\nham = ham:main\n"
    files = {
        "ham.py": "def main(): print('eaten')\n",
        "ham-1.0.dist-info/entry_points.txt": program,
    }
    pypi.index.add(make_wheel(pypi.files, "ham", files=files))
    options = PypiOptions(uv=UvOptions(index_url=pypi.index.simple_url))

    names = await bring(install, records, {"spam": "*"}, options, pypi.uv)

    assert names == ["ham", "spam"]
    assert run(install, "import spam, packaging; print(spam.version)") == "1.0"
    script = "import subprocess, sys; subprocess.run([sys.prefix + '/bin/ham'])"
    assert run(install, script) == "eaten"
    assert verify_prefix(install.prefix, hashes=True) == {}
    site = next((install.prefix / "lib").glob("python3*")) / "site-packages"
    installers = {dist.name: dist.installer for dist in read_dists(site)}
    assert installers["spam"] == installers["ham"] == "uv-pixi"
    assert "/simple/packaging/" not in pypi.index.paths()


@pytest.mark.network
async def test_real_wheels_are_installed(
    install: Install, records: list[RepoDataRecord], tmp_path: Path
) -> None:
    options = PypiOptions(uv=pip_s_indexes())
    uv = Uv(tmp_path / "cache" / "uv-cache", environ=dict(os.environ))

    names = await bring(install, records, {"rich": ">=13", "httpx": "*"}, options, uv)

    assert {"rich", "httpx", "markdown-it-py", "certifi"} <= set(names)
    code = "import rich, httpx, packaging; print(httpx.URL('https://a.example').host)"
    assert run(install, code) == "a.example"
    assert verify_prefix(install.prefix, hashes=True) == {}


def pip_s_indexes() -> UvOptions:
    """Take the indexes that pip is configured to use here, if any."""
    words = [sys.executable, "-m", "pip", "config", "list"]
    listed = subprocess.run(words, capture_output=True, text=True, check=False).stdout
    urls: dict[str, list[str]] = {"index-url": [], "extra-index-url": []}
    for line in listed.splitlines():
        key, _, value = line.partition("=")
        if (name := key.rpartition(".")[2]) in urls:
            urls[name] += value.strip("'\"").split()
    both = [*urls["index-url"], *urls["extra-index-url"]]
    first = both[0] if both else None
    return UvOptions(index_url=first, extra_index_urls=tuple(both[1:]))
