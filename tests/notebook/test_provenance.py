from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest

from pixi_jupyter.inkernel.stamps import packed
from pixi_jupyter.notebook.provenance import Difference, between, differences
from pixi_jupyter.notebook.stamps import Stamp, stamp_cell

OLD = ("numpy 2.1.3 py311_0", "python 3.11.7 0", "scipy 1.14.1 py311_0")
NEW = ("numpy 2.3.1 py311_0", "python 3.11.7 0", "scipy 1.16.0 py311_0")


def stamp(
    packages: tuple[str, ...], name: str = "default", platform: str = "linux-64"
) -> Stamp:
    mark = sha256("\n".join(packages).encode()).hexdigest()[:16]
    return Stamp(mark=mark, name=name, platform=platform, packages=packages)


def notebook(*made: Stamp | None) -> dict[str, Any]:
    """Give a notebook with an output of each environment."""
    found: dict[str, Any] = {
        "metadata": {},
        "cells": [{"cell_type": "markdown", "source": "", "metadata": {}}],
    }
    for each in made:
        output = [{"output_type": "stream", "name": "stdout", "text": "1"}]
        cell: dict[str, Any] = {"cell_type": "code", "outputs": output, "metadata": {}}
        found["cells"].append(cell)
        if each is not None:
            told = {
                "environment": each.mark,
                "name": each.name,
                "platform": each.platform,
                "packages": packed("\n".join(each.packages or ())),
            }
            stamp_cell(found, cell, {"pixi-jupyter": told})
    return found


def test_outputs_of_the_same_environment_are_no_news() -> None:
    found = differences(notebook(stamp(NEW), stamp(NEW), None), stamp(NEW))

    assert (found.outputs, found.unknown, found.elsewhere) == (3, 1, 0)
    assert found.sentences == ()


def test_outputs_of_another_environment_are_told_with_what_differs() -> None:
    found = differences(notebook(stamp(NEW), stamp(OLD), stamp(OLD)), stamp(NEW))

    assert found.sentences == (
        "2 of 3 outputs came from another environment",
        "Theirs had numpy 2.1.3 and scipy 1.14.1, default has 2.3.1 and 1.16.0",
    )
    assert [each.cells for each in found.others] == [(2, 3)]
    assert found.to_json()["others"][0]["differences"][0] == {
        "name": "numpy",
        "theirs": "2.1.3 py311_0",
        "here": "2.3.1 py311_0",
    }


def test_a_cell_without_outputs_counts_for_nothing() -> None:
    given = notebook(stamp(OLD))
    given["cells"][1]["outputs"] = []

    found = differences(given, stamp(NEW))

    assert (found.outputs, found.sentences) == (0, ())


def test_an_environment_that_nobody_knows_is_another_one() -> None:
    given = notebook(stamp(OLD))
    del given["metadata"]["pixi-jupyter"]["outputs"]

    found = differences(given, stamp(NEW))

    assert found.sentences == (
        "1 of 1 output came from another environment",
        "What was in it is not known",
    )


def test_the_same_lock_on_another_platform_is_the_same_environment() -> None:
    mac = stamp(
        ("libcxx 19 0", "numpy 2.3.1 mac_7", "python 3.11.7 1", "scipy 1.16.0 mac_0"),
        platform="osx-arm64",
    )

    assert differences(notebook(mac), stamp(NEW)).elsewhere == 0
    assert differences(notebook(mac), stamp(OLD)).elsewhere == 1


@pytest.mark.parametrize(
    ("theirs", "here", "expected"),
    [
        (("a 1 0",), ("a 1 1",), "Theirs had a 1 0, default has 1 1"),
        (("a 1 0",), ("b 1 0",), "Theirs had a 1 and b none, default has none and 1"),
        (
            tuple(f"{x} 1" for x in "abcde"),
            tuple(f"{x} 2" for x in "abcde"),
            "Theirs had a 1, b 1 and c 1, default has 2, 2 and 2; 2 more differ",
        ),
    ],
    ids=["build", "names", "many"],
)
def test_a_difference_is_said_in_words(
    theirs: tuple[str, ...], here: tuple[str, ...], expected: str
) -> None:
    found = differences(notebook(stamp(theirs)), stamp(here))

    assert found.sentences[1] == expected


def test_versions_come_before_builds_and_these_before_what_one_lacks() -> None:
    found = between(
        stamp(("a 1 0", "b 1 0", "c 1 0", "same 1 0")),
        stamp(("b 1 1", "c 2 0", "same 1 0")),
    )

    assert found == (
        Difference(name="c", theirs="1 0", here="2 0"),
        Difference(name="b", theirs="1 0", here="1 1"),
        Difference(name="a", theirs="1 0", here=None),
    )
