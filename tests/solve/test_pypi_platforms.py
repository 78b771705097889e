"""Platforms, builds and moments: which of several files is the one."""

from __future__ import annotations

import hashlib
from datetime import datetime, timezone
from typing import TYPE_CHECKING

import pytest
from support.pypi import LINUX, PYTHON, Pypi, conda_record
from support.registry import MockIndex, make_sdist, make_wheel

from pixi_jupyter.errors import (
    NotSupportedYetError,
)
from pixi_jupyter.platforms import Platform, VirtualPackage

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def pypi(mock_index: Callable[[], MockIndex], tmp_path: Path) -> Pypi:
    return Pypi(mock_index(), tmp_path)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        ("highest", ("2.0", "2.0")),
        ("lowest", ("1.0", "1.0")),
        ("lowest-direct", ("1.0", "2.0")),
    ],
)
async def test_strategies_are_pixi_s(
    pypi: Pypi, strategy: str, expected: tuple[str, str]
) -> None:
    for version in ("1.0", "2.0"):
        pypi.index.add(make_wheel(pypi.files, "spam", version, requires=["ham>=1"]))
        pypi.index.add(make_wheel(pypi.files, "ham", version))

    found = await pypi.solve({"spam": ">=1"}, strategy=strategy)

    assert (found["spam"].version, found["ham"].version) == expected


async def test_what_is_too_new_does_not_exist(pypi: Pypi) -> None:
    old, new = "2023-01-01T00:00:00Z", "2024-01-01T00:00:00Z"
    pypi.index.add(make_wheel(pypi.files, "spam", "1.0"), uploaded=old)
    pypi.index.add(make_wheel(pypi.files, "spam", "2.0"), uploaded=new)
    cutoff = datetime(2023, 6, 1, tzinfo=timezone.utc)

    found = await pypi.solve({"spam": "*"}, exclude_newer=cutoff)

    assert found["spam"].version == "1.0"


async def test_each_platform_gets_the_wheel_that_fits_it(pypi: Pypi) -> None:
    tags = {
        "linux-64": "cp311-cp311-manylinux_2_17_x86_64",
        "osx-arm64": "cp311-cp311-macosx_12_0_arm64",
        "win-64": "cp311-cp311-win_amd64",
    }
    for tag in (*tags.values(), "cp311-cp311-manylinux_2_34_x86_64", "py2-none-any"):
        pypi.index.add(make_wheel(pypi.files, "fast", tag=tag))

    solutions = await pypi.solve_all(
        *(pypi.request({"fast": "*"}, platform=Platform(name, name)) for name in tags)
    )

    for tag, solution in zip(tags.values(), solutions, strict=True):
        assert solution.records[0].location.endswith(f"-{tag}.whl")


async def test_a_newer_glibc_means_a_newer_wheel(pypi: Pypi) -> None:
    for minor in (17, 34):
        tag = f"cp311-cp311-manylinux_2_{minor}_x86_64"
        pypi.index.add(make_wheel(pypi.files, "fast", tag=tag))
    new = Platform("linux-64", "linux-64", (VirtualPackage("__glibc", "2.36"),))

    old_found = await pypi.solve({"fast": "*"})
    new_found = await pypi.solve({"fast": "*"}, platform=new)

    assert "manylinux_2_17" in old_found["fast"].location
    assert "manylinux_2_34" in new_found["fast"].location


async def test_an_sdist_is_read_and_not_built(pypi: Pypi) -> None:
    sdist = make_sdist(pypi.files, "old", requires=["ham>=1"], requires_python=">=3.7")
    pypi.index.add(sdist)
    pypi.index.add(make_wheel(pypi.files, "ham"))

    found = await pypi.solve({"old": "*"})

    assert found["old"].location.endswith("old-1.0.tar.gz")
    assert found["old"].sha256 == digest(sdist)
    assert found["old"].requires_dist == ("ham>=1",)
    assert found["old"].requires_python == ">=3.7"


async def test_no_build_leaves_sdists_out(pypi: Pypi) -> None:
    pypi.index.add(make_wheel(pypi.files, "spam", "1.0"))
    pypi.index.add(make_sdist(pypi.files, "spam", "2.0"))

    plain = await pypi.solve({"spam": "*"})
    built = await pypi.solve({"spam": "*"}, uv={"no_build": True})
    named = await pypi.solve({"spam": "*"}, uv={"no_build": ("spam",)})

    assert plain["spam"].version == "2.0"
    assert built["spam"].version == named["spam"].version == "1.0"


async def test_no_binary_leaves_wheels_out(pypi: Pypi) -> None:
    pypi.index.add(make_wheel(pypi.files, "spam", "1.0"))
    pypi.index.add(make_sdist(pypi.files, "spam", "1.0"))

    found = await pypi.solve({"spam": "*"}, uv={"no_binary": ("spam",)})

    assert found["spam"].location.endswith(".tar.gz")


async def test_markers_of_another_platform_ask_for_nothing(pypi: Pypi) -> None:
    text = {"version": "*", "markers": "sys_platform == 'win32'"}
    pypi.index.add(make_wheel(pypi.files, "spam"))

    assert await pypi.solve({"spam": text}) == {}
    assert pypi.index.paths() == []
    windows = Platform("win-64", "win-64")
    assert (await pypi.solve({"spam": text}, platform=windows)).keys() == {"spam"}


async def test_what_uv_cannot_solve_for_is_said(pypi: Pypi) -> None:
    power = Platform("linux-ppc64le", "linux-ppc64le")
    threads = conda_record("python_abi", "3.13", build="8_cp313t", depends=[])
    browser = Platform("emscripten-wasm32", "emscripten-wasm32")

    with pytest.raises(NotSupportedYetError, match="ppc64le"):
        await pypi.solve({"spam": "*"}, platform=power)
    with pytest.raises(NotSupportedYetError, match="free-threaded"):
        await pypi.solve({"spam": "*"}, threads)
    assert await pypi.solve({"spam": "*"}, platform=browser) == {}


async def test_python_counts_with_all_its_numbers(pypi: Pypi) -> None:
    pypi.index.add(make_wheel(pypi.files, "spam", "1.0"))
    pypi.index.add(make_wheel(pypi.files, "spam", "2.0", requires_python=">=3.11.5"))
    older = conda_record("python", "3.11.4", depends=[])

    assert (await pypi.solve({"spam": "*"}))["spam"].version == "2.0"
    found = await pypi.solve({"spam": "*"}, python_record=older)
    assert found["spam"].version == "1.0"
    assert PYTHON.version > older.version
    assert LINUX.is_plain
