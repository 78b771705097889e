"""The version that `add` writes."""

from __future__ import annotations

from typing import Any

import pytest

from pixi_jupyter.workspace.pinning import pin

ROWS = [
    ("semver", [">=1.2.3,<2", ">=0.1.4,<0.2", ">=0.0.3,<0.0.4", ">=1.2.0,<3"]),
    ("minor", [">=1.2.3,<1.3", ">=0.1.4,<0.2", ">=0.0.3,<0.1", ">=1.2.0,<2.2"]),
    ("major", [">=1.2.3,<2", ">=0.1.4,<1", ">=0.0.3,<1", ">=1.2.0,<3"]),
    ("latest-up", [">=1.2.3", ">=0.1.4", ">=0.0.3", ">=1.2.0"]),
    ("exact-version", ["==1.2.3", "==0.1.4", "==0.0.3", "==1.2.0|==2.1.0"]),
    ("no-pin", ["*", "*", "*", "*"]),
]
VERSIONS = [["1.2.3"], ["0.1.4"], ["0.0.3"], ["1.2.0", "2.1.0"]]


@pytest.mark.parametrize(
    ("strategy", "versions", "expected"),
    [
        (strategy, versions, expected)
        for strategy, row in ROWS
        for versions, expected in zip(VERSIONS, row, strict=True)
    ],
)
def test_a_pin_is_what_pixi_writes(
    strategy: Any, versions: list[str], expected: Any
) -> None:
    assert pin(versions, name="numpy", strategy=strategy) == expected


def test_a_language_is_pinned_to_its_minor_version() -> None:
    assert pin(["3.11.7"], name="python") == ">=3.11.7,<3.12"


def test_a_configured_strategy_holds_for_languages_too() -> None:
    assert pin(["3.11.7"], name="python", strategy="semver") == ">=3.11.7,<4"


def test_an_epoch_stays() -> None:
    assert pin(["1!2.3"], name="numpy") == ">=1!2.3,<1!3"


def test_a_package_that_was_not_found_is_not_pinned() -> None:
    assert pin([], name="numpy") == "*"
