"""Whether a folder still says of itself what the lock remembers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.pypi_pairs import CLICK, MANIFEST, Pair, wheel

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.locks import Locked

PROJECT = """
[project]
name = "own"
version = "1.0"
requires-python = ">=3.10"
dependencies = ["click >= 8", "rich; os_name == 'nt'"]
[project.optional-dependencies]
all = ["own[more]"]
more = ["flask"]
"""
OWN = wheel(
    "own",
    location="./own",
    requires_python=">=3.10",
    requires_dist=[
        "click>=8",
        "rich ; os_name == 'nt'",
        "flask ; extra == 'more'",
        "flask ; extra == 'all'",
    ],
)
CHANGES = {
    "nothing": ("", "", []),
    "a requirement more": (
        '"click >= 8"',
        '"click >= 8", "attrs"',
        ["it also needs attrs"],
    ),
    "a requirement less": (
        ", \"rich; os_name == 'nt'\"",
        " ",
        ["it no longer needs rich"],
    ),
    "another bound": ("click >= 8", "click >= 8.1", ["it needs click in another way"]),
    "another version": ('"1.0"', '"2.0"', ["its version is 2.0, was 1.0"]),
    "another Python": (">=3.10", ">=3.11", ["it needs Python >=3.11, was >=3.10"]),
    "what only a build tells": (
        'version = "1.0"',
        'dynamic = ["version", "dependencies"]',
        [],
    ),
    "no project": (PROJECT, "[tool.poetry]\n", []),
    "no TOML": (PROJECT, "[[", []),
}


@pytest.mark.parametrize(("old", "new", "reasons"), CHANGES.values(), ids=CHANGES)
def test_what_a_folder_says_of_itself_is_compared(
    old: str, new: str, reasons: list[str], base: Callable[[str], Locked]
) -> None:
    folder: Path = base(MANIFEST).folder / "own"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pyproject.toml").write_text(
        PROJECT.replace(old or PROJECT, new or PROJECT)
    )

    found = Pair('own = { path = "own", editable = true }', (OWN, CLICK)).check(base)

    assert [each.text for each in found] == [
        f"own (./own) has changed: {reason}" for reason in reasons
    ]
    assert {each.scope for each in found} <= {"pypi"}
