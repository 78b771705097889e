from __future__ import annotations

from typing import Any

import pytest

from pixi_jupyter.adapters.toml import parse_toml
from pixi_jupyter.manifest.layout import LayoutError, read_layout

TRICKY = '''\
# a comment with = and [brackets]
top = 1_000  # and one behind
"quoted key" = 'a # in a literal'
site."example.org".port = 0x1F
date = 1979-05-27 07:32:00
floats = [ -1.5e3, +inf,1 ]

[a.b]
text = """
[not.a.table]
x = 1 \\""" still
"""
raw = \'\'\'it's "raw"\'\'\'\'
many = [
  "x", # one
  { y = 1, z = { deep = [true, false] } },
  [],
]
inline = {
  first = "a",
  second.third = 2,  # TOML 1.1
}

[[runs]]
name = "one"
[runs.more]
x = 1
[[runs]]
name = "two"
[[runs.parts]]
n = 1
[ spaced . "out" ]
k=1\r
'''


def test_every_value_stands_where_the_layout_says() -> None:
    data = parse_toml(TRICKY).unwrap()
    layout = read_layout(TRICKY)

    values = [entry for entry in layout.entries if entry.kind != "header"]
    for entry in values:
        found: Any = data
        for key in entry.keys:
            found = found[key]
        written = TRICKY[entry.value : entry.end]
        assert parse_toml(f"x = {written}\n").unwrap()["x"] == found, entry

    keys = {entry.keys for entry in layout.entries}
    assert ("runs", 1, "parts", 0, "n") in keys
    assert ("a", "b", "many", 1, "z", "deep", 1) in keys
    assert ("a", "b", "inline", "second", "third") in keys
    assert ("site", "example.org", "port") in keys
    assert ("spaced", "out", "k") in keys


def test_entries_stand_in_the_order_of_the_text() -> None:
    starts = [entry.start for entry in read_layout(TRICKY).entries]

    assert starts == sorted(starts)


@pytest.mark.parametrize(
    ("text", "at", "reason", "hint"),
    [
        ("numpy = >=2.3 # new", ">=2.3", "a string in quotes", 'numpy = ">=2.3"'),
        ("a = { v = ~=1 }", "~=1", "a string in quotes", 'v = "~=1"'),
        ("c = [conda-forge]", "conda-forge", "a string in quotes", '"conda-forge"'),
        ("a = True", "True", "`true` belongs here", "a = true"),
        ("a =\nb = 1", "\nb", "a value belongs here", ""),
        ('a = "x\nb = 1', '"x', "never closed", ""),
        ("a = '''x", "'''x", "never closed", ""),
        ('a = [\n "x",\nb = 1', "[\n", "never closed by `]`", ""),
        ("a = [1,\n", "[1", "never closed by `]`", ""),
        ("a = { b = 1\n", "{ b", "never closed by `}`", ""),
        ('a = ["x" "y"]', ' "y"', "a comma or `]`", ""),
        ("[a\nb = 1", "\nb", "`]` belongs here", ""),
        ("[[a]\n", "]\n", "`]]` belongs here", ""),
        ("[]\n", "]", "a key belongs here", ""),
        ("a: 1", ": 1", "`=` and a value", ""),
        ("= 1", "= 1", "a key belongs here", ""),
        ("a = 1 b = 2", "1 b", "a string in quotes", 'a = "1 b = 2"'),
        ('a = "1" b', " b", "nothing more belongs", ""),
        ("a = 1\na = 2", "a = 2", "there already, in line 1", ""),
        ("[a]\nb = 1\n[a]\n", "[a]\n", "there already, in line 1", ""),
        ("[a]\nb = 1\n[a.b]\n", "[a.b]", "there already, in line 2", ""),
        ("a = 1\na.b = 2", "a.b", "there already, in line 1", ""),
    ],
)
def test_a_fault_is_shown_where_it_is(
    text: str, at: str, reason: str, hint: str
) -> None:
    with pytest.raises(LayoutError) as caught:
        read_layout(text)

    fault = caught.value
    assert text[fault.position :].startswith(at)
    assert reason in fault.reason
    assert fault.hint == hint
