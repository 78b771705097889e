"""Reading a file never waits, and says what is in its place."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from pixi_jupyter.adapters.files import read_file

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_is_read_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xff\r\n\0")

    assert read_file(tmp_path / "a") == b"\xff\r\n\0"


@pytest.mark.timeout(20)
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a")

    with pytest.raises(OSError, match="not a regular file"):
        read_file(tmp_path / "a")


def test_a_folder_is_said_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError, match="it is a folder"):
        read_file(tmp_path)


def test_what_is_too_large_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 2_000_001)

    with pytest.raises(OSError, match="it has 2 MB, more than 1 are not read"):
        read_file(tmp_path / "a", most_bytes=1_000_000)
    assert len(read_file(tmp_path / "a", most_bytes=2_000_001)) == 2_000_001


def test_a_path_that_cannot_be_one_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="null"):
        read_file(tmp_path / "a\0b")


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="only Linux counts")  # noqa: PTH112  a system path
def test_a_refusal_leaves_nothing_open(tmp_path: Path) -> None:
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208  a system path

    for _ in range(5):
        with pytest.raises(IsADirectoryError):
            read_file(tmp_path)

    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208  a system path
