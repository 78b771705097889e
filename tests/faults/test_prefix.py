"""What stands in the way in a prefix, and what others did to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from support.faulty import Place
from support.installs import assert_whole

from pixi_jupyter.install.verify import verify_prefix

if TYPE_CHECKING:
    from pathlib import Path

PACKAGES: list[dict[str, Any]] = [
    {"name": "base", "files": {"share/base.txt": "base\n", "lib/base.txt": "base\n"}},
    {"name": "base", "version": "2.0", "files": {"share/base.txt": "base 2\n"}},
    {"name": "file", "files": {"share/mine": "of the package\n"}},
    {"name": "folder", "files": {"share/mine/inner.txt": "of the package\n"}},
    {"name": "one", "files": {"share/both.txt": "one\n", "share/one.txt": "one\n"}},
    {"name": "two", "files": {"share/both.txt": "two\n", "share/two.txt": "two\n"}},
]


@pytest.fixture
def place(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Place:
    place = Place(tmp_path / "study", tmp_path / "channel", tmp_path / "cache", capsys)
    place.publish(*PACKAGES)
    place.depend(base="1.0")
    monkeypatch.chdir(place.root)
    monkeypatch.setenv("RATTLER_CACHE_DIR", str(place.cache))
    assert place("install").code == 0
    return place


def test_a_file_of_the_user_is_moved_aside_before_a_package_takes_its_name(
    place: Place,
) -> None:
    place.write("share/mine", "mine")

    added = place("add", "file")

    assert added.code == 0, added.err
    assert "moved aside, because package file has files of the same name" in added.err
    assert "share/mine is now __moved_aside__/share/mine" in added.err
    assert place.read("share/mine") == "of the package\n"
    assert place.read("__moved_aside__/share/mine") == "mine"


def test_a_second_file_of_that_name_does_not_replace_the_first_one_moved_aside(
    place: Place,
) -> None:
    place.write("share/mine", "first")
    place("add", "file")
    place("remove", "file")
    place.write("share/mine", "second")

    added = place("add", "file")

    assert "share/mine is now __moved_aside__2/share/mine" in added.err
    assert place.read("__moved_aside__/share/mine") == "first"
    assert place.read("__moved_aside__2/share/mine") == "second"


def test_the_very_file_of_the_package_is_no_obstacle(place: Place) -> None:
    place.write("share/mine", "of the package\n")

    added = place("add", "file")

    assert added.code == 0
    assert "aside" not in added.err
    assert not (place.prefix / "__moved_aside__").exists()


def test_a_file_of_the_user_makes_room_for_a_folder_of_a_package(place: Place) -> None:
    place.write("share/mine", "mine")

    added = place("add", "folder")

    assert added.code == 0, added.err
    assert "share/mine is now __moved_aside__/share/mine" in added.err
    assert place.read("share/mine/inner.txt") == "of the package\n"
    assert place.read("__moved_aside__/share/mine") == "mine"


def test_a_folder_of_the_user_makes_room_for_a_file_of_a_package(place: Place) -> None:
    place.write("share/mine/deep/note.txt", "mine")

    added = place("add", "file")

    assert added.code == 0, added.err
    assert place.read("share/mine") == "of the package\n"
    assert place.read("__moved_aside__/share/mine/deep/note.txt") == "mine"


def test_what_is_the_users_in_a_folder_that_becomes_a_file_is_kept(
    place: Place,
) -> None:
    assert place("add", "folder").code == 0
    place.write("share/mine/note.txt", "mine")
    place.depend(base="1.0", file="*")

    changed = place("install")

    assert changed.code == 0, changed.err
    assert place.read("share/mine") == "of the package\n"
    assert place.read("__moved_aside__/share/mine/note.txt") == "mine"


def test_a_link_of_the_user_out_of_the_prefix_is_not_written_through(
    place: Place, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (place.prefix / "share" / "mine").symlink_to(outside)

    added = place("add", "folder")

    assert added.code == 0, added.err
    assert "share/mine is now __moved_aside__/share/mine" in added.err
    assert list(outside.iterdir()) == []
    assert place.read("share/mine/inner.txt") == "of the package\n"
    assert (place.prefix / "__moved_aside__/share/mine").readlink() == outside


def test_nothing_is_deleted_through_a_link_out_of_the_prefix(
    place: Place, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    (place.prefix / "lib").rename(outside)
    (place.prefix / "lib").symlink_to(outside)
    place.depend(base="2.0")

    changed = place("install")

    assert changed.code == 0, changed.err
    assert "lib is now __moved_aside__/lib" in changed.err
    assert (outside / "base.txt").read_text() == "base\n"
    assert place.read("share/base.txt") == "base 2\n"


def test_a_link_inside_the_prefix_is_left_alone(place: Place) -> None:
    (place.prefix / "share" / "other").mkdir()
    (place.prefix / "share" / "mine").symlink_to("other")

    added = place("add", "folder")

    assert added.code == 0, added.err
    assert "aside" not in added.err
    assert place.read("share/other/inner.txt") == "of the package\n"


def test_a_file_with_two_owners_is_told_and_comes_back_with_the_other(
    place: Place,
) -> None:
    assert place("add", "one").code == 0

    added = place("add", "two")
    verified = verify_prefix(place.prefix, hashes=True)
    idle = place("install")
    removed = place("remove", "one")

    assert "share/both.txt: both one and two bring this; that of one is there" in (
        added.err
    )
    assert verified == {}
    assert "both" not in idle.err
    assert removed.code == 0
    assert place.read("share/both.txt") == "two\n"
    assert_whole(place.prefix)


def test_a_prefix_that_is_a_link_is_installed_into(
    place: Place, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    place.prefix.rename(elsewhere)
    place.prefix.symlink_to(elsewhere)

    added = place("add", "file")

    assert added.code == 0, added.err
    assert place.prefix.is_symlink()
    assert (elsewhere / "share/mine").read_text() == "of the package\n"
    assert (elsewhere / "share/base.txt").read_text() == "base\n"


def test_a_link_to_an_environment_of_another_workspace_is_not_followed_to_delete(
    place: Place, tmp_path: Path
) -> None:
    before = place.files()
    other = Place(tmp_path / "other", place.channel, place.cache)
    other.depend(file="*")
    other.prefix.parent.mkdir(parents=True)
    other.prefix.symlink_to(place.prefix)

    installed = other("install")

    assert installed.code == 0, installed.err
    assert f"leads to {place.prefix}" in installed.err
    assert "the link is removed, and the environment is installed here" in installed.err
    assert not other.prefix.is_symlink()
    assert other.read("share/mine") == "of the package\n"
    assert place.files() == before


def test_dot_pixi_may_be_a_link(place: Place, tmp_path: Path) -> None:
    elsewhere = tmp_path / "roomy"
    (place.root / ".pixi").rename(elsewhere)
    (place.root / ".pixi").symlink_to(elsewhere)

    added = place("add", "file")

    assert added.code == 0, added.err
    assert (elsewhere / "envs/default/share/mine").read_text() == "of the package\n"


def test_a_file_where_the_environments_should_be_is_named_and_kept(
    place: Place, tmp_path: Path
) -> None:
    other = Place(tmp_path / "other", place.channel, place.cache)
    other.depend(file="*")
    (other.root / ".pixi").mkdir()
    (other.root / ".pixi" / "envs").write_text("mine")

    installed = other("install")

    assert installed.code == 1
    assert str(other.root / ".pixi/envs") in installed.err
    assert "Traceback" not in installed.err
    assert (other.root / ".pixi" / "envs").read_text() == "mine"


def test_what_is_the_users_in_a_prefix_that_was_moved_is_kept(
    place: Place, tmp_path: Path
) -> None:
    place.write("share/mine", "mine")
    moved = Place(tmp_path / "moved", place.channel, place.cache)
    place.root.rename(moved.root)

    installed = moved("install")

    assert installed.code == 0, installed.err
    assert f"was moved from {place.prefix}" in installed.err
    kept = moved.root / ".pixi" / "moved-aside" / "default"
    assert f"1 file of no package are now in {kept}" in installed.err
    assert (kept / "share/mine").read_text() == "mine"
    assert moved.read("share/base.txt") == "base\n"
