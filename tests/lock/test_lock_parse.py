"""Reading pixi.lock, of every version."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pixi_jupyter.errors import (
    LockNotFoundError,
    LockParseError,
    NewerLockError,
)
from pixi_jupyter.lock.file import (
    Lock,
    LockedPlatform,
    format_lock,
    read_lock,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


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
SOURCES = """\
version: 7
platforms:
- name: linux-64
environments:
  default:
    channels:
    - url: https://conda.anaconda.org/conda-forge/
    indexes:
    - https://pypi.example/simple
    find-links:
    - path: ./wheels
    options:
      strategy: lowest-version
      pypi-prerelease-mode: allow
    packages:
      linux-64:
      - conda_source: mine[2a17d7b3] @ ./mine
      - pypi: ./local
packages:
- conda: https://conda.anaconda.org/conda-forge/linux-64/cmake-4.1.0-h1_0.conda
  sha256: 5aaa366385d716557e365f0a4e9c3fca43ba196872abbbe3d56bb610d131e192
- conda: https://conda.anaconda.org/conda-forge/linux-64/unused-4.1.0-h1_0.conda
- conda_source: mine[2a17d7b3] @ ./mine
  version: 0.1.0
  build: hbf21a9e_0
  subdir: linux-64
  variants:
    target_platform: linux-64
  depends:
  - libstdcxx >=15
  build_packages:
  - conda: https://conda.anaconda.org/conda-forge/linux-64/cmake-4.1.0-h1_0.conda
- pypi: ./local
  name: local
  version: 0.2.0
  requires_dist:
  - click>=8
"""


def test_packages_of_pypi_and_from_source_are_carried_through(
    parsed: Callable[[str], Lock],
) -> None:
    lock = parsed(SOURCES)

    environment = lock.environments["default"]
    source, local = environment.packages["linux-64"]
    assert (source.kind, source.name, source.version) == (
        "conda_source",
        "mine",
        "0.1.0",
    )
    assert (local.kind, local.name, local.version) == ("pypi", "local", "0.2.0")
    assert environment.indexes == ("https://pypi.example/simple",)
    without_unused = SOURCES.replace(
        "- conda: https://conda.anaconda.org/conda-forge/linux-64/"
        "unused-4.1.0-h1_0.conda\n",
        "",
    )
    assert format_lock(lock) == without_unused


def test_an_older_lock_is_brought_to_the_present_format(
    parsed: Callable[[str], Lock],
) -> None:
    lock = parsed(SIX)

    assert lock.version == 6
    assert lock.platforms == (LockedPlatform("linux-64", "linux-64"),)
    environment = lock.environments["default"]
    assert environment.options == {"channel-priority": "disabled"}
    conda, pypi = environment.packages["linux-64"]
    assert (conda.name, conda.version, conda.build, conda.subdir) == (
        "tzdata",
        "2025b",
        "h78e105d_0",
        "noarch",
    )
    assert pypi.fields["requires_dist"] == ["colorama ; sys_platform == 'win32'"]
    assert format_lock(lock).startswith("version: 7\n")


def test_another_layout_says_the_same(parsed: Callable[[str], Lock]) -> None:
    text = SOURCES.replace(
        "- conda_source: mine[2a17d7b3] @ ./mine\n  version",
        ("# built here\n- conda_source: 'mine[2a17d7b3] @ ./mine'\n  version"),
    )

    assert format_lock(parsed(text)) == format_lock(parsed(SOURCES))
    assert format_lock(parsed(SOURCES.replace("\n", "\r\n"))) == format_lock(
        parsed(SOURCES)
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "does not say which version"),
        ("version: 7\nenvironments: [\n", "while parsing"),
        ("version: 7\nenvironments:\n- x\npackages: []\n", "not as a lock file has it"),
        ("version: 7\npackages:\n- cond: x\nenvironments: {}\n", "a package is one of"),
        (
            SOURCES.replace(
                "packages:\n- conda:", "packages:\n- conda: https://x\n- y:"
            ),
            "a package is one of",
        ),
        (SOURCES.replace("      - pypi: ./local", "      - pypi: ./other"), "./other"),
        (SIX.replace("version: 6", "version: 2"), "missing field"),
    ],
)
def test_what_is_no_lock_is_refused_with_its_name_and_a_reason(
    parsed: Callable[[str], Lock], text: str, words: str
) -> None:
    with pytest.raises(LockParseError, match=r"pixi\.lock") as caught:
        format_lock(parsed(text))

    assert words in caught.value.reason


def test_a_package_that_cannot_be_read_is_found_when_it_is_looked_at(
    parsed: Callable[[str], Lock],
) -> None:
    lock = parsed(SOURCES.replace("  name: local", "  name: [local"))

    with pytest.raises(LockParseError, match=r"pixi\.lock"):
        format_lock(lock)


def test_a_newer_lock_says_that_it_is_newer(parsed: Callable[[str], Lock]) -> None:
    with pytest.raises(NewerLockError) as caught:
        parsed(SOURCES.replace("version: 7", "version: 8"))

    assert (caught.value.version, caught.value.known) == (8, 7)


def test_the_marks_of_a_merge_are_named_with_their_line(
    parsed: Callable[[str], Lock],
) -> None:
    text = "version: 7\n<<<<<<< HEAD\nplatforms: []\n=======\n>>>>>>> other\n"

    with pytest.raises(LockParseError, match=r"merge conflict in it, lines 2 to 5"):
        parsed(text)


def test_a_file_that_is_not_there_or_no_text_is_said(tmp_path: Path) -> None:
    with pytest.raises(LockNotFoundError):
        read_lock(tmp_path / "pixi.lock")

    (tmp_path / "pixi.lock").write_bytes(b"version: 7\xff")
    with pytest.raises(LockParseError, match="UTF-8"):
        read_lock(tmp_path / "pixi.lock")
