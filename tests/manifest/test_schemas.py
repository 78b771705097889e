"""What is surely right is right for pydantic-core too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
import tomlkit
from pydantic_core import SchemaValidator, ValidationError

from pixi_jupyter.manifest.schemas import (
    ANY,
    BOOLEAN,
    FALSE,
    INTEGER,
    STRING,
    TEXT,
    array,
    either,
    fits,
    mapping,
    one_of,
    table,
)
from pixi_jupyter.manifest.tables import ROOT, validator

if TYPE_CHECKING:
    from pydantic_core import CoreSchema

TABLE = table(["a"], a=TEXT, b_c=INTEGER)
SCHEMAS = {
    "any": ANY,
    "string": STRING,
    "text": TEXT,
    "boolean": BOOLEAN,
    "integer": INTEGER,
    "false": FALSE,
    "word": one_of("strict", "flexible"),
    "array": array(TEXT),
    "mapping": mapping(INTEGER),
    "table": TABLE,
    "string or table": either(string=TEXT, table=TABLE),
    "number or boolean": either(number=ANY, boolean=FALSE),
    "nested": mapping(array(either(string=STRING, table=mapping(TABLE)))),
}
VALUES: list[Any] = [
    None,
    True,
    False,
    0,
    1,
    2**70,
    1.5,
    "",
    "a",
    "é",
    "\ud800",
    "strict",
    b"a",
    [],
    ["a"],
    ["a", ""],
    ["a", 1],
    ("a",),
    {},
    {"a": 1},
    {"": 1},
    {1: 1},
    {"a": True},
    {"a": "b"},
    {"a": "b", "b-c": 1},
    {"a": "b", "b_c": 1},
    {"b-c": 1},
    {"a": ["b", {"c": {"a": "d"}}]},
    {"a": ["b", {"c": {"b-c": 1}}]},
]


UNSURE: list[Any] = [0, "\ud800"]
"""Refused by some versions of pydantic-core and not by others."""


@pytest.mark.parametrize("name", SCHEMAS)
def test_it_says_what_pydantic_core_says(name: str) -> None:
    standard = SchemaValidator(cast("CoreSchema", SCHEMAS[name]))
    for value in VALUES:
        try:
            checked = standard.validate_python(value)
        except ValidationError:
            assert not fits(SCHEMAS[name], value), value
        else:
            assert value in UNSURE or fits(SCHEMAS[name], value), value
            assert checked == value


def test_a_manifest_with_everything_needs_no_second_look() -> None:
    tables = tomlkit.parse("""
        [workspace]
        channels = ["conda-forge", { channel = "other", priority = 1 }]
        platforms = ["linux-64"]
        [dependencies]
        python = ">=3.12"
        numpy = { version = "*", build = "py*" }
        [feature.test.target.unix.dependencies]
        pytest = "*"
        [environments]
        test = { features = ["test"], solve-group = "default" }
        lone = ["test"]
        [tasks]
        a = "echo"
        b = { cmd = ["echo"], depends-on = ["a"] }
        """).unwrap()

    assert fits(ROOT, tables)
    assert validator().validate_python(tables) == tables
