"""Manifest and lock are replaced together, or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from pixi_jupyter.errors import ChangedMeanwhileError, WriteError
from pixi_jupyter.workspace.transaction import Transaction

if TYPE_CHECKING:
    from pathlib import Path


def test_nothing_is_on_disk_before_the_commit(tmp_path: Path) -> None:
    transaction = Transaction()

    transaction.write(tmp_path / "pixi.toml", "new")

    assert list(tmp_path.iterdir()) == []


def test_a_commit_writes_all_files_and_leaves_nothing_beside_them(
    tmp_path: Path,
) -> None:
    manifest, lock = tmp_path / "pixi.toml", tmp_path / "pixi.lock"
    manifest.write_text("old")
    transaction = Transaction()
    transaction.write(manifest, "new")
    transaction.write(lock, "lock")

    transaction.commit()

    assert manifest.read_text() == "new"
    assert lock.read_text() == "lock"
    assert {path.name for path in tmp_path.iterdir()} == {"pixi.toml", "pixi.lock"}


def test_an_undo_puts_back_what_was_and_takes_away_what_was_not(tmp_path: Path) -> None:
    manifest, lock = tmp_path / "pixi.toml", tmp_path / "pixi.lock"
    manifest.write_text("old")
    transaction = Transaction()
    transaction.write(manifest, "new")
    transaction.write(lock, "lock")

    transaction.commit().restore()

    assert manifest.read_text() == "old"
    assert not lock.exists()


def test_a_file_that_cannot_be_written_leaves_the_others_as_they_were(
    tmp_path: Path,
) -> None:
    manifest = tmp_path / "pixi.toml"
    manifest.write_text("old")
    transaction = Transaction()
    transaction.write(manifest, "new")
    transaction.write(tmp_path / "missing" / "pixi.lock", "lock")

    with pytest.raises(WriteError):
        transaction.commit()

    assert manifest.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["pixi.toml"]


def test_an_unchanged_file_is_not_touched(tmp_path: Path) -> None:
    manifest = tmp_path / "pixi.toml"
    manifest.write_text("same")
    before = manifest.stat()
    transaction = Transaction()
    transaction.write(manifest, "same")

    transaction.commit()

    assert manifest.stat().st_ino == before.st_ino


def test_a_manifest_behind_a_link_stays_behind_it(tmp_path: Path) -> None:
    target = tmp_path / "real.toml"
    target.write_text("old")
    link = tmp_path / "pixi.toml"
    link.symlink_to(target)
    transaction = Transaction()
    transaction.write(link, "new")

    transaction.commit()

    assert link.is_symlink()
    assert target.read_text() == "new"


def test_permissions_of_a_file_stay(tmp_path: Path) -> None:
    manifest = tmp_path / "pixi.toml"
    manifest.write_text("old")
    manifest.chmod(0o640)
    transaction = Transaction()
    transaction.write(manifest, "new")

    transaction.commit()

    assert manifest.stat().st_mode & 0o777 == 0o640


def test_an_edit_that_somebody_made_meanwhile_is_not_overwritten(
    tmp_path: Path,
) -> None:
    manifest, lock = tmp_path / "pixi.toml", tmp_path / "pixi.lock"
    manifest.write_text("as it was read")
    transaction = Transaction()
    transaction.write(manifest, "ours", was="as it was read")
    transaction.write(lock, "lock")
    manifest.write_text("theirs")

    with pytest.raises(ChangedMeanwhileError):
        transaction.commit()

    assert manifest.read_text() == "theirs"
    assert not lock.exists()


def test_an_undo_leaves_alone_what_somebody_changed_since(tmp_path: Path) -> None:
    manifest, lock = tmp_path / "pixi.toml", tmp_path / "pixi.lock"
    manifest.write_text("old")
    lock.write_text("old lock")
    transaction = Transaction()
    transaction.write(manifest, "new")
    transaction.write(lock, "new lock")
    undo = transaction.commit()
    manifest.write_text("theirs")

    left = undo.restore()

    assert left == (manifest,)
    assert manifest.read_text() == "theirs"
    assert lock.read_text() == "old lock"


def test_a_commit_clears_what_a_killed_process_left(tmp_path: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    dead = tmp_path / f".pixi.toml.{child.pid}-abc.pixi-jupyter"
    alive = tmp_path / f".pixi.toml.{os.getpid()}-abc.pixi-jupyter"
    for path in (dead, alive):
        path.touch()
    transaction = Transaction()
    transaction.write(tmp_path / "pixi.toml", "new")

    transaction.commit()

    assert not dead.exists()
    assert alive.exists()


def test_a_manifest_that_cannot_be_read_is_an_error_of_ours(tmp_path: Path) -> None:
    (tmp_path / "pixi.toml").mkdir()
    transaction = Transaction()
    transaction.write(tmp_path / "pixi.toml", "new")

    with pytest.raises(WriteError, match=r"pixi\.toml"):
        transaction.commit()
