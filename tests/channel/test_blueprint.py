"""Blueprints: one content has one name, whatever the source looks like."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pixi_jupyter.channel.archive import Entry
from pixi_jupyter.channel.blueprint import Blueprint, abi_tag, system_dependency

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def blueprint(tmp_path: Path) -> Blueprint:
    file = tmp_path / "x"
    file.write_bytes(b"one")
    return Blueprint(
        name="thing",
        version="1.0",
        subdir="noarch",
        build="h{digest}_{number}_x",
        fields={"depends": ["python"]},
        sources={"share/x": file},
        read=lambda: [Entry("share/x", file.read_bytes())],
    )


def test_the_signature_stays_while_nothing_changes(blueprint: Blueprint) -> None:
    assert replace(blueprint).signature() == blueprint.signature()


def test_the_signature_changes_when_a_file_was_written(blueprint: Blueprint) -> None:
    before = blueprint.signature()

    os.utime(blueprint.sources["share/x"], (1, 1))

    assert blueprint.signature() != before


def test_signature_and_digest_change_with_the_description(blueprint: Blueprint) -> None:
    other = replace(blueprint, fields={"depends": ["python >=3.9"]})

    assert other.signature() != blueprint.signature()
    assert other.digest(()) != blueprint.digest(())


def test_the_digest_does_not_tell_where_the_files_came_from(
    blueprint: Blueprint, tmp_path: Path
) -> None:
    moved = tmp_path / "elsewhere"
    moved.write_bytes(b"one")
    other = replace(blueprint, sources={"share/x": moved})

    assert other.digest(blueprint.read()) == blueprint.digest(blueprint.read())


@pytest.mark.parametrize(
    "entry",
    [
        Entry("share/x", b"two"),
        Entry("share/y", b"one"),
        Entry("share/x", b"one", 0o755),
        Entry("share/x", link="one"),
        Entry("share/x", b"one", placeholder="one"),
    ],
    ids=["content", "path", "mode", "link", "placeholder"],
)
def test_the_digest_changes_with_the_files(blueprint: Blueprint, entry: Entry) -> None:
    assert blueprint.digest([entry]) != blueprint.digest([Entry("share/x", b"one")])


def test_the_index_names_the_build(blueprint: Blueprint) -> None:
    index = blueprint.index("0123abcd", 4)

    assert (index["build"], index["build_number"]) == ("h0123abcd_4_x", 4)
    assert (index["name"], index["depends"]) == ("thing", ["python"])


@pytest.mark.parametrize(
    ("name", "version", "subdir", "expected"),
    [
        ("__glibc", "2.17", "linux-64", ["__glibc >=2.17"]),
        ("__glibc", "2.28", "linux-64", ["__glibc >=2.28"]),
        ("__glibc", "2.36", "linux-64", []),
        ("__glibc", "", "linux-64", []),
        ("__glibc", "2.17", "win-64", []),
        ("__osx", "11.0", "osx-arm64", ["__osx >=11.0"]),
        ("__osx", "15.0", "osx-arm64", []),
    ],
)
def test_only_what_every_solve_can_know_is_needed_of_the_system(
    name: str, version: str, subdir: str, expected: list[str]
) -> None:
    assert system_dependency(name, version, subdir) == expected


def test_the_tag_of_the_interface_tells_whether_there_is_a_lock() -> None:
    assert abi_tag("3.13") == "cp313"
    assert abi_tag("3.13", free_threaded=True) == "cp313t"
