from __future__ import annotations

import pytest
from support.manifests import composed

from pixi_jupyter.errors import UnsupportedPlatformError
from pixi_jupyter.manifest.compose import best_platform
from pixi_jupyter.platforms import VirtualPackage


def choose(platforms: str, host: str, *packages: str) -> str:
    text = f"[workspace]\nchannels = []\nplatforms = [{platforms}]\n"
    environment = composed(text).environment("default")
    return best_platform(environment, host, map(VirtualPackage.parse, packages)).name


GPU = '{ name = "gpu", platform = "linux-64", cuda = "12.2" }'


@pytest.mark.parametrize(
    ("platforms", "host", "packages", "name"),
    [
        ('"win-64", "linux-64"', "linux-64", [], "linux-64"),
        (f'{GPU}, "linux-64"', "linux-64", ["__cuda=12.4=0"], "gpu"),
        (f'{GPU}, "linux-64"', "linux-64", ["__cuda=12.0=0"], "linux-64"),
        (f'{GPU}, "linux-64"', "linux-64", [], "linux-64"),
        (f'"linux-64", {GPU}', "linux-64", ["__cuda=12.4=0"], "linux-64"),
        ('"osx-64"', "osx-arm64", [], "osx-64"),
        ('"osx-64", "osx-arm64"', "osx-arm64", [], "osx-arm64"),
        ('"win-64"', "win-arm64", [], "win-64"),
        ('"win-32"', "win-64", [], "win-32"),
        ('"emscripten-wasm32"', "linux-64", [], "emscripten-wasm32"),
    ],
)
def test_a_machine_runs_the_first_platform_it_can(
    platforms: str, host: str, packages: list[str], name: str
) -> None:
    assert choose(platforms, host, *packages) == name


def test_what_the_machine_lacks_is_said() -> None:
    with pytest.raises(UnsupportedPlatformError) as caught:
        choose(GPU, "linux-64", "__cuda=11.8=0")

    assert caught.value.reasons == (
        "gpu: needs __cuda 12.2 or newer, this computer has 11.8",
    )


def test_a_platform_that_is_not_declared_can_be_added() -> None:
    with pytest.raises(UnsupportedPlatformError) as caught:
        choose('"osx-64"', "linux-64")

    assert caught.value.reasons == ()
    assert "add 'linux-64' to platforms" in caught.value.hints[0]
