"""pixi's sixteen bytes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import xxhash
from support.installs import make_record

from pixi_jupyter.install.state import (
    INSTALLING,
    STATE_FILE,
    UNKNOWN,
    fingerprint,
    read_state,
    write_state,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    (tmp_path / "conda-meta").mkdir()
    return tmp_path


def test_a_prefix_without_state_is_unknown(tmp_path: Path) -> None:
    assert read_state(tmp_path) == UNKNOWN


@pytest.mark.parametrize("state", [UNKNOWN, INSTALLING, "0123456789abcdef"])
def test_a_state_comes_back_and_the_file_stays_the_same_one(
    prefix: Path, state: str
) -> None:
    path = prefix / "conda-meta" / STATE_FILE
    path.write_text("ffffffffffffffff")
    inode = path.stat().st_ino

    write_state(prefix, state)

    assert read_state(prefix) == state
    assert path.read_text() == state
    assert path.stat().st_ino == inode


@pytest.mark.parametrize(
    ("content", "state"),
    [
        (b"0123456789abcde", UNKNOWN),
        (b"not a fingerprin", INSTALLING),
        (b"\xff" * 16, INSTALLING),
        (b"0123456789abcdef and more", "0123456789abcdef"),
    ],
    ids=["short", "text", "bytes", "long"],
)
def test_other_content_is_read_as_pixi_reads_it(
    prefix: Path, content: bytes, state: str
) -> None:
    (prefix / "conda-meta" / STATE_FILE).write_bytes(content)

    assert read_state(prefix) == state


def test_a_state_of_another_width_is_refused(prefix: Path) -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        write_state(prefix, "short")


def test_the_fingerprint_hashes_names_and_hashes_as_rust_does() -> None:
    one = make_record("a", sha256="ab" * 32)
    two = make_record("b", sha256="cd" * 32)
    fed = b"".join(
        name + b"\xff" + (32).to_bytes(8, "little") + digest * 32
        for name, digest in ((b"a", b"\xab"), (b"b", b"\xcd"))
    )

    found = fingerprint([two, one])

    assert found == f"{xxhash.xxh3_64_intdigest(fed):016x}"
    assert re.fullmatch("[0-9a-f]{16}", found)
    assert found == fingerprint([one, two])


def test_a_record_without_hash_makes_the_fingerprint_unknown() -> None:
    assert fingerprint([make_record("a"), make_record("b", sha256=None)]) == UNKNOWN
