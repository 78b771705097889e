"""A lock as text, and the hash of a row."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import xxhash

from pixi_jupyter.lock.file import (
    Lock,
    LockedEnvironment,
    LockedPackage,
    environment_hash,
    format_lock,
    parse_lock,
)
from pixi_jupyter.platforms import Platform

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.locks import Locked

SIX = """\
version: 6
environments:
  default:
    channels:
    - url: https://conda.anaconda.org/conda-forge/
    indexes:
    - https://pypi.example/simple
    options:
      channel-priority: disabled
    packages:
      linux-64:
      - conda: https://conda.anaconda.org/conda-forge/noarch/tzdata-2025b-h78e105d_0.conda
      - pypi: https://files.pypi.example/click-8.1.8-py3-none-any.whl
packages:
- conda: https://conda.anaconda.org/conda-forge/noarch/tzdata-2025b-h78e105d_0.conda
  sha256: 5aaa366385d716557e365f0a4e9c3fca43ba196872abbbe3d56bb610d131e192
  md5: 4222072737ccff51314b5ece9c7d6f5a
  license: LicenseRef-Public-Domain
  size: 122968
  timestamp: 1742727099393
- pypi: https://files.pypi.example/click-8.1.8-py3-none-any.whl
  name: click
  version: 8.1.8
  sha256: 63c132bbbed01578a06712a2d1f497bb62d9c1c0d329b7903a866228027263b2
  requires_dist:
  - colorama ; sys_platform == 'win32'
  requires_python: '>=3.7'
"""


def test_equal_content_gives_equal_bytes_in_whatever_order_it_comes(
    solved: Locked,
) -> None:
    lock = solved.lock
    shuffled = Lock(
        platforms=lock.platforms,
        environments={
            name: replace(
                environment,
                packages={
                    platform: tuple(reversed(row))
                    for platform, row in sorted(
                        environment.packages.items(), reverse=True
                    )
                },
            )
            for name, environment in sorted(lock.environments.items(), reverse=True)
        },
    )

    assert format_lock(shuffled) == format_lock(lock)


def test_the_hash_of_a_row_is_made_of_locations_hashes_and_platform(
    parsed: Callable[[str], Lock],
) -> None:
    lock = parsed(SIX)
    digest = xxhash.xxh3_64()
    conda, pypi = (
        p.location.encode() for p in lock.environments["default"].packages["linux-64"]
    )
    sha256 = "5aaa366385d716557e365f0a4e9c3fca43ba196872abbbe3d56bb610d131e192"
    digest.update(conda + b"\xff" + (32).to_bytes(8, "little") + bytes.fromhex(sha256))
    digest.update(pypi + b"\xff")
    alone = digest.copy()
    digest.update(b"linux-64\xff")

    assert environment_hash(lock, "default", "linux-64") == f"{digest.intdigest():x}"
    assert environment_hash(lock, "default", "win-64") != f"{alone.intdigest():x}"

    for text in sorted(map(str, Platform("linux-64", "linux-64").virtual_packages)):
        digest.update(text.encode() + b"\xff")
    declared = Platform("linux-64", "linux-64")
    assert environment_hash(lock, "default", declared) == f"{digest.intdigest():x}"


def test_the_hash_of_a_row_is_the_same_before_and_after_it_was_written(
    solved: Locked,
) -> None:
    read = parse_lock(format_lock(solved.lock), solved.folder / "pixi.lock")

    hashes = {
        (name, platform): environment_hash(solved.lock, name, platform)
        for name in ("default", "test", "nothing")
        for platform in ("linux-64", "osx-arm64")
    }

    assert len(set(hashes.values())) == 6
    for (name, platform), value in hashes.items():
        assert environment_hash(read, name, platform) == value


def test_a_package_known_to_two_environments_is_written_once_and_whole(
    parsed: Callable[[str], Lock],
) -> None:
    lock = parsed(SIX)
    conda, _ = lock.environments["default"].packages["linux-64"]
    purls = LockedPackage("conda", conda.location, {**conda.fields, "purls": []})
    other = LockedEnvironment(packages={"linux-64": (purls,)})

    both = replace(lock, environments={**lock.environments, "other": other})
    other_way = replace(lock, environments={"other": other, **lock.environments})

    assert format_lock(both).count("\n- conda: ") == 1
    assert "purls: []" in format_lock(both)
    assert format_lock(other_way) == format_lock(both)
