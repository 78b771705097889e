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


@pytest.mark.timeout(20)
def test_many_stars_are_no_riddle() -> None:
    name = "a" * 63

    assert parse_selector("*a" * 31 + "*").matches(Platform(name, "linux-64"))
    assert not parse_selector("*a" * 31 + "*b").matches(Platform(name, "linux-64"))


@pytest.mark.parametrize(
    ("wildcard", "name", "is_meant"),
    [
        ("a*a", "a", False),
        ("a*a", "aa", True),
        ("*", "x", True),
        ("a*b*c", "abbc", True),
        ("a*b*c", "acb", False),
        ("*-64", "linux-64", True),
        ("a*bc*c", "abc", False),
    ],
)
def test_a_wildcard_matches_the_whole_name(
    wildcard: str, name: str, *, is_meant: bool
) -> None:
    assert parse_selector(wildcard).matches(Platform(name, "linux-64")) is is_meant
