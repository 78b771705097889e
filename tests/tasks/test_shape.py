from __future__ import annotations

import pytest

from pixi_jupyter.tasks.shape import shape_of


def commands(text: str) -> list[str]:
    return [text[start:].split(maxsplit=1)[0] for start in shape_of(text).commands]


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("a b", "w w"),
        ("'a' \"b\"", "qsq qdq"),
        ("A=1 b", "aaw w"),
        ("a=1", "aaw"),
        ("a-b=1", "wwwww"),
        ("a;b", "wow"),
        ("a && b", "w oo w"),
        ("a 2>&1", "w noow"),
        ("a 2 >b", "w w ow"),
        ("a $B", "w vv"),
        ("a $", "w w"),
        ('"$B"', "qvvq"),
        ("a $(b)", "w oowo"),
        ("a `b`", "w owo"),
        ("a #b", "w ##"),
        ("a#b", "www"),
        ("a\nb", "wow"),
        ("a \\\nb", "w   w"),
        ("a\\;b", "weew"),
        ("a\\\\;b", "wwwow"),
        ("a\\\\ b", "wweew"),
        ('"\\""', "qeeq"),
        ("! a", "o w"),
        ("a !", "w w"),
    ],
)
def test_every_character_has_its_part(text: str, states: str) -> None:
    assert shape_of(text).states == states


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a b c", ["a"]),
        ("A=1 B=2 c d", ["c"]),
        ("a | b && c || d ; e & f", ["a", "b", "c", "d", "e", "f"]),
        ("a\nb\r\nc", ["a", "b", "c"]),
        ('(a) ; a $(b c) "$(d)" `e`', ["a)", "a", "b", 'd)"', "e`"]),
        ("a > b c", ["a", "c"]),
        ("(a) b", ["a)", "b"]),
        ("a 2>&1 | b", ["a", "b"]),
        ("! a", ["a"]),
        ("a # b ; c\nd", ["a", "d"]),
        ("'a b' c", ["'a"]),
    ],
)
def test_the_words_that_run_are_found(text: str, found: list[str]) -> None:
    assert commands(text) == found


@pytest.mark.parametrize("text", ["'a", '"a', "$(a", '"a\\"', "a `b", '"$(a"'])
def test_what_is_not_closed_is_no_whole(text: str) -> None:
    assert not shape_of(text).is_whole


def test_nested_without_end_ends() -> None:
    assert not shape_of("$(" * 5000).is_whole
    assert not shape_of('"$(' * 5000).is_whole
