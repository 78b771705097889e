"""The journal on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.installs import make_record

from pixi_jupyter.adapters.rattler import installed_records
from pixi_jupyter.install.journal import (
    Journal,
    journal_path,
    read_journal,
    remove_journal,
    write_journal,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    (tmp_path / "conda-meta").mkdir()
    return tmp_path


def test_a_journal_comes_back_with_its_records(prefix: Path) -> None:
    records = [make_record("a", depends=["b >=1"], noarch="python"), make_record("b")]
    journal = Journal.toward(records, what="test", touched=["a"], folders=["share/a"])

    write_journal(prefix, journal)

    found = read_journal(prefix)
    assert found == journal
    assert found is not None
    target = found.target()
    assert target is not None
    assert [each.to_json() for each in target] == [each.to_json() for each in records]
    assert [each.url for each in target] == [each.url for each in records]


def test_there_is_no_journal_before_a_change_and_after_it(prefix: Path) -> None:
    assert read_journal(prefix) is None

    write_journal(prefix, Journal(what="test"))
    remove_journal(prefix)
    remove_journal(prefix)

    assert read_journal(prefix) is None
    assert list((prefix / "conda-meta").iterdir()) == []


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"what": "x"}', b"\xff\x00"], ids=repr
)
def test_a_journal_that_cannot_be_read_has_no_target(
    prefix: Path, content: bytes
) -> None:
    journal_path(prefix).write_bytes(content)

    found = read_journal(prefix)

    assert found is not None
    assert found.target() is None
    assert not found.fresh


def test_a_journal_that_cannot_be_written_leaves_nothing(prefix: Path) -> None:
    journal_path(prefix).mkdir()

    with pytest.raises(OSError, match="director"):
        write_journal(prefix, Journal(what="test"))

    assert [path.name for path in (prefix / "conda-meta").iterdir()] == [
        journal_path(prefix).name
    ]


def test_the_linker_does_not_take_the_journal_for_a_package(prefix: Path) -> None:
    write_journal(prefix, Journal(what="test"))

    assert installed_records(prefix) == []
