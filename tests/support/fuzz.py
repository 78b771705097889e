"""Strange texts and values, and what may come of them."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from pixi_jupyter.errors import PixiJupyterError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

STRANGE_TEXTS = (
    "",
    " ",
    "*",
    ">=",
    "\0",
    "\x1b[31m",
    "\u202e",
    "\ufeff",
    "é日本",
    "٣",
    "a b",
    "1..2",
    "==1.*",
    ">=1,<2|3",
    "9" * 5000,
    "1." * 2000,
    "(" * 500,
    "*a" * 31 + "b",
    "x" * 5000,
    "@default",
    "../..",
    "file:///",
    "http://[::1",
    "conda-forge::numpy",
    "numpy[version='>=1']",
    "x[extra=[a]]",
    "2020-99-99",
    "9999-12-31",
    "0001-01-01T00:00:00+14:00",
    "99999999999999d",
    "linux-64",
    "win-*",
    "default",
    "true",
    "no",
    "~",
    "{{ x }}",
    "${HOME}",
    "'",
    '"',
    "\\",
)
"""Texts that have been too much for somebody."""

strange_texts = st.one_of(
    st.sampled_from(STRANGE_TEXTS),
    st.text(max_size=20),
    st.text(st.characters(codec="utf-8"), max_size=20),
)
strange_numbers = st.one_of(
    st.integers(),
    st.sampled_from([0, -1, 2**31, 2**63, 10**30, True, False]),
    st.floats(),
)
strange_dates = st.one_of(st.dates(), st.times(), st.datetimes())
strange_values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(strange_texts, strange_numbers, strange_dates),
    lambda inside: st.one_of(
        st.lists(inside, max_size=3),
        st.dictionaries(strange_texts, inside, max_size=3),
    ),
    max_leaves=8,
)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), strange_texts, strange_numbers),
    lambda inside: st.one_of(
        st.lists(inside, max_size=3),
        st.dictionaries(strange_texts, inside, max_size=3),
    ),
    max_leaves=8,
)

_PIECES = (
    "[", "]", "[[", "]]", "{", "}", "=", ".", ",", "#", '"', "'", '"""', "'''", "\n",
    "\r\n", "\r", "\t", " ", "\0", "\ufeff", "\\", "\\u0000", "\\ud800", "- ", ": ",
    "? ", "| ", "&a ", "*a", "<<: ", "!!python/object:os.system ", "---\n", "...\n",
    "<<<<<<< ours\n", "=======\n", ">>>>>>> theirs\n", "true", "nan", "inf", "1_0",
    "0x" + "f" * 5000, "9" * 5000, "2020-01-01", "07:32:00", "[" * 3000, "{a=" * 3000,
    "a." * 3000, "null", "~", "version: 8\n", "[workspace]\n", "[tool.pixi]\n",
)  # fmt: skip
pieces = st.one_of(st.sampled_from(_PIECES), strange_texts)


@st.composite
def mutated(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> str:
    """Damage a text in a few places, as bad editors and merges do."""
    text = draw(texts)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.sampled_from([0, 0, 1, 1, 5, 40])))
        match draw(st.sampled_from(["insert", "cut", "swap", "double", "line"])):
            case "insert":
                text = text[:start] + draw(pieces) + text[start:]
            case "cut":
                text = text[:start] + text[end:]
            case "swap":
                text = text[:start] + draw(pieces) + text[end:]
            case "double":
                text = text[:end] + text[start:]
            case _:
                lines = text.split("\n")
                number = draw(st.integers(0, len(lines) - 1))
                other = draw(st.integers(0, len(lines) - 1))
                lines[number], lines[other] = lines[other], lines[number]
                text = "\n".join(lines)
    return text


@st.composite
def replaced(draw: st.DrawFn, tree: Any, values: st.SearchStrategy[Any]) -> Any:
    """Put strange values into a few places of a tree of tables and lists."""
    tree = json.loads(json.dumps(tree))
    for _ in range(draw(st.integers(1, 3))):
        paths = list(_paths(tree))
        path = draw(st.sampled_from(paths))
        inside = tree
        for key in path[:-1]:
            inside = inside[key]
        match draw(st.sampled_from(["value", "value", "gone", "more"])):
            case "gone":
                del inside[path[-1]]
            case "more" if isinstance(inside, dict):
                inside[draw(strange_texts)] = draw(values)
            case _:
                inside[path[-1]] = draw(values)
        if not tree:
            break
    return tree


def _paths(tree: Any, above: tuple[Any, ...] = ()) -> Iterable[tuple[Any, ...]]:
    items: Iterable[tuple[Any, Any]] = ()
    if isinstance(tree, dict):
        items = tree.items()
    elif isinstance(tree, list):
        items = enumerate(tree)
    for key, value in items:
        yield (*above, key)
        yield from _paths(value, (*above, key))


def toml_text(tree: dict[str, Any]) -> str:
    """Write a tree as TOML, each table in one line."""
    return "".join(f"{_key(key)} = {_toml(value)}\n" for key, value in tree.items())


def _key(key: str) -> str:
    return json.dumps(key)


def _toml(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return json.dumps(value)
        case dict():
            pairs = [f"{_key(key)} = {_toml(each)}" for key, each in value.items()]
            return "{" + ", ".join(pairs) + "}"
        case list():
            return "[" + ", ".join(map(_toml, value)) + "]"
        case dt.date() | dt.time():
            return str(value)
        case _:
            return str(value)


def refused(call: Callable[[], object]) -> PixiJupyterError | None:
    """Run a call that may fail in words of ours, and look at the words.

    Anything else that is raised goes through, and fails the test.
    """
    try:
        call()
    except PixiJupyterError as error:
        found = error
    else:
        return None
    words = str(found)
    words.encode()
    assert found.message
    assert len(words) < 20_000, "nobody reads so much"
    assert not {*words} & {"\0", "\x1b", "\r"}, "a terminal would obey this"
    return found
