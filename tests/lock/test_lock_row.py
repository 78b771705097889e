"""Whether the packages of one row are what is asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from pixi_jupyter.lock.file import (
    Lock,
    LockedEnvironment,
    LockedPackage,
)
from pixi_jupyter.lock.satisfy import describe
from pixi_jupyter.platforms import VirtualPackage

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.locks import Locked

PYPI = """
[workspace]
channels = ["CHANNEL"]
platforms = ["linux-64"]

[dependencies]
python = "*"
"""
CLICK = LockedPackage(
    "pypi",
    "https://files.pypi.example/click-8-py3-none-any.whl",
    {"name": "click", "version": "8"},
)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ('{ version = "*", build = "other" }', 'scipy[build="other"]'),
        ('{ version = "*", channel = "https://a.example/c" }', "channel="),
        ('{ version = "*", subdir = "linux-64" }', "subdir="),
        ('{ version = "*", md5 = "00000000000000000000000000000000" }', "md5="),
    ],
)
def test_all_of_a_requirement_has_to_hold(
    solved: Locked, asked: str, words: str
) -> None:
    found = solved.texts(solved.edited(('scipy = ">=1"', f"scipy = {asked}")))

    assert found
    assert all(
        text.startswith("scipy 1.14 is locked, pixi.toml asks for") and words in text
        for text in found
    )


def test_what_nobody_asks_for_any_more_is_told(solved: Locked) -> None:
    text = solved.edited(('dask = "*"', ""))

    assert describe(solved.check(text)) == [
        (
            "dask is locked, nothing asks for it\n"
            "  pixi.lock         test on linux-64, osx-arm64"
        )
    ]


def test_of_many_unused_packages_three_are_named(
    locked: Callable[[str], Locked],
) -> None:
    solved = locked(
        PYPI.replace('python = "*"', 'scipy = "*"\nsystem = "*"\narray = "*"')
    )
    text = solved.text.split("[dependencies]")[0]

    assert solved.texts(text) == [
        "array, numpy, python and 2 more are locked, nothing asks for it"
    ]


def test_a_constraint_that_the_lock_breaks_is_told(solved: Locked) -> None:
    text = solved.edited(
        ("[environments]", '[constraints]\nnumpy = "<2"\n\n[environments]')
    )

    found = solved.check(text)

    assert {each.text for each in found} == {"numpy 2.1 is locked, pixi.toml allows <2"}
    assert {each.place for each in found} == {"pixi.toml:14"}


def test_a_dependency_that_is_missing_from_the_lock_is_told(solved: Locked) -> None:
    records = {
        name: {
            platform: [r for r in row if r.name.normalized != "numpy"]
            for platform, row in rows.items()
        }
        for name, rows in solved.records.items()
    }

    assert set(solved.texts(records=records)) == {
        "scipy 1.14 needs numpy >=1.26,<3, which is not in the lock",
        "dask 2024.1 needs numpy, which is not in the lock",
    }


def test_a_package_that_is_there_twice_is_told(solved: Locked) -> None:
    row = solved.records["default"]["linux-64"]
    records = {**solved.records, "default": {**solved.records["default"]}}
    records["default"]["linux-64"] = [*row, row[0]]

    assert solved.texts(records=records) == ["numpy is in the lock 2 times"]


def test_a_record_that_needs_more_than_the_platform_has_is_told(
    locked: Callable[[str], Locked],
) -> None:
    solved = locked(PYPI.replace("python", "system"))
    platform = replace(solved.lock.platforms[0], virtual_packages=("__glibc=2.12",))

    found = solved.texts(
        lock=replace(solved.lock, platforms=(platform,)),
        virtual_packages=lambda _: (VirtualPackage("__glibc", "2.12"),),
    )

    assert found == ["system 1.0 needs __glibc >=2.17, linux-64 has 2.12"]


def test_extras_are_walked(locked: Callable[[str], Locked]) -> None:
    asked = 'python = "*"\narray = { version = "*", extras = ["fast"] }'
    solved = locked(PYPI.replace('python = "*"', asked))

    assert solved.check() == []
    plain = solved.edited(('{ version = "*", extras = ["fast"] }', '"*"'))
    assert set(solved.texts(plain)) == {"dask, numpy are locked, nothing asks for it"}


def test_conditions_are_judged(solved: Locked) -> None:
    def asking(condition: str) -> str:
        table = f'{{ version = "*", when = "{condition}" }}'
        return solved.edited(('python = "*"', f'python = "*"\nabsent = {table}'))

    assert solved.check(asking("python <3")) == []
    assert set(solved.texts(asking("python >=3"))) == {"absent is not in the lock"}
    assert set(solved.texts(asking("__osx"))) == {"absent is not in the lock"}
    assert {each.platform for each in solved.check(asking("__osx"))} == {"osx-arm64"}


def with_pypi(solved: Locked, *packages: LockedPackage) -> Lock:
    environment: LockedEnvironment = solved.lock.environments["default"]
    row = (*environment.packages["linux-64"], *packages)
    changed = replace(
        environment,
        packages={"linux-64": row},
        indexes=("https://pypi.example/simple",),
    )
    return replace(solved.lock, environments={"default": changed})


def test_names_of_pypi_packages_are_looked_for(locked: Callable[[str], Locked]) -> None:
    solved = locked(PYPI)
    asking = solved.text + '\n[pypi-dependencies]\nClick = ">=8"\n'
    marked = 'colorama = { version = "*", env-markers = "sys_platform == \'win32\'" }\n'
    other = 'dask = "*"\n'
    both: Any = with_pypi(solved, CLICK)

    assert solved.check(asking, lock=both) == []
    assert solved.check(asking + marked, lock=both) == []
    assert solved.texts(asking + other, lock=both) == [
        "dask of PyPI is not in the lock"
    ]
    assert solved.texts(lock=both) == ["click of PyPI is locked, nothing asks for it"]


def test_pypi_packages_need_python(locked: Callable[[str], Locked]) -> None:
    solved = locked(PYPI.replace("python", "system"))
    asking = solved.text + '\n[pypi-dependencies]\nclick = "*"\n'

    assert solved.texts(asking, lock=with_pypi(solved, CLICK)) == [
        "PyPI packages need python, which is not in the lock"
    ]
