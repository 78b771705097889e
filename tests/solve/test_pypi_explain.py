"""A conflict between conda and PyPI names both, in a few words of ours."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

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


async def test_two_lines_of_the_manifest_that_do_not_go_together_are_both_named(
    pypi: Pypi,
) -> None:
    publish(pypi, "spam", requires=["eggs>=2"])
    publish(pypi, "eggs", "1.0")
    publish(pypi, "eggs", "2.0")

    error = await explained(pypi, 'spam = "*"\neggs = "<2"\n')

    assert error.guilty == (
        "pixi.toml:11  spam                 of PyPI",
        "pixi.toml:12  eggs<2               of PyPI",
        "              spam needs eggs>=2",
    )
    assert error.hints == ("{command} upgrade eggs   lets it be another version",)


async def test_what_two_packages_need_of_a_third_is_named(pypi: Pypi) -> None:
    publish(pypi, "one", requires=["eggs<2"])
    publish(pypi, "two", requires=["eggs>=2"])
    publish(pypi, "eggs", "1.0")
    publish(pypi, "eggs", "2.0")

    error = await explained(pypi, 'one = "*"\ntwo = "*"\n')

    assert [line.split() for line in error.guilty[:2]] == [
        ["pixi.toml:11", "one", "of", "PyPI"],
        ["pixi.toml:12", "two", "of", "PyPI"],
    ]
    assert sorted(line.strip() for line in error.guilty[2:]) == [
        "one needs eggs<2",
        "two needs eggs>=2",
    ]


@pytest.mark.parametrize("asked", ["late", "user"])
async def test_a_python_that_is_too_old_is_named_with_its_line(
    pypi: Pypi, asked: str
) -> None:
    publish(pypi, "late", requires_python=">=3.13")
    publish(pypi, "user", requires=["late"])

    error = await explained(pypi, f'{asked} = "*"\n')

    assert len(error.guilty) == 3
    assert error.guilty[1].strip() == "late 1.0 needs Python>=3.13"
    assert error.guilty[2].split()[:3] == ["pixi.toml:7", "python", "3.11.7"]
    assert error.guilty[2].endswith("conda's, for python 3.11.*")
    assert error.hints[0].startswith("{command} upgrade python ")


async def test_a_need_far_below_still_names_conda_s_package(pypi: Pypi) -> None:
    publish(pypi, "top", requires=["mid"])
    publish(pypi, "mid", requires=["numpy>=2"])

    error = await explained(pypi, 'top = "*"\n')

    assert [line.split()[-1] for line in error.guilty] == ["PyPI", "numpy>=2", "<2"]
    assert "{command} add 'numpy *'   lets conda take another version" in error.hints
    assert not any("upgrade" in hint for hint in error.hints)


async def test_many_lines_are_cut_to_six(pypi: Pypi) -> None:
    names = [f"user{number}" for number in range(8)]
    for name in names:
        publish(pypi, name, requires=["numpy>=2"])

    error = await explained(pypi, "".join(f'{name} = "*"\n' for name in names))

    assert len(error.guilty) <= 6
    assert max(map(len, error.guilty)) <= 80


def publish(pypi: Pypi, name: str, version: str = "1.0", **more: Any) -> None:
    pypi.index.add(make_wheel(pypi.files, name, version, **more))
