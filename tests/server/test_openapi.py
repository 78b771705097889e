from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from pixi_jupyter.server.events import SCHEMAS
from pixi_jupyter.server.openapi import DESCRIPTION, PATHS
from pixi_jupyter.server.shapes import SHAPES

WIRE = Path(__file__).parents[2] / "labextension" / "src" / "wire.ts"
_INTERFACE = re.compile(
    r"export interface I(\w+)(?: extends I(\w+))? \{\n(.*?)^\}",
    re.MULTILINE | re.DOTALL,
)
_KEY = re.compile(r"^  (\w+)(\??):", re.MULTILINE)
# what an event or an engine's result holds has no route of its own
ELSEWHERE = {"Change", "Changed", "OutputEvent", "ChangeEvent", "KernelEvent"}
NAMES = {"OperationDetail": "Detail"}


def interfaces() -> dict[str, set[str]]:
    """Read the keys of every interface of the front end."""
    found: dict[str, set[str]] = {}
    for name, base, body in _INTERFACE.findall(WIRE.read_text("utf-8")):
        found[name] = {key for key, _ in _KEY.findall(body)} | found.get(base, set())
    return found


def test_the_front_end_knows_the_shapes_by_the_same_keys() -> None:
    found = {NAMES.get(name, name): keys for name, keys in interfaces().items()}

    described = {
        name: set(SHAPES[name]["properties"]) for name in found.keys() & SHAPES.keys()
    }
    assert {name: found[name] for name in described} == described
    assert found.keys() - SHAPES.keys() <= ELSEWHERE
    assert len(described) > 12


def test_the_front_end_knows_the_events_by_the_same_keys() -> None:
    found = interfaces()

    properties = {each["$id"].split(":")[2]: each["properties"] for each in SCHEMAS}
    assert set(properties["output"]) == found["OutputEvent"]
    assert set(properties["change"]) == found["ChangeEvent"]
    assert set(properties["operation"]) == found["Operation"] | {"tasks"}


def references(data: Any) -> set[str]:
    """Collect what a description refers to."""
    if isinstance(data, dict):
        own = {data["$ref"]} if "$ref" in data else set()
        return own.union(*map(references, data.values()))
    return set().union(*map(references, data)) if isinstance(data, list) else set()


def test_a_description_refers_to_nothing_that_is_not_there() -> None:
    known = {f"#/components/schemas/{name}" for name in SHAPES}

    assert references(DESCRIPTION) <= known
    assert known - references(DESCRIPTION) == set()


@pytest.mark.parametrize("path", PATHS)
def test_a_route_describes_each_part_of_its_path(path: str) -> None:
    for route in PATHS[path].values():
        parts = {x["name"] for x in route.get("parameters", ()) if x["in"] == "path"}
        assert parts == set(re.findall(r"\{(\w+)\}", path))
