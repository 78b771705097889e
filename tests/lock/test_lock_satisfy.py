"""Whether a lock says what its manifest asks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from support.locks import write_lock

from pixi_jupyter.lock.file import (
    format_lock,
    parse_lock,
    read_lock,
)
from pixi_jupyter.lock.satisfy import describe
from pixi_jupyter.platforms import VirtualPackage

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.locks import Locked

RICH = """
[workspace]
channels = ["CHANNEL"]
platforms = [{ name = "gpu", platform = "linux-64", cuda = "12.0" }, "linux-64"]

[dependencies]
system = "*"
"""


def test_a_lock_that_was_just_made_fits(solved: Locked) -> None:
    assert solved.check() == []


def test_it_still_fits_after_it_was_written_and_read(solved: Locked) -> None:
    from pixi_jupyter.adapters.rattler import read_lock_records

    path = solved.folder / "pixi.lock"
    write_lock(solved.lock, path)

    assert solved.check(lock=read_lock(path), records=read_lock_records(path)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('scipy = ">=1"', 'scipy = "*"'),
        ('scipy = ">=1"', 'scipy = ">=1"\nnumpy = ">=2"'),
        ("[workspace]", '[workspace]\nname = "renamed"\nversion = "2.0.0"'),
        ("[environments]", '[tasks]\nbuild = "make"\n\n[environments]'),
        ("[environments]", '[constraints]\ndask = ">=2020"\n\n[environments]'),
        ("[environments]", '[target.win-64.dependencies]\nx = "*"\n\n[environments]'),
        ('scipy = ">=1"', 'scipy = { version = "1.14", build = "0" }'),
        ('scipy = ">=1"', 'scipy = ">=1"\n__unix = "*"'),
    ],
    ids=[
        "a looser bound",
        "what is there anyway",
        "metadata",
        "tasks",
        "a constraint that holds",
        "another platform's target",
        "the very build",
        "a virtual package",
    ],
)
def test_a_change_that_asks_for_nothing_new_keeps_the_lock(
    solved: Locked, old: str, new: str
) -> None:
    assert solved.check(solved.edited((old, new))) == []


def test_a_new_requirement_is_told_once_with_its_line_and_its_places(
    solved: Locked,
) -> None:
    text = solved.edited(
        ('dask = "*"', 'dask = "*"\npytest-xdist = ">=3.6"'),
        ('scipy = ">=1"', 'numpy = ">=2.3"\nscipy = ">=1"'),
    )

    reasons = describe(solved.check(text))

    assert sorted(reasons) == [
        (
            "numpy 2.1 is locked, pixi.toml asks for >=2.3\n"
            "  pixi.toml:7       default, test on linux-64, osx-arm64"
        ),
        (
            "pytest-xdist >=3.6 is not in the lock\n"
            "  pixi.toml:13      test on linux-64, osx-arm64"
        ),
    ]


def test_a_requirement_that_no_longer_fits_keeps_the_hints(solved: Locked) -> None:
    text = solved.edited(('scipy = ">=1"', 'scipy = "<1"'))

    found = solved.check(text)

    assert {(e.environment, e.platform) for e in found} == {
        (environment, platform)
        for environment in ("default", "test")
        for platform in ("linux-64", "osx-arm64")
    }
    assert {(e.kind, e.keeps_hints, e.solve) for e in found} == {
        ("requirement", True, True)
    }


def test_a_requirement_of_a_feature_is_missed_only_where_it_counts(
    solved: Locked,
) -> None:
    text = solved.edited(
        (
            "[feature.test.dependencies]",
            (
                '[target.osx-arm64.dependencies]\nnothing = "*"\n\n[feature.test.dependencies]'
            ),
        )
    )

    found = solved.check(text)

    assert {(each.platform, each.text) for each in found} == {
        ("osx-arm64", "nothing is not in the lock")
    }


def test_a_virtual_package_that_the_platform_lacks_is_told(
    locked: Callable[[str], Locked],
) -> None:
    solved = locked(RICH)

    found = solved.check(
        virtual_packages=lambda _: (VirtualPackage("__glibc", "2.12"),)
    )

    assert {each.kind for each in found} == {"virtual-packages"}
    assert not any(each.keeps_hints for each in found)


def test_renaming_a_rich_platform_keeps_the_lock(
    locked: Callable[[str], Locked],
) -> None:
    solved = locked(RICH)
    path = solved.folder / "pixi.lock"
    read = parse_lock(format_lock(solved.lock), path)
    records = {"default": {"p1": solved.records["default"]["gpu"]}}
    records["default"]["linux-64"] = solved.records["default"]["linux-64"]

    assert solved.check(lock=read, records=records) == []
    assert (
        solved.check(solved.edited(('"gpu"', '"fast"')), lock=read, records=records)
        == []
    )
    assert solved.texts(
        solved.edited(("12.0", "13.0")), lock=read, records=records
    ) == [
        "gpu is not in the lock",
    ]


def test_a_plain_row_of_an_old_lock_serves_a_rich_platform(
    locked: Callable[[str], Locked],
) -> None:
    solved = locked(RICH)
    rows = {"linux-64": solved.records["default"]["linux-64"]}
    packages = solved.lock.environments["default"].packages
    environment = replace(
        solved.lock.environments["default"], packages={"linux-64": packages["linux-64"]}
    )
    bare = replace(
        solved.lock,
        platforms=(replace(solved.lock.platforms[1], virtual_packages=()),),
        environments={"default": environment},
    )

    assert solved.check(lock=bare, records={"default": rows}) == []


@pytest.mark.parametrize(
    ("old", "new", "words", "keeps_hints"),
    [
        ('"CHANNEL"]', '"CHANNEL", "extra"]', "extra came after the channels", True),
        ('"CHANNEL"]', '"extra", "CHANNEL"]', "the channels are extra,", False),
        (
            "[dependencies]",
            'solve-strategy = "lowest"\n[dependencies]',
            "lowest-version",
            False,
        ),
        (
            "[dependencies]",
            'channel-priority = "disabled"\n[dependencies]',
            "disabled",
            False,
        ),
        (
            "[dependencies]",
            'exclude-newer = "2020-01-01"\n[dependencies]',
            "2023-11-14",
            False,
        ),
    ],
    ids=["appended", "inserted", "strategy", "priority", "newer"],
)
def test_how_it_was_solved_counts_too(
    solved: Locked,
    channel: str,
    old: str,
    new: str,
    words: str,
    keeps_hints: bool,  # noqa: FBT001  a case
) -> None:
    old, new = old.replace("CHANNEL", channel), new.replace("CHANNEL", channel)

    found = solved.check(solved.edited((old, new)))

    assert {each.environment for each in found} == {"default", "test"}
    assert {each.platform for each in found} == {None}
    assert {each.keeps_hints for each in found} == {keeps_hints}
    assert all(words in each.text for each in found)
    assert all(each.place.startswith("pixi.toml:") for each in found)


def test_a_relative_cutoff_behind_all_records_changes_nothing(solved: Locked) -> None:
    text = solved.edited(("[dependencies]", 'exclude-newer = "1d"\n[dependencies]'))

    assert solved.check(text) == []


def test_a_platform_that_was_added_or_removed_is_told(solved: Locked) -> None:
    added = solved.check(solved.edited(('"osx-arm64"', '"osx-arm64", "win-64"')))
    removed = solved.check(solved.edited((', "osx-arm64"', "")))

    assert {(e.platform, e.text, e.solve) for e in added} == {
        ("win-64", "win-64 is not in the lock", True)
    }
    assert {(e.platform, e.text, e.solve) for e in removed} == {
        (None, "osx-arm64 is in the lock, the manifest does not have it", False)
    }


def test_an_environment_that_was_added_or_removed_is_told(solved: Locked) -> None:
    added = solved.check(solved.text + 'docs = ["test"]\n')
    removed = solved.check(
        solved.edited(('test = { features = ["test"], solve-group = "one" }', ""))
    )

    assert [(e.environment, e.kind, e.place, e.solve) for e in added] == [
        ("docs", "environment", "pixi.toml:16", True)
    ]
    assert [(e.environment, e.kind, e.solve) for e in removed] == [
        ("test", "environment-removed", False)
    ]


def test_no_lock_at_all_means_that_every_environment_is_missing(solved: Locked) -> None:
    assert solved.texts(lock=None, records={}) == [
        "environment default is not in the lock",
        "environment test is not in the lock",
    ]


def test_environments_of_one_group_must_have_the_same_packages(solved: Locked) -> None:
    lock = solved.lock
    row = lock.environments["test"].packages["linux-64"]
    numpy = next(package for package in row if package.name == "numpy")
    location = numpy.location.replace("2.1", "1.26")
    other = replace(numpy, location=location)
    mixed = tuple(other if package is numpy else package for package in row)
    packages = {**lock.environments["test"].packages, "linux-64": mixed}
    test = replace(lock.environments["test"], packages=packages)

    found = solved.texts(
        lock=replace(lock, environments={**lock.environments, "test": test})
    )

    assert found == [
        "numpy is 2.1 in default and 1.26 in test, which are solved together"
    ]
