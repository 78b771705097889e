from __future__ import annotations

import pytest

from pixi_jupyter.manifest.selectors import parse_selector
from pixi_jupyter.platforms import Platform, VirtualPackage

CUDA = Platform("linux-64-cuda", "linux-64", (VirtualPackage("__cuda", "12"),))
LINUX = Platform("linux-64", "linux-64")
MAC = Platform("osx-arm64", "osx-arm64")
WINDOWS = Platform("win-64", "win-64")
ALL = (CUDA, LINUX, MAC, WINDOWS)


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("unix", [CUDA, LINUX, MAC]),
        ("linux", [CUDA, LINUX]),
        ("osx", [MAC]),
        ("macos", [MAC]),
        ("win", [WINDOWS]),
        ("linux-64", [CUDA, LINUX]),
        ("linux-64-cuda", [CUDA]),
        ("*-cuda", [CUDA]),
        ("linux*", [CUDA, LINUX]),
        ("**64", [LINUX, MAC, WINDOWS]),
        ("*", [CUDA, LINUX, MAC, WINDOWS]),
        ("*-CUDA", []),
        ("cuda", []),
    ],
)
def test_a_selector_chooses_platforms(text: str, chosen: list[Platform]) -> None:
    selector = parse_selector(text)

    assert [each for each in ALL if selector.matches(each)] == chosen


@pytest.mark.parametrize("text", ["if(unix)", "linux-??", "[lw]*", "x" * 70 + "*"])
def test_what_can_select_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"parentheses|wildcard"):
        parse_selector(text)
