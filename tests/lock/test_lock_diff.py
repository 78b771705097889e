"""What changed between two locks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pixi_jupyter.lock.diff import diff_locks
from pixi_jupyter.lock.file import Lock, LockedEnvironment, LockedPackage

URL = "https://conda.anaconda.org/conda-forge/noarch/"


def conda(name: str, version: str, build: str = "h1_0", **fields: Any) -> LockedPackage:
    return LockedPackage("conda", f"{URL}{name}-{version}-{build}.conda", fields)


def pypi(name: str, version: str) -> LockedPackage:
    location = f"https://files.pypi.example/{name}-{version}-py3-none-any.whl"
    return LockedPackage("pypi", location, {"name": name, "version": version})


def lock_of(*packages: LockedPackage, platform: str = "linux-64") -> Lock:
    environment = LockedEnvironment(packages={platform: packages})
    return Lock(environments={"default": environment})


BEFORE = lock_of(
    conda("numpy", "2.1", sha256="aa", size=3),
    conda("gone", "1.0"),
    conda("rebuilt", "1.0", "h1_0"),
    conda("lowered", "3.0"),
    conda("same", "1.0", depends=["x"]),
    conda("odd", "1.0"),
    conda("moved", "1.0"),
)
AFTER = lock_of(
    conda("numpy", "2.10", sha256="bb", license="BSD"),
    conda("new", "1.0", license="MIT"),
    conda("rebuilt", "1.0", "h1_1"),
    conda("lowered", "2.9"),
    conda("same", "1.0", depends=["y"]),
    LockedPackage("conda", "https://a.example/noarch/odd.conda", {"name": "odd"}),
    pypi("moved", "1.0"),
)


def test_each_package_that_changed_is_one_row() -> None:
    diff = diff_locks(BEFORE, AFTER, {"default": {"numpy"}})

    assert [(c.name, c.type, c.kind, c.explicit) for c in diff.changes] == [
        ("gone", "conda", "removed", False),
        ("lowered", "conda", "downgraded", False),
        ("moved", "conda", "removed", False),
        ("moved", "pypi", "added", False),
        ("new", "conda", "added", False),
        ("numpy", "conda", "upgraded", True),
        ("odd", "conda", "changed", False),
        ("rebuilt", "conda", "changed", False),
    ]


def test_rows_tell_versions_before_and_after() -> None:
    changes = {c.name: c for c in diff_locks(BEFORE, AFTER).changes}

    numpy, new = changes["numpy"], changes["new"]
    assert numpy.before is not None
    assert numpy.after is not None
    assert (numpy.before["version"], numpy.after["version"]) == ("2.1", "2.10")
    assert new.before is None
    assert new.after is not None
    assert new.after["build"] == "h1_0"


def test_the_json_is_pixis() -> None:
    found: Any = diff_locks(BEFORE, AFTER, {"default": {"numpy"}}).to_json()

    items = {item["name"]: item for item in found["environment"]["default"]["linux-64"]}
    assert found["version"] == 1
    assert items["numpy"] == {
        "name": "numpy",
        "before": {"conda": f"{URL}numpy-2.1-h1_0.conda", "sha256": "aa", "size": 3},
        "after": {
            "conda": f"{URL}numpy-2.10-h1_0.conda",
            "sha256": "bb",
            "license": "BSD",
            "size": None,
        },
        "type": "conda",
        "explicit": True,
    }
    assert items["new"] == {
        "name": "new",
        "before": None,
        "after": {"conda": f"{URL}new-1.0-h1_0.conda", "license": "MIT"},
        "type": "conda",
    }


def test_names_of_pypi_have_underscores_in_json() -> None:
    found: Any = diff_locks(None, lock_of(pypi("my-thing", "1.0"))).to_json()

    assert found["environment"]["default"]["linux-64"][0]["name"] == "my_thing"


def test_environments_and_platforms_that_came_or_went_are_told() -> None:
    elsewhere = lock_of(conda("numpy", "2.1"), platform="win-64")
    renamed = replace(
        elsewhere, environments={"other": elsewhere.environments["default"]}
    )

    diff = diff_locks(lock_of(conda("numpy", "2.1")), renamed)

    assert [(c.environment, c.platform, c.kind) for c in diff.changes] == [
        ("default", "linux-64", "removed"),
        ("other", "win-64", "added"),
    ]


@pytest.mark.parametrize("lock", [BEFORE, Lock()], ids=["the same", "nothing"])
def test_where_nothing_changed_nothing_is_said(lock: Lock) -> None:
    diff = diff_locks(lock, lock)

    assert diff.is_empty
    assert diff.to_json() == {"version": 1, "environment": {}}
