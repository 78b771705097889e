"""Which platform of a lock is which platform of the manifest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pixi_jupyter.lock.file import (
    Lock,
    LockedEnvironment,
    LockedPlatform,
    format_lock,
)
from pixi_jupyter.lock.platforms import customised, match_platforms, with_aliases
from pixi_jupyter.platforms import Platform, VirtualPackage

if TYPE_CHECKING:
    from pixi_jupyter.adapters.rattler import LockedRecords

PLAIN = Platform("linux-64", "linux-64")
CUDA = Platform("gpu", "linux-64", (VirtualPackage("__cuda", "12.0"),))
OLD = Platform("old", "linux-64", (VirtualPackage("__glibc", "2.17"),))


def lock_for(*platforms: Platform) -> Lock:
    return Lock(
        platforms=tuple(
            LockedPlatform(p.name, p.subdir, tuple(map(str, p.virtual_packages)))
            for p in platforms
        ),
        environments={
            "default": LockedEnvironment(packages={p.name: () for p in platforms})
        },
    )


def names(lock: Lock) -> list[str]:
    rows = list(lock.environments["default"].packages)
    assert rows == [platform.name for platform in lock.platforms]
    return rows


def test_only_what_is_no_plain_subdir_is_written_under_an_alias() -> None:
    lock = with_aliases(lock_for(CUDA, PLAIN, OLD))

    assert names(lock) == ["p1", "linux-64", "p2"]
    assert names(with_aliases(lock)) == ["p1", "linux-64", "p2"]


def test_the_file_has_the_aliases() -> None:
    text = format_lock(lock_for(CUDA, PLAIN))

    assert "- name: p1\n  subdir: linux-64\n" in text
    assert "      p1: []\n" in text
    assert "gpu" not in text


def test_an_alias_is_known_by_what_it_is_made_of() -> None:
    read = with_aliases(lock_for(CUDA, PLAIN, OLD))
    records: LockedRecords = {"default": {"p1": [], "p2": [], "linux-64": []}}
    renamed = replace(OLD, name="ancient")

    lock, rows = match_platforms(read, records, [renamed, CUDA, PLAIN])

    assert names(lock) == ["gpu", "linux-64", "ancient"]
    assert sorted(rows["default"]) == ["ancient", "gpu", "linux-64"]


@pytest.mark.parametrize(
    "declared",
    [
        [replace(CUDA, name="a"), replace(CUDA, name="b")],
        [OLD],
        [replace(CUDA, subdir="linux-aarch64")],
    ],
    ids=["two that fit", "other packages", "another subdir"],
)
def test_an_alias_that_fits_none_or_two_keeps_its_name(
    declared: list[Platform],
) -> None:
    read = with_aliases(lock_for(CUDA))

    lock, _ = match_platforms(read, {}, declared)

    assert names(lock) == ["p1"]


def test_defaults_and_a_build_of_zero_make_no_difference() -> None:
    assert customised("linux-64", PLAIN.virtual_packages) == ()
    assert customised("linux-64", ["__glibc=2.28", "__cuda=12=0"]) == (
        ("__cuda", "12", ""),
    )
    assert customised("linux-64", []) == ()
    assert customised("linux-64", ["odd"]) == (("odd", "", ""),)
