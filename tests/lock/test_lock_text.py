"""The YAML text of a lock."""

from __future__ import annotations

import pytest

from pixi_jupyter.adapters.yaml import parse_yaml
from pixi_jupyter.lock.text import format_yaml, scalar

PLAIN = ["numpy", "3.12.1", "py_0", "a:b", ":a", "-a", "it's", "a#b", "x @ y", "é"]
QUOTED = ["", "1", "01", "1.0", "1e5", ".inf", "null", "~", "true", "False", "0x1F"]
QUOTED += ["*", "a: b", "a #b", " a", "a ", "- a", "[a", "@a", ">=1", "---", "a:"]


@pytest.mark.parametrize("text", PLAIN)
def test_a_text_that_can_be_nothing_else_stands_without_quotes(text: str) -> None:
    assert scalar(text) == text


@pytest.mark.parametrize("text", QUOTED)
def test_a_text_that_could_be_something_else_stands_in_quotes(text: str) -> None:
    written = scalar(text)

    assert written == "'" + text.replace("'", "''") + "'"
    assert parse_yaml(f"key: {written}") == {"key": text}


@pytest.mark.parametrize(
    "text",
    [
        "a\tb",
        "\x7f",
        "a\x85b",
        "\u2028",
        "a\nb",
        "a\n",
        "\na",
        "a\n b",
        "a\n\nb",
        " \n",
    ],
)
def test_what_has_no_place_on_one_line_is_read_back_unchanged(text: str) -> None:
    written = format_yaml({"key": text, "list": [text], "deep": {"key": text}})

    assert parse_yaml(written) == {"key": text, "list": [text], "deep": {"key": text}}


def test_lists_stand_under_their_key_and_empty_ones_behind_it() -> None:
    text = format_yaml(
        {
            "version": 7,
            "names": ["a", "b"],
            "tables": [{"url": "x", "more": ["c"]}],
            "none": [],
            "nothing": {},
            "flag": False,
            "gap": None,
        }
    )

    assert text == (
        "version: 7\n"
        "names:\n- a\n- b\n"
        "tables:\n- url: x\n  more:\n  - c\n"
        "none: []\nnothing: {}\nflag: false\ngap: null\n"
    )
