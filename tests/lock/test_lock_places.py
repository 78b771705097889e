"""Whether a conda package was built from the place that the manifest names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pixi_jupyter.lock.places import is_place

if TYPE_CHECKING:
    from pathlib import Path

GIT = "https://git.example/a/b"


@pytest.mark.parametrize(
    ("asked", "location", "expected"),
    [
        ({"path": "./own"}, "own", True),
        ({"path": "own/../own"}, "./own", True),
        ({"path": "./own"}, "other", False),
        ({"path": "./own"}, f"git+{GIT}#1", False),
        ({"git": GIT, "tag": "v1"}, f"git+{GIT}.git?tag=v1#1", True),
        ({"git": GIT, "tag": "v1"}, f"git+{GIT}?branch=v1#1", False),
        ({"git": GIT}, "own", False),
        ({"url": "https://me:word@x.example/a.zip"}, "https://x.example/a.zip", True),
        ({"url": "https://x.example/a.zip"}, "https://x.example/b.zip", False),
    ],
)
def test_a_place_is_compared(
    asked: dict[str, object],
    location: str,
    expected: bool,  # noqa: FBT001  a case
    tmp_path: Path,
) -> None:
    assert is_place(asked, location, tmp_path) is expected
