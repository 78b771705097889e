"""Prefixes that pixi, or something else, changed since we did."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from support.faulty import Place
from support.installs import assert_whole

from pixi_jupyter.install.state import INSTALLING, read_state, write_state

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def place(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Place:
    place = Place(tmp_path / "study", tmp_path / "channel", tmp_path / "cache", capsys)
    place.publish(
        {"name": "base", "files": {"share/base.txt": "base\n"}}, {"name": "file"}
    )
    place.depend(base="1.0")
    monkeypatch.chdir(place.root)
    monkeypatch.setenv("RATTLER_CACHE_DIR", str(place.cache))
    assert place("install").code == 0
    return place


def _as_pixi_would(place: Place, *, installed: str) -> None:
    """Leave another version behind as pixi does: files, record and fingerprint."""
    record = place.prefix / "conda-meta" / "base-1.0-0.json"
    data = json.loads(record.read_text())
    data["version"] = installed
    data["fn"] = f"base-{installed}-0.conda"
    data["sha256"] = "00" * 32
    record.unlink()
    place.write(f"conda-meta/base-{installed}-0.json", json.dumps(data))
    write_state(place.prefix, "0123456789abcdef")


def test_a_prefix_that_pixi_changed_is_brought_back(place: Place) -> None:
    before = place.files()
    _as_pixi_would(place, installed="0.9")

    ran = place.process("run", "cat", str(place.prefix / "share/base.txt"))
    installed = place("install")

    assert ran.code == 0, ran.err
    assert installed.code == 0, installed.err
    after = place.files()
    assert after.keys() == before.keys()
    assert "conda-meta/base-1.0-0.json" in after
    assert (
        read_state(place.prefix).encode()
        == (before["conda-meta/.pixi-environment-fingerprint"])
    )
    assert_whole(place.prefix)


def test_an_install_that_pixi_did_not_end_is_linked_again(place: Place) -> None:
    (place.prefix / "share" / "base.txt").unlink()
    write_state(place.prefix, INSTALLING)

    installed = place("install")

    assert installed.code == 0, installed.err
    assert place.read("share/base.txt") == "base\n"
    assert read_state(place.prefix) != INSTALLING
    assert "aside" not in installed.err
    assert_whole(place.prefix)


def test_what_pixi_had_half_linked_is_not_taken_for_the_users(place: Place) -> None:
    (place.prefix / "conda-meta" / "base-1.0-0.json").unlink()
    (place.prefix / "share" / "base.txt").write_text("ba")
    write_state(place.prefix, INSTALLING)

    installed = place("install")

    assert installed.code == 0, installed.err
    assert "aside" not in installed.err
    assert place.read("share/base.txt") == "base\n"
    assert_whole(place.prefix)


def test_files_from_the_future_change_nothing(place: Place) -> None:
    for path in place.prefix.rglob("*"):
        if path.is_file():
            os.utime(path, (4e9, 4e9))

    idle = place("install")
    added = place("add", "file")

    assert idle.code == added.code == 0
    assert "up to date" in idle.out + idle.err
    assert_whole(place.prefix)
