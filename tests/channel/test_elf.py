"""ELF: run paths are found and overwritten, in every width and byte order."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.elf import elf

from pixi_jupyter.channel.elf import overwrite_search, read_dynamic, relative_search

KINDS = pytest.mark.parametrize(
    ("order", "wide"),
    [("<", True), ("<", False), (">", True)],
    ids=["x86_64", "armv7", "s390x"],
)


@KINDS
def test_the_libraries_and_where_they_are_searched_are_read(
    order: str, *, wide: bool
) -> None:
    found = read_dynamic(elf(order, "/opt/py/lib:/usr/lib", wide=wide))

    assert found
    assert found.needed == ("libother.so.1",)
    assert found.search == ("/opt/py/lib", "/usr/lib")


@KINDS
def test_a_shorter_path_is_written_over_the_old_one(order: str, *, wide: bool) -> None:
    data = elf(order, "/opt/python/lib", wide=wide)
    dynamic = read_dynamic(data)
    assert dynamic

    changed = overwrite_search(data, dynamic, "$ORIGIN/../lib")

    assert changed
    assert len(changed) == len(data)
    after = read_dynamic(changed)
    assert after
    assert after.search == ("$ORIGIN/../lib",)


def test_an_old_rpath_counts_like_a_runpath() -> None:
    found = read_dynamic(elf("<", "/opt/py/lib", tag=15))

    assert found
    assert found.search == ("/opt/py/lib",)


def test_a_path_that_is_too_long_is_not_written() -> None:
    data = elf("<", "/py/lib")
    dynamic = read_dynamic(data)
    assert dynamic

    assert overwrite_search(data, dynamic, "$ORIGIN/../lib") is None


@pytest.mark.parametrize(
    "data",
    [b"", b"#!/bin/sh\n" * 20, elf("<", "/opt/py/lib")[:180], b"\x7fELF" + b"\2" * 99],
    ids=["empty", "script", "cut", "nonsense"],
)
def test_what_is_no_elf_file_has_no_dynamic_section(data: bytes) -> None:
    assert read_dynamic(data) is None


def test_a_library_of_this_machine_is_read() -> None:
    import _ctypes

    file = Path(_ctypes.__file__)

    found = read_dynamic(file.read_bytes())

    assert found
    assert any(name.startswith("lib") for name in found.needed)


@pytest.mark.parametrize(
    ("search", "folder", "expected"),
    [
        (("/opt/py/lib",), "bin", "$ORIGIN/../lib"),
        (("/opt/py/lib",), "lib/python3.11/lib-dynload", "$ORIGIN/../.."),
        (("/opt/py/lib",), "lib", "$ORIGIN"),
        (("/opt/py/lib", "/usr/lib"), "bin", "$ORIGIN/../lib:/usr/lib"),
        (("/opt/py/lib", "/opt/py/lib/"), "bin", "$ORIGIN/../lib"),
        (("/opt/python/lib", "$ORIGIN"), "bin", "/opt/python/lib:$ORIGIN"),
    ],
)
def test_folders_of_the_prefix_become_relative(
    search: tuple[str, ...], folder: str, expected: str
) -> None:
    assert relative_search(search, "/opt/py", folder) == expected
