from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pixi_jupyter.manifest.locate import Place, dotted, locate

if TYPE_CHECKING:
    from pixi_jupyter.manifest.layout import Keys

TEXT = """\
[workspace]
platforms = ["linux-64", "win-64"]

[feature.test.dependencies]
pytest = "*"

[environments]
test = { features = ["test"] }
"""


@pytest.mark.parametrize(
    ("keys", "at", "line", "column"),
    [
        (("workspace", "platforms"), "key", 2, 1),
        (("workspace", "platforms"), "value", 2, 13),
        (("workspace", "platforms", 1), "value", 2, 26),
        (("feature", "test", "dependencies"), "key", 4, 1),
        (("feature", "test"), "key", 4, 1),
        (("environments", "test", "features", 0), "value", 8, 22),
        (("environments", "test", "solve-group"), "value", 8, 1),
        (("workspace", "channels"), "value", 1, 1),
    ],
)
def test_a_path_of_keys_is_found(keys: Keys, at: str, line: int, column: int) -> None:
    found = locate(TEXT, keys, at="key" if at == "key" else "value")

    assert found is not None
    assert (found.line, found.column) == (line, column)
    assert found.source_line == TEXT.split("\n")[line - 1]


def test_a_path_that_is_nowhere_has_no_place() -> None:
    assert locate(TEXT, ("dependencies", "numpy")) is None
    assert locate("broken = ", ("broken",)) is None


def test_carriage_returns_are_no_part_of_a_line() -> None:
    found = locate("[a]\r\nb = 1\r\n", ("a", "b"), at="value")

    assert found == Place(2, 5, "b = 1")


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (("a", "b-c", "d_1"), "a.b-c.d_1"),
        (("target", "cuda-*", "x"), 'target."cuda-*".x'),
        (("a", 0, "b"), "a[0].b"),
        (("with.dot",), '"with.dot"'),
    ],
)
def test_keys_are_written_as_toml_does(keys: Keys, text: str) -> None:
    assert dotted(keys) == text
