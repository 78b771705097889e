"""How much room there is, and when a look at the disk is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pixi_jupyter.errors import DiskFullError
from pixi_jupyter.install.space import check_cache_room, free_bytes

if TYPE_CHECKING:
    from pathlib import Path


def test_the_room_of_a_folder_that_is_not_there_is_that_of_its_disk(
    tmp_path: Path,
) -> None:
    free = free_bytes(tmp_path / "not" / "there" / "yet")

    assert free is not None
    assert free > 0


def test_archives_larger_than_the_disk_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DiskFullError) as caught:
        check_cache_room(tmp_path, 1 << 60)

    assert caught.value.needed == 1 << 60
    assert caught.value.free == pytest.approx(free_bytes(tmp_path), rel=0.2)


def test_nothing_to_fetch_needs_no_room(tmp_path: Path) -> None:
    check_cache_room(tmp_path, 0)
