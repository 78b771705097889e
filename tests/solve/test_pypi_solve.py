"""PyPI packages on top of conda's, from a real index through the real uv."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from support.pypi import Pypi, conda_record
from support.registry import Basic, MockIndex, make_wheel

from pixi_jupyter.adapters.rattler.locks import newest_lock_text
from pixi_jupyter.errors import (
    IndexAccessError,
    OfflineError,
    PypiResolutionError,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def pypi(mock_index: Callable[[], MockIndex], tmp_path: Path) -> Pypi:
    return Pypi(mock_index(), tmp_path)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


async def test_a_row_says_all_that_a_lock_holds(pypi: Pypi) -> None:
    spam = make_wheel(
        pypi.files,
        "Spam",
        requires=["ham (>=1)", "eggs; python_version<'3.8'", "Jam[Hot]>1; extra=='j'"],
        requires_python=">= 3.8",
    )
    pypi.index.add(spam)
    pypi.index.add(make_wheel(pypi.files, "ham"))

    found = await pypi.solve({"spam": "*"})

    assert list(found) == ["ham", "spam"]
    assert found[
        "spam"
    ].location == f"{pypi.index.url}files/Spam-1.0-py3-none-any.whl".replace(
        "Spam", "spam"
    )
    assert found["spam"].fields == {
        "name": "spam",
        "version": "1.0",
        "sha256": digest(spam),
        "index": pypi.index.simple_url,
        "requires_dist": [
            "ham>=1",
            "eggs ; python_full_version < '3.8'",
            "jam[hot]>1 ; extra == 'j'",
        ],
        "requires_python": ">=3.8",
    }


async def test_py_rattler_reads_what_we_would_lock(pypi: Pypi) -> None:
    pypi.index.add(make_wheel(pypi.files, "spam", requires=["ham"]))
    pypi.index.add(make_wheel(pypi.files, "ham"))
    (solution,) = await pypi.solve_all(pypi.request({"spam": "*"}))
    lock = {
        "version": 7,
        "platforms": [{"name": "linux-64"}],
        "environments": {
            "default": {
                "channels": [],
                "indexes": [pypi.index.simple_url],
                "packages": {
                    "linux-64": [{"pypi": x.location} for x in solution.records]
                },
            }
        },
        "packages": [{"pypi": x.location, **x.fields} for x in solution.records],
    }

    text = newest_lock_text(json.dumps(lock), "pixi.lock")

    assert f"index: {pypi.index.simple_url}" in text
    assert "requires_dist:\n  - ham\n" in text


async def test_conda_packages_are_fixed_and_left_out(pypi: Pypi) -> None:
    for version, numpy in (("1.0", ">=1"), ("2.0", ">=2")):
        wheel = make_wheel(
            pypi.files, "spam", version, requires=[f"numpy{numpy}", "ham"]
        )
        pypi.index.add(wheel)
    pypi.index.add(make_wheel(pypi.files, "numpy", "2.1"))
    pypi.index.add(make_wheel(pypi.files, "ham"))

    found = await pypi.solve({"spam": "*"}, conda_record("numpy", "1.26.4"))

    assert {name: each.version for name, each in found.items()} == {
        "spam": "1.0",
        "ham": "1.0",
    }
    assert "/simple/numpy/" not in pypi.index.paths()


async def test_what_conda_meets_alone_is_asked_of_nobody(pypi: Pypi) -> None:
    found = await pypi.solve({"numpy": ">=1,<2"}, conda_record("numpy", "1.26.4"))

    assert found == {}
    assert pypi.index.paths() == []
    assert not pypi.cache.exists()


async def test_a_version_that_conda_does_not_have_is_said_at_once(pypi: Pypi) -> None:
    with pytest.raises(PypiResolutionError) as caught:
        await pypi.solve({"numpy": ">=2"}, conda_record("numpy", "1.26.4"))

    assert caught.value.pinned == ("numpy",)
    assert "numpy>=2 is asked for, and conda brings numpy 1.26.4" in str(caught.value)
    assert pypi.index.paths() == []


async def test_a_conda_package_cannot_be_asked_for_by_its_place(pypi: Pypi) -> None:
    with pytest.raises(PypiResolutionError, match=r"git https://git\.example/numpy"):
        await pypi.solve(
            {"numpy": {"git": "https://git.example/numpy"}},
            conda_record("numpy", "1.26.4"),
        )


async def test_a_conflict_below_names_the_conda_package(pypi: Pypi) -> None:
    pypi.index.add(make_wheel(pypi.files, "spam", requires=["numpy>=2"]))

    with pytest.raises(PypiResolutionError) as caught:
        await pypi.solve({"spam": "*"}, conda_record("numpy", "1.26.4"))

    error = caught.value
    assert error.pinned == ("numpy",)
    assert "all versions of spam depend on numpy>=2 and numpy==1.26.4" in error.report
    assert "stubs" not in str(error)
    assert "file://" not in str(error)
    assert "pixi-jupyter-manifest" not in str(error)


async def test_locked_versions_stay_until_they_do_not_fit(pypi: Pypi) -> None:
    for version in ("1.0", "2.0", "3.0"):
        pypi.index.add(make_wheel(pypi.files, "spam", version))
    first = await pypi.solve({"spam": "==1.0"})
    locked = tuple(first.values())

    kept = await pypi.solve({"spam": "*"}, locked=locked)
    moved = await pypi.solve({"spam": ">1"}, locked=locked)

    assert kept["spam"].version == "1.0"
    assert moved["spam"].version == "3.0"


async def test_equal_questions_are_asked_once(pypi: Pypi) -> None:
    pypi.index.add(make_wheel(pypi.files, "spam"))
    one = pypi.request({"spam": "*"})
    two = replace(one, environment="test")

    solutions = await pypi.solve_all(one, two, one)

    assert len({each.records for each in solutions}) == 1
    assert pypi.index.paths().count("/simple/spam/") == 1
    assert sum(event.phase == "solve" for event in pypi.events) == 1


async def test_metadata_are_read_once_for_all_workspaces(pypi: Pypi) -> None:
    pypi.index.serves_metadata = False
    pypi.index.add(make_wheel(pypi.files, "spam", requires=["ham"]))
    pypi.index.add(make_wheel(pypi.files, "ham"))
    first = await pypi.solve({"spam": "*"})
    pypi.index.log.clear()

    second = await pypi.solve({"spam": "*"})

    assert second == first
    assert first["spam"].fields["requires_dist"] == ["ham"]
    # uv asks by itself whether its own copy is still right
    ours = [x for x in pypi.index.log if "uv/" not in x.headers.get("user-agent", "")]
    assert ours == []


async def test_an_override_takes_the_place_of_what_packages_say(pypi: Pypi) -> None:
    pypi.index.add(make_wheel(pypi.files, "spam", requires=["ham<2"]))
    pypi.index.add(make_wheel(pypi.files, "ham", "2.0"))

    found = await pypi.solve({"spam": "*"}, overrides={"ham": ">=2"})

    assert found["ham"].version == "2.0"


async def test_an_index_of_one_package_is_asked_for_that_one_only(
    pypi: Pypi, mock_index: Callable[[], MockIndex]
) -> None:
    other = mock_index()
    other.add(make_wheel(pypi.files / "other", "special", "9.0"))
    other.add(make_wheel(pypi.files / "other", "spam", "9.0"))
    pypi.index.add(make_wheel(pypi.files, "spam"))

    found = await pypi.solve(
        {"special": {"version": "*", "index": other.simple_url}, "spam": "*"}
    )

    assert found["special"].index == other.simple_url
    assert (found["spam"].version, found["spam"].index) == (
        "1.0",
        pypi.index.simple_url,
    )


async def test_each_package_names_the_index_it_is_from(
    pypi: Pypi, mock_index: Callable[[], MockIndex]
) -> None:
    extra = mock_index()
    extra.add(make_wheel(pypi.files / "extra", "special"))
    extra.credentials = Basic("me", "s3cret")
    url = extra.simple_url.replace("//", "//me:s3cret@")
    pypi.index.add(make_wheel(pypi.files, "spam"))

    found = await pypi.solve(
        {"special": "*", "spam": "*"}, uv={"extra_index_urls": (url,)}
    )

    assert found["special"].index == extra.simple_url
    assert found["spam"].index == pypi.index.simple_url
    assert "s3cret" not in str([each.fields for each in found.values()])
    assert "s3cret" not in found["special"].location


async def test_find_links_are_looked_at(pypi: Pypi) -> None:
    links = pypi.root / "links"
    make_wheel(links, "local")

    found = await pypi.solve({"local": "*"}, uv={"find_links": (str(links),)})

    assert found["local"].location == "./links/local-1.0-py3-none-any.whl"
    assert found["local"].index == ""
    assert found["local"].sha256


async def test_an_index_that_asks_who_we_are_is_named(pypi: Pypi) -> None:
    pypi.index.credentials = Basic("me", "s3cret")
    url = pypi.index.simple_url.replace("//", "//me:wr0ng@")

    with pytest.raises(IndexAccessError) as caught:
        await pypi.solve({"spam": "*"}, uv={"index_url": url})

    assert "asks for credentials" in str(caught.value)
    assert "wr0ng" not in str(caught.value)


async def test_offline_works_from_the_cache_and_says_what_it_lacks(pypi: Pypi) -> None:
    pypi.index.add(make_wheel(pypi.files, "spam"))
    online = await pypi.solve({"spam": "*"})
    pypi.index.stop()
    pypi.offline = True

    assert await pypi.solve({"spam": "*"}) == online
    with pytest.raises(OfflineError, match="--offline"):
        await pypi.solve({"other": "*"})


async def test_a_row_without_python_cannot_have_pypi_packages(pypi: Pypi) -> None:
    zlib = conda_record("zlib", depends=[])

    with pytest.raises(PypiResolutionError, match="add python"):
        await pypi.solve({"spam": "*"}, python_record=zlib)
    assert await pypi.solve({}, python_record=zlib) == {}
