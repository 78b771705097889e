"""Disks that are full or read-only: what is said, and what is still there."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import pytest
from support.disks import on_disks
from support.faulty import Place

if TYPE_CHECKING:
    from pathlib import Path

SMALL = {"name": "small"}
NEWER = {"name": "small", "version": "2.0"}
BIG = {"name": "big", "files": {"share/big.bin": secrets.token_bytes(2_000_000)}}
AIRY = {"name": "airy", "files": {"share/airy.bin": b"\0" * 2_000_000}}
"""Its archive is tiny."""
MANY = {
    "name": "many",
    "files": {f"share/many/{number}.txt": "tiny" for number in range(400)},
}
"""A disk needs a block for each, which no list of sizes tells."""


@pytest.fixture
def place(tmp_path: Path) -> Place:
    found = Place(tmp_path / "study", tmp_path / "channel", tmp_path / "cache")
    found.publish(SMALL, NEWER, BIG, AIRY, MANY)
    found.depend(small="1.0")
    return found


def run(place: Place, *words: str, **environ: str) -> tuple[Any, ...]:
    return ("run", place.root, words, {**place.environ, **environ})


def names(files: dict[str, str]) -> set[str]:
    """Leave out what every command writes anew."""
    return {name for name in files if "operations" not in name}


def test_a_cache_without_room_for_the_archives_is_found_before_anything_is_fetched(
    place: Place,
) -> None:
    _, _, before, failed, after, cache, finished = on_disks(
        ("disk", place.cache, "1m"),
        run(place, "install"),
        ("look", place.prefix),
        run(place, "add", "big"),
        ("look", place.prefix),
        ("look", place.cache / "pkgs"),
        run(place, "install", RATTLER_CACHE_DIR=str(place.root.parent / "roomy")),
    )

    assert failed["code"] == 1
    assert f"disk of the package cache {place.cache} is full" in failed["err"]
    assert "at least 2.0 MB are needed, 1.0 MB are free" in failed["err"]
    assert "the environment is as it was" in failed["err"]
    assert "RATTLER_CACHE_DIR=FOLDER" in failed["err"]
    assert after == before
    assert not any("big" in name for name in cache)
    assert finished["code"] == 0, finished["err"]


def test_a_cache_that_is_full_while_it_is_filled_leaves_the_prefix_alone(
    place: Place,
) -> None:
    _, _, before, failed, after, finished = on_disks(
        ("disk", place.cache, "1m"),
        run(place, "install"),
        ("look", place.prefix),
        run(place, "add", "airy"),
        ("look", place.prefix),
        run(place, "install", RATTLER_CACHE_DIR=str(place.root.parent / "roomy")),
    )

    assert failed["code"] == 1
    assert f"disk of the package cache {place.cache} is full" in failed["err"]
    assert "No space left on device" in failed["err"]
    assert "the environment is as it was" in failed["err"]
    assert after == before
    assert finished["code"] == 0, finished["err"]


def test_a_prefix_without_room_is_not_touched_and_is_finished_when_there_is(
    place: Place,
) -> None:
    pixi = place.root / ".pixi"
    _, _, before, failed, after, again, _, finished, whole = on_disks(
        ("disk", pixi, "1m"),
        run(place, "install"),
        ("look", place.prefix),
        run(place, "add", "big"),
        ("look", place.prefix),
        run(place, "install"),
        ("grow", pixi, "8m"),
        run(place, "install"),
        ("look", place.prefix),
    )

    assert failed["code"] == again["code"] == 1
    assert f"disk of the environment {place.prefix} is full" in failed["err"]
    assert "at least 2.0 MB are needed, 1.0 MB are free" in again["err"]
    assert "the environment is as it was" in failed["err"]
    assert after == before
    assert finished["code"] == 0, finished["err"]
    assert "share/big.bin" in whole


def test_a_link_that_runs_out_of_room_is_finished_by_the_next_install(
    place: Place,
) -> None:
    pixi = place.root / ".pixi"
    _, _, failed, half, _, finished, whole = on_disks(
        ("disk", pixi, "1m"),
        run(place, "install"),
        run(place, "add", "many"),
        ("look", place.prefix),
        ("grow", pixi, "8m"),
        run(place, "install"),
        ("look", place.prefix),
    )

    assert failed["code"] == 1
    assert f"disk of the environment {place.prefix} is full" in failed["err"]
    assert "what was begun is finished by the next install" in failed["err"]
    assert "share/small.txt" in half
    assert finished["code"] == 0, finished["err"]
    assert len([name for name in whole if name.startswith("share/many/")]) == 400


def test_a_first_install_without_room_leaves_nothing(place: Place) -> None:
    place.depend(many="*")
    pixi = place.root / ".pixi"

    _, failed, left = on_disks(
        ("disk", pixi, "1m"), run(place, "install"), ("look", pixi)
    )

    assert failed["code"] == 1
    assert f"disk of the environment {place.prefix} is full" in failed["err"]
    assert "the environment is as it was" in failed["err"]
    assert not any(name.startswith("envs") for name in left)


def test_a_full_workspace_keeps_manifest_and_lock_and_can_be_looked_at(
    place: Place,
) -> None:
    text = place.depend(small="1.0")
    manifest, filling = place.root / "pixi.toml", place.root
    _, _, installed, before, _, failed, listed, after, _, finished = on_disks(
        ("disk", place.root, "1m"),
        ("write", manifest, text),
        run(place, "install"),
        ("look", place.root),
        ("fill", filling),
        run(place, "add", "small==2.0"),
        run(place, "list"),
        ("look", place.root),
        ("free", filling),
        run(place, "add", "small==2.0"),
    )

    assert installed["code"] == 0, installed["err"]
    assert failed["code"] == 1
    assert "could not be written" in failed["err"]
    assert "No space left on device" in failed["err"]
    assert "make room" in failed["err"]
    assert listed["code"] == 0
    assert names(after) - {"filling"} == names(before)
    assert all(after[name] == before[name] for name in names(before))
    assert finished["code"] == 0, finished["err"]


def test_a_prefix_on_a_full_disk_is_not_touched_where_a_journal_has_no_room(
    place: Place,
) -> None:
    pixi = place.root / ".pixi"
    _, _, _, before, failed, after, _, finished = on_disks(
        ("disk", pixi, "1m"),
        run(place, "install"),
        ("fill", pixi),
        ("look", place.prefix),
        run(place, "add", "small==2.0"),
        ("look", place.prefix),
        ("free", pixi),
        run(place, "install"),
    )

    assert failed["code"] == 1
    assert f"disk of the environment {place.prefix} is full" in failed["err"]
    assert after == before
    assert finished["code"] == 0, finished["err"]


def test_a_read_only_prefix_is_used_as_it_is_and_not_changed(place: Place) -> None:
    _, before, _, idle, ran, failed, after = on_disks(
        run(place, "install"),
        ("look", place.prefix),
        ("shut", place.prefix),
        run(place, "install"),
        run(place, "run", "cat", str(place.prefix / "share/small.txt")),
        run(place, "add", "small==2.0"),
        ("look", place.prefix),
    )

    assert idle["code"] == 0, idle["err"]
    assert "up to date" in idle["out"] + idle["err"]
    assert ran["out"] == "small 1.0 0\n"
    assert failed["code"] == 1
    assert f"environment {place.prefix} cannot be written" in failed["err"]
    assert "give write permission" in failed["err"]
    assert after == before


def test_a_read_only_workspace_is_used_as_it_is_and_not_changed(place: Place) -> None:
    _, before, _, idle, listed, ran, failed, after = on_disks(
        run(place, "install"),
        ("look", place.root),
        ("shut", place.root),
        run(place, "install"),
        run(place, "list"),
        run(place, "run", "cat", str(place.prefix / "share/small.txt")),
        run(place, "add", "small==2.0"),
        ("look", place.root),
    )

    assert idle["code"] == 0, idle["err"]
    assert listed["code"] == 0, listed["err"]
    assert ran["out"] == "small 1.0 0\n"
    assert failed["code"] == 1
    assert "Read-only file system" in failed["err"]
    assert str(place.root) in failed["err"]
    assert after == before


def test_a_cache_that_cannot_be_written_is_named_with_the_variable_that_moves_it(
    place: Place,
) -> None:
    home = place.root.parent / "home"
    cache = home / ".cache" / "rattler"
    _, _, failed, left, finished = on_disks(
        ("disk", home, "1m"),
        ("shut", home),
        run(place, "install", RATTLER_CACHE_DIR=str(cache), HOME=str(home)),
        ("look", place.root),
        run(place, "install", HOME=str(home)),
    )

    assert failed["code"] == 1
    assert f"package cache {cache} cannot be written" in failed["err"]
    assert "RATTLER_CACHE_DIR=FOLDER" in failed["err"]
    assert not any("envs" in name for name in left)
    assert finished["code"] == 0, finished["err"]


def test_a_package_that_is_not_what_the_lock_says_leaves_the_prefix_alone(
    place: Place,
) -> None:
    place("install")
    place.depend(small="2.0")
    assert place("lock").code == 0
    before = place.files()
    archive = place.channel / "noarch" / "small-2.0-0.conda"
    archive.write_bytes(archive.read_bytes() + b"more")

    failed = place("install")

    assert failed.code == 1
    assert "small-2.0-0.conda could not be fetched" in failed.err
    assert "the lock says" in failed.err
    assert place.files() == before
