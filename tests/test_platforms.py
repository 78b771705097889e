"""Virtual packages: what pixi assumes, what the manifest declares, what is overridden."""

from __future__ import annotations

from typing import Any

import pytest

from pixi_jupyter.platforms import (
    Platform,
    VirtualPackage,
    baseline,
    emulated,
    host_subdir,
    override,
)


def texts(packages: tuple[VirtualPackage, ...]) -> list[str]:
    return [str(package) for package in packages]


@pytest.mark.parametrize(
    ("subdir", "expected"),
    [
        (
            "linux-64",
            ["__unix=0=0", "__linux=4.18", "__glibc=2.28", "__archspec=0=x86_64"],
        ),
        ("osx-arm64", ["__unix=0=0", "__osx=13.0", "__archspec=0=m1"]),
        ("win-64", ["__win=10.0", "__archspec=0=x86_64"]),
    ],
)
def test_the_baseline_is_what_pixi_writes_into_its_locks(
    subdir: str, expected: Any
) -> None:
    assert texts(baseline(subdir)) == expected


def test_a_declared_package_takes_the_place_of_the_baselines() -> None:
    platform = Platform("gpu", "linux-64", (VirtualPackage("__glibc", "2.35"),))

    assert "__glibc=2.35" in texts(platform.virtual_packages)
    assert "__glibc=2.28" not in texts(platform.virtual_packages)


def test_another_libc_leaves_glibc_out() -> None:
    platform = Platform("musl", "linux-64", (VirtualPackage("__musl", "1.2"),))

    assert not [x for x in texts(platform.virtual_packages) if x.startswith("__glibc")]


def test_an_override_sets_and_an_empty_one_removes() -> None:
    host = (VirtualPackage("__glibc", "2.36", "0"), VirtualPackage("__cuda", "12", "0"))

    found = override(host, {"CONDA_OVERRIDE_GLIBC": "2.17", "CONDA_OVERRIDE_CUDA": ""})

    assert texts(found) == ["__glibc=2.17=0"]


def test_cuda_takes_its_architecture_with_it() -> None:
    host = (VirtualPackage("__cuda", "12"), VirtualPackage("__cuda_arch", "9.0"))

    assert override(host, {"CONDA_OVERRIDE_CUDA": ""}) == ()


@pytest.mark.parametrize("text", ["glibc=2", "__a=1=2=3"])
def test_a_text_that_is_no_virtual_package_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="virtual package"):
        VirtualPackage.parse(text)


def test_the_host_can_be_overridden_by_a_known_platform_only() -> None:
    assert host_subdir({"PIXI_OVERRIDE_PLATFORM": "win-64"}) == "win-64"
    assert host_subdir({"PIXI_OVERRIDE_PLATFORM": "amiga"}) == host_subdir({})


def test_an_apple_machine_also_runs_what_is_made_for_intel() -> None:
    assert emulated("osx-arm64") == ("osx-arm64", "osx-64")
