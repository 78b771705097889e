from __future__ import annotations

import pytest
from support.manifests import parse, refusal

from pixi_jupyter.adapters.rattler import is_microarchitecture
from pixi_jupyter.errors import ManifestParseError
from pixi_jupyter.manifest.platform_entries import _USUAL
from pixi_jupyter.platforms import Platform, VirtualPackage

HEAD = "[workspace]\nchannels = []\nplatforms = "


def one(entry: str) -> Platform:
    (platform,) = parse(f"{HEAD}[{entry}]\n").platforms
    return platform


@pytest.mark.parametrize(
    ("entry", "name", "custom"),
    [
        ('"linux-64"', "linux-64", ""),
        ('{ name = "osx-arm64" }', "osx-arm64", ""),
        (
            '{ platform = "linux-64", cuda = "12.0" }',
            "linux-64-cuda-12-0",
            "__cuda=12.0",
        ),
        (
            '{ platform = "linux-64", glibc = "2.31", cuda = "12", linux = "5.10" }',
            "linux-64-cuda-12-glibc-2-31-linux-5-10",
            "__cuda=12 __glibc=2.31 __linux=5.10",
        ),
        (
            '{ platform = "linux-aarch64", archspec = "armv8.2a" }',
            "linux-aarch64-archspec-armv8-2a",
            "__archspec=0=armv8.2a",
        ),
        (
            '{ name = "gpu", platform = "linux-64", cuda = { driver = "12", arch = "8.6" } }',
            "gpu",
            "__cuda=12 __cuda_arch=8.6",
        ),
        (
            '{ platform = "linux-64", __mine = "1.2=abc" }',
            "linux-64-mine-1-2-abc",
            "__mine=1.2=abc",
        ),
        ('{ platform = "osx-64", osx = "14.0" }', "osx-64-macos-14-0", "__osx=14.0"),
        ('{ platform = "linux-64", glibc = "2.28.0" }', "linux-64", ""),
        ('{ name = "plain", platform = "win-64" }', "plain", ""),
    ],
)
def test_an_entry_becomes_a_platform(entry: str, name: str, custom: str) -> None:
    platform = one(entry)

    assert platform.name == name
    assert platform.custom == tuple(map(VirtualPackage.parse, custom.split()))


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ('"linux64"', "`linux64` is no platform of conda"),
        ("{}", "a platform needs `platform` or `name`"),
        ('{ name = "gpu" }', "`gpu` is no platform of conda"),
        ('{ name = "gpu", platform = "linux" }', "`linux` is no platform of conda"),
        ('{ name = "a b", platform = "linux-64" }', "letters, digits and `-`"),
        ('{ name = "a-", platform = "linux-64" }', "letters, digits and `-`"),
        ('{ name = "macos", platform = "osx-64", osx = "14" }', "is a family"),
        ('{ name = "osx-64", platform = "linux-64" }', "a platform of its own"),
        ('{ name = "linux-64", cuda = "12" }', "needs a name other than"),
        ('{ platform = "osx-64", osx = "14", macos = "14" }', "declared twice"),
        ('{ platform = "linux-64", cuda = "12", __cuda = "12" }', "declared twice"),
        ('{ platform = "linux-64", cuda = { arch = "8.6" } }', "needs `driver`"),
        ('{ platform = "linux-64", cuda = "12 or 13" }', "a version belongs here"),
        ('{ platform = "linux-64", cuda = 12 }', "a string in quotes"),
        ('{ platform = "win-64", glibc = "2.28" }', "win-64 cannot have __glibc"),
        ('{ platform = "linux-64", kuda = "12" }', "no such key"),
        ('{ platform = "linux-64", archspec = "x86-64-v3" }', "no microarchitecture"),
        ('{ platform = "linux-64", archspec = "" }', "a string in quotes"),
        ('"linux-64", "linux-64"', "`linux-64` is there already"),
    ],
)
def test_a_wrong_entry_is_refused(entry: str, reason: str) -> None:
    error = refusal(f"{HEAD}[{entry}]\n")

    assert isinstance(error, ManifestParseError)
    assert reason in error.reason
    assert error.line == 3


def test_the_nearest_microarchitecture_is_proposed() -> None:
    error = refusal(f'{HEAD}[{{ platform = "linux-64", archspec = "x86_64v3" }}]\n')

    assert error.hints == ('did you mean "x86_64_v3"?',)


@pytest.mark.parametrize("name", _USUAL)
def test_what_is_proposed_is_known(name: str) -> None:
    assert is_microarchitecture(name)


def test_the_nearest_platform_is_proposed() -> None:
    error = refusal(f'{HEAD}["linux64"]\n')

    assert error.hints == ('did you mean "linux-64"?',)
    assert error.to_wire()["details"] == [
        "workspace.platforms[0]: `linux64` is no platform of conda",
        '   3 | platforms = ["linux64"]',
        "                    ^",
    ]
