"""Edits of cached packages are seen by the times of their files."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pixi_jupyter.install.edited import edited_packages

if TYPE_CHECKING:
    from pathlib import Path

    from support.installs import Install, Publish

DEEP = "lib/python3.12/site-packages/a/__init__.py"


async def _cached(install: Install, publish: Publish) -> Path:
    publish({"name": "a", "files": {DEEP: "one = 1\n"}}, {"name": "b"})
    await install.install("a", "b")
    return install.cache / "pkgs"


async def test_what_is_as_it_was_unpacked_is_not_edited(
    install: Install, publish: Publish
) -> None:
    packages = await _cached(install, publish)

    assert edited_packages(await install.solve("a", "b"), packages) == ()


async def test_an_edit_through_a_prefix_is_seen_in_the_cache(
    install: Install, publish: Publish
) -> None:
    packages = await _cached(install, publish)
    with (install.prefix / DEEP).open("a") as file:
        file.write("two = 2\n")

    found = edited_packages(await install.solve("a", "b"), packages)

    assert [record.name.normalized for record in found] == ["a"]


async def test_a_file_that_came_with_an_odd_time_is_seen_once_it_is_younger(
    install: Install, publish: Publish
) -> None:
    packages = await _cached(install, publish)
    inside = packages / "a-1.0-0" / DEEP
    unpacked = (packages / "a-1.0-0.lock").stat().st_mtime_ns

    os.utime(inside, ns=(unpacked, unpacked))
    same = edited_packages(await install.solve("a"), packages)
    os.utime(inside, ns=(unpacked, unpacked + 1))
    younger = edited_packages(await install.solve("a"), packages)

    assert (len(same), len(younger)) == (0, 1)


async def test_a_package_that_is_not_cached_is_not_edited(
    install: Install, publish: Publish, tmp_path: Path
) -> None:
    await _cached(install, publish)

    assert edited_packages(await install.solve("a"), tmp_path / "nowhere") == ()
