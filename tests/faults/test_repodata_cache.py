"""Broken files among the cached repodata: they heal, and what was done is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from support.served import Served


def _cached(served: Served, pattern: str) -> list[Path]:
    found = sorted((served.cache / "repodata").glob(pattern))
    assert found
    return found


def _garbage(data: bytes) -> bytes:
    return b"x" * len(data)


def _half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _nothing(data: bytes) -> bytes:
    return data[:0]


def _another(data: bytes) -> bytes:
    return b"\x81\xa4else\x01"  # a whole value, and no shard


DAMAGES = [_garbage, _half, _nothing, _another]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_broken_shard_is_taken_away_and_fetched_again(
    served: Served, damage: object
) -> None:
    assert callable(damage)
    served.good("lock")
    lock = (served.root / "pixi.lock").read_bytes()
    (served.root / "pixi.lock").unlink()
    shard, *_ = _cached(served, "shards-v1/*.msgpack")
    good = shard.read_bytes()
    shard.write_bytes(damage(good))

    answer = served.good("lock")

    assert "broken file" in answer.err
    assert "removed" in answer.err
    assert shard.read_bytes() == good
    assert (served.root / "pixi.lock").read_bytes() == lock


def test_a_broken_shard_without_a_network_costs_no_other(served: Served) -> None:
    served.good("lock")
    (served.root / "pixi.lock").unlink()
    broken, *others = _cached(served, "shards-v1/*.msgpack")
    broken.write_bytes(b"x")
    before = [path.read_bytes() for path in others]

    answer = served.run("lock", "--offline")

    assert answer.code == 1
    assert "not in the cache" in answer.err or "could not be read" in answer.err
    assert [path.read_bytes() for path in others] == before
    assert not (served.root / "pixi.lock").exists()


@pytest.mark.parametrize("damage", DAMAGES[:3])
@pytest.mark.parametrize(
    ("form", "pattern"),
    [
        ("shards", "*.shards-cache-v1"),
        ("plain", "*.json"),
    ],
)
def test_other_broken_files_are_fetched_again_without_a_word(
    served: Served, form: str, pattern: str, damage: object
) -> None:
    assert callable(damage)
    served.channel.forms = {form}
    served.good("lock")
    lock = (served.root / "pixi.lock").read_bytes()
    (served.root / "pixi.lock").unlink()
    for path in _cached(served, pattern):
        path.write_bytes(damage(path.read_bytes()))

    answer = served.good("lock")

    assert "warning" not in answer.err
    assert (served.root / "pixi.lock").read_bytes() == lock
