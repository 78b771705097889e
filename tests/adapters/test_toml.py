"""TOML 1.1 is read, and a mistake has a place."""

from __future__ import annotations

import pytest

from pixi_jupyter.adapters.toml import TomlError, format_toml, parse_toml


def test_inline_tables_over_several_lines_are_read() -> None:
    text = "a = {\n  x = 1,\n  y = 2,\n}\n"

    assert parse_toml(text).unwrap() == {"a": {"x": 1, "y": 2}}


def test_an_unedited_document_is_written_as_it_was() -> None:
    text = "# head\r\na = 1 # one\r\n\r\n[b]\r\nc = 'x'\r\n"

    assert format_toml(parse_toml(text)) == text


def test_a_mistake_has_line_and_column() -> None:
    with pytest.raises(TomlError) as caught:
        parse_toml("[a]\nnumpy = >=2\n")

    assert (caught.value.line, caught.value.column) == (2, 9)
