"""A conflict between conda and PyPI names both, in a few words of ours."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from support.pypi import LINUX, Pypi, conda_record
from support.registry import MockIndex, make_wheel

from pixi_jupyter.adapters.rattler import record_mapping
from pixi_jupyter.errors import PypiResolutionError
from pixi_jupyter.manifest.compose import compose
from pixi_jupyter.manifest.parse import read_manifest
from pixi_jupyter.names import projects
from pixi_jupyter.solve.pypi_explain import explain_pypi
from pixi_jupyter.solve.pypi_requirements import read_requirements

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MANIFEST = """\
[workspace]
name = "w"
channels = ["forge"]
platforms = ["linux-64"]

[dependencies]
python = "3.11.*"
numpy = "<2"

[pypi-dependencies]
"""


@pytest.fixture
def pypi(mock_index: Callable[[], MockIndex], tmp_path: Path) -> Pypi:
    return Pypi(mock_index(), tmp_path)


async def explained(pypi: Pypi, lines: str) -> PypiResolutionError:
    path = pypi.root / "pixi.toml"
    path.write_text(MANIFEST + lines)
    environment = compose(read_manifest(path)).environment("default")
    requirements = read_requirements(environment, LINUX)
    numpy = conda_record("numpy", "1.26.4")
    request = pypi.request({}, numpy)
    with pytest.raises(PypiResolutionError) as caught:
        await pypi.solve_all(replace(request, requirements=tuple(requirements)))
    return explain_pypi(
        caught.value,
        requirements,
        path.read_text(),
        provided=projects([record_mapping(numpy)], {}),
        conda_requirements=environment.requirements(LINUX),
    )


async def test_a_package_asked_of_both_names_both_lines(pypi: Pypi) -> None:
    error = await explained(pypi, 'numpy = ">=2"\n')

    assert error.guilty == (
        "pixi.toml:11  numpy>=2       of PyPI",
        "pixi.toml:8   numpy 1.26.4   conda's, from forge, for numpy <2",
    )
    assert "{command} remove --pypi numpy   conda brings it already" in error.hints
    assert error.message == (
        "Environment default has no solution of its PyPI requirements for linux-64"
    )


async def test_a_need_below_names_who_has_it(pypi: Pypi) -> None:
    for version in ("1.0", "2.0"):
        wheel = make_wheel(pypi.files, "spam", version, requires=["numpy>=2"])
        pypi.index.add(wheel)

    error = await explained(pypi, 'spam = ">=2"\nother = "*"\n')

    first, second = error.guilty[:2]
    assert first.split() == ["pixi.toml:11", "spam>=2", "of", "PyPI"]
    assert second.strip() == "spam >=2.0 needs numpy>=2"
    assert error.guilty[2].startswith("pixi.toml:8   numpy 1.26.4")
    assert not any("other" in line for line in error.guilty)
    assert len(error.guilty) <= 6
    assert error.lines()[5].strip().startswith("Because ")


async def test_a_package_that_no_index_has_is_no_conflict_with_conda(
    pypi: Pypi,
) -> None:
    error = await explained(pypi, 'nosuch = "*"\n')

    assert error.guilty == ("pixi.toml:11  nosuch   of PyPI",)
    assert "was not found in the package registry" in str(error)
    assert not error.pinned
