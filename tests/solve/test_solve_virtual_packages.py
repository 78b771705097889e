"""The virtual packages that a platform is solved with."""

from __future__ import annotations

from pixi_jupyter.platforms import Platform, VirtualPackage
from pixi_jupyter.solve.conda import (
    solver_virtual_packages,
)

LINUX = Platform("linux-64", "linux-64")
MAC = Platform("osx-arm64", "osx-arm64")
WINDOWS = Platform("win-64", "win-64")


def texts(platform: Platform, **environ: str) -> list[str]:
    given = {"PIXI_OVERRIDE_PLATFORM": "linux-64", **environ}
    return [str(each) for each in solver_virtual_packages(platform, given)]


def test_without_overrides_the_platform_is_solved_as_it_is() -> None:
    rich = Platform("gpu", "linux-64", (VirtualPackage("__cuda", "12"),))

    for platform in (LINUX, MAC, WINDOWS, rich):
        assert texts(platform) == list(map(str, platform.virtual_packages))


def test_overrides_count_where_the_subdir_can_have_them() -> None:
    changed = {"CONDA_OVERRIDE_GLIBC": "2.17", "CONDA_OVERRIDE_CUDA": "12.4"}

    assert texts(LINUX, **changed) == [
        "__unix=0=0",
        "__linux=4.18",
        "__glibc=2.17=0",
        "__archspec=0=x86_64",
        "__cuda=12.4=0",
    ]
    assert texts(MAC, **changed) == texts(MAC)
    assert texts(WINDOWS, **changed) == [*texts(WINDOWS), "__cuda=12.4=0"]


def test_an_empty_override_takes_a_package_away_where_it_could_be() -> None:
    assert "__glibc" not in " ".join(texts(LINUX, CONDA_OVERRIDE_GLIBC=""))
    assert texts(MAC, CONDA_OVERRIDE_GLIBC="") == texts(MAC)


def test_a_microarchitecture_is_only_that_of_this_machine() -> None:
    changed = {"CONDA_OVERRIDE_ARCHSPEC": "x86_64_v3"}

    assert "__archspec=1=x86_64_v3" in texts(LINUX, **changed)
    assert "__archspec=1=x86_64_v3" in texts(WINDOWS, **changed)
    assert texts(MAC, **changed) == texts(MAC)
