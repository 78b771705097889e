"""A key that no table has goes to the top."""

from __future__ import annotations

import pytest

from pixi_jupyter.manifest.edits import set_value


@pytest.mark.parametrize(
    ("text", "edited"),
    [
        ("", "z = true\n"),
        ("# mine\n\n[t]\nb = 1\n", "z = true\n\n# mine\n\n[t]\nb = 1\n"),
        ("a = 1\n\n# of t\n[t]\nb = 1\n", "a = 1\nz = true\n\n# of t\n[t]\nb = 1\n"),
        ("a = [\n  1,\n]", "a = [\n  1,\n]\nz = true\n"),
    ],
    ids=["empty", "tables", "keys and tables", "no last newline"],
)
def test_a_new_key_at_the_top_stands_before_all_tables(text: str, edited: str) -> None:
    assert set_value(text, ("z",), value=True) == edited
