"""Cached shards that are broken are found, whole ones are left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from support.registry.msgpack import packed

from pixi_jupyter.adapters.rattler.shards import drop_broken_shards

if TYPE_CHECKING:
    from pathlib import Path

SHARD: dict[str, Any] = {
    "packages.conda": {"a-1-0.conda": {"size": 7, "sha256": b"\0" * 32, "x": None}},
    "removed": ["b", True, -3],
}
SMALL = b"\x81\xa1a\x93\x01\xff\xcb\x40\x00\x00\x00\x00\x00\x00\x00"
"""``{"a": [1, -1, 2.0]}`` in the short forms."""


def _put(folder: Path, **files: bytes) -> dict[str, Path]:
    (folder / "shards-v1").mkdir()
    paths = {name: folder / "shards-v1" / f"{name}.msgpack" for name in files}
    for name, data in files.items():
        paths[name].write_bytes(data)
    return paths


@pytest.mark.parametrize("whole", [packed(SHARD), SMALL], ids=["long", "short"])
def test_every_cut_is_found(tmp_path: Path, whole: bytes) -> None:
    cuts = {f"cut{end}": whole[:end] for end in range(len(whole))}
    paths = _put(tmp_path, whole=whole, more=whole + b"\0", **cuts)

    count = drop_broken_shards(tmp_path, all_of_them=True)

    assert count == len(cuts) + 1
    assert [name for name, path in paths.items() if path.exists()] == ["whole"]


def test_where_nothing_looks_broken_all_go_if_they_may(tmp_path: Path) -> None:
    paths = _put(tmp_path, a=SMALL, b=packed(SHARD))

    kept = drop_broken_shards(tmp_path, all_of_them=False)
    there = [path.exists() for path in paths.values()]
    gone = drop_broken_shards(tmp_path, all_of_them=True)

    assert (kept, there, gone) == (0, [True, True], 2)
    assert drop_broken_shards(tmp_path / "nowhere", all_of_them=True) == 0
