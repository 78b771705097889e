"""Packages of sources in a prefix: folders, builds, and what they need."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.pypi import Pypi
from support.pypi_prefix import PypiPrefix
from support.registry import MockIndex, make_sdist, make_wheel

from pixi_jupyter.adapters.uv import UvOptions
from pixi_jupyter.errors import (
    ClobberError,
    PypiBuildError,
)
from pixi_jupyter.solve.pypi_options import PypiOptions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def prefix(mock_index: Callable[[], MockIndex], tmp_path: Path) -> PypiPrefix:
    return PypiPrefix(Pypi(mock_index(), tmp_path)).make()


def publish(
    prefix: PypiPrefix, name: str, version: str = "1.0", **more: object
) -> Path:
    path = make_wheel(prefix.pypi.files, name, version, **more)  # type: ignore[arg-type]
    prefix.pypi.index.add(path)
    return path


async def test_a_clobber_by_a_build_is_told(prefix: PypiPrefix) -> None:
    prefix.add_conda("toolkit", "1.0", [f"{prefix.target(()).site}/old.py"])
    prefix.pypi.index.add(make_sdist(prefix.pypi.files, "old"))
    records = await prefix.lock({"old": "*"})

    with pytest.raises(ClobberError) as caught:
        await prefix.install(records)

    assert caught.value.is_done
    assert any("reinstall toolkit" in hint for hint in caught.value.hints)


async def test_a_folder_is_installed_by_reference_or_as_a_copy(
    prefix: PypiPrefix,
) -> None:
    project = prefix.pypi.root / "project"
    make_project(project, "proj")
    records = await prefix.lock({"proj": {"path": "project", "editable": True}})
    prefix.more["editable"] = frozenset(["proj"])

    await prefix.install(records)

    assert records[0].location == "./project"
    assert prefix.run("import proj; print(proj.version)") == "1.0"
    assert not (prefix.site / "proj.py").exists()
    assert not (await prefix.install(records)).changed
    prefix.more.clear()
    assert (await prefix.install(records)).reinstalled == ("proj",)
    assert (prefix.site / "proj.py").exists()
    assert not (await prefix.install(records)).changed


async def test_a_build_that_fails_says_why(prefix: PypiPrefix) -> None:
    project = prefix.pypi.root / "broken"
    make_project(project, "broken")
    records = await prefix.lock({"broken": {"path": "./broken"}})
    (project / "backend.py").write_text("raise RuntimeError('no compiler here')\n")

    with pytest.raises(PypiBuildError, match="no compiler here") as caught:
        await prefix.install(records)

    assert "broken" in caught.value.message


async def test_builds_without_isolation_see_the_packages_before_them(
    prefix: PypiPrefix,
) -> None:
    publish(prefix, "tool", files={"tool.py": "secret = 42\n"})
    project = prefix.pypi.root / "needs"
    make_project(project, "needs", backend_first="import tool\nassert tool.secret\n")
    table: dict[str, object] = {"tool": "*", "needs": {"path": "./needs"}}
    records = await prefix.lock(table)
    with pytest.raises(PypiBuildError, match="tool"):
        await prefix.install(records)
    options = UvOptions(
        index_url=prefix.pypi.index.simple_url, no_build_isolation=("needs",)
    )
    prefix.options = PypiOptions(uv=options)

    await prefix.install(records)

    assert prefix.dists().keys() == {"tool", "needs"}


def make_project(folder: Path, name: str, *, backend_first: str = "") -> None:
    """Write a project that builds itself."""
    folder.mkdir()
    (folder / f"{name}.py").write_text("version = '1.0'\n")
    (folder / "pyproject.toml").write_text(
        f'[project]\nname = "{name}"\nversion = "1.0"\n'
        '[build-system]\nrequires = []\nbuild-backend = "backend"\n'
        'backend-path = ["."]\n'
    )
    (folder / "backend.py").write_text(backend_first + BACKEND.replace("NAME", name))


BACKEND = """
import pathlib, zipfile

def _wheel(folder, files):
    info = "NAME-1.0.dist-info"
    files = {
        **files,
        f"{info}/METADATA": "Metadata-Version: 2.2\\nName: NAME\\nVersion: 1.0\\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{x},,\\n" for x in (*files, f"{info}/RECORD"))
    wheel = "NAME-1.0-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(folder, wheel), "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return wheel

def build_wheel(folder, config_settings=None, metadata_directory=None):
    return _wheel(folder, {"NAME.py": pathlib.Path("NAME.py").read_text()})

def build_editable(folder, config_settings=None, metadata_directory=None):
    return _wheel(folder, {"NAME.pth": str(pathlib.Path.cwd())})
"""
