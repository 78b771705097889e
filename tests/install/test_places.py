"""Which paths an environment can have."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pixi_jupyter.errors import PrefixPlaceError
from pixi_jupyter.install.places import check_place, windows_excess


@pytest.mark.parametrize(
    "path",
    [
        "/home/me/it's mine/.pixi/envs/default",
        '/home/me/a$b`c"d/.pixi/envs/default',
        "/home/日本/é/#1 100%?/.pixi/envs/default",
        f"/home/{'x' * 150}/.pixi/envs/default",
    ],
)
def test_a_path_that_programs_can_have_is_accepted(path: str) -> None:
    check_place(Path(path))


@pytest.mark.parametrize(
    ("path", "character"),
    [
        ("/home/a:b", "':' in it"),
        ("/home/a\nb", "a line break or another control character"),
        ("/home/a\\b", "a backslash in it"),
        ("/home/a b$c", 'a blank and one of " $ `'),
        (f"/home/{'x' * 150}`", 'more than 127 bytes and one of " $ `'),
        (os.fsdecode(b"/home/\xff"), "bytes that are not UTF-8"),
    ],
)
def test_a_path_that_no_program_can_have_is_named(path: str, character: str) -> None:
    with pytest.raises(PrefixPlaceError) as caught:
        check_place(Path(path))

    assert caught.value.character == character


def test_windows_is_asked_for_the_longest_file() -> None:
    prefix = "C:\\" + "p" * 200

    assert windows_excess(prefix, ["short.py"]) == 0
    assert windows_excess(prefix, ["short.py", "x" * 55]) == 0
    assert windows_excess(prefix, ["short.py", "x" * 60]) == 5
