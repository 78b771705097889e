"""When a conditional dependency holds."""

from __future__ import annotations

import pytest

from pixi_jupyter.lock.conditions import holds

THERE = {"a", "b >=1", "c[build='x y']"}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (None, True),
        ("a", True),
        ("x", False),
        ("b >=1", True),
        ("a and x", False),
        ("x or a", True),
        ("a or x and x", True),
        ("(a or x) and x", False),
        ("((x or a) and (b >=1))", True),
        ("c[build='x y'] and a", True),
        ("(a", None),
        ("a)", None),
        ("a and", None),
        ("(" * 100 + "a" + ")" * 100, None),
    ],
)
def test_a_condition_is_judged(
    condition: str | None,
    expected: bool | None,  # noqa: FBT001  a case
) -> None:
    assert holds(condition, THERE.__contains__) is expected
