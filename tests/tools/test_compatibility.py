"""The page of what is supported says what the parser does."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support import compatibility_table as table
from support.compatibility_page import examples
from support.locks import DATA
from support.manifests import FOLDER

from pixi_jupyter.adapters.toml import parse_toml
from pixi_jupyter.errors import PixiJupyterError
from pixi_jupyter.manifest import tables
from pixi_jupyter.manifest.compose import compose
from pixi_jupyter.manifest.parse import parse_manifest

if TYPE_CHECKING:
    from collections.abc import Iterator

TOOLS = Path(__file__).parent
EXAMPLES = list(examples())


def test_the_page_is_what_the_script_prints() -> None:
    done = subprocess.run(
        [sys.executable, TOOLS / "compatibility.py"],
        capture_output=True,
        text=True,
        check=True,
    )

    page = TOOLS.parents[1] / "docs" / "compatibility.md"
    assert page.read_text(encoding="utf-8") == done.stdout


@pytest.mark.parametrize(
    ("key", "text"),
    [(each[2], each[3]) for each in EXAMPLES],
    ids=[f"{place}.{name}" for place, name, _, _ in EXAMPLES],
)
def test_a_key_is_read_as_the_page_says(key: table.Key, text: str) -> None:
    if key.state == table.REFUSED:
        with pytest.raises(PixiJupyterError):
            parse_manifest(text, FOLDER / "pixi.toml")
        return

    manifest = parse_manifest(text, FOLDER / "pixi.toml")

    assert compose(manifest).environments
    if key.state == table.IGNORED or "warning" in key.note:
        assert manifest.warnings


@pytest.mark.parametrize(
    ("schema", "keys"),
    [
        (tables.ROOT, {*table.ROOT, "workspace", "project", "package", "$schema"}),
        (tables.WORKSPACE, table.WORKSPACE.keys()),
        (tables.FEATURE, table.FEATURE.keys()),
        (tables.ENVIRONMENT, table.ENVIRONMENT.keys()),
        (tables.PYPI_OPTIONS, table.PYPI_OPTIONS.keys()),
        (tables.ACTIVATION, table.ACTIVATION.keys()),
        (tables.TASK, {*table.TASK, "depends_on"}),
        (tables.PACKAGE, table.PACKAGE.keys() - {"target"}),
    ],
    ids=[
        "top",
        "workspace",
        "feature",
        "environment",
        "pypi",
        "activation",
        "task",
        "package",
    ],
)
def test_the_page_has_every_key_that_the_parser_knows(schema: Any, keys: Any) -> None:
    assert schema["fields"].keys() == set(keys)


def _written(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """List the keys of a manifest that the page must have, with their table."""
    yield from (("", key) for key in data)
    for top in ("workspace", "project"):
        yield from (("workspace", key) for key in data.get(top, {}))
    for feature in data.get("feature", {}).values():
        yield from (("feature.extra", key) for key in feature)
    yield from (("package", key) for key in data.get("package", {}))


@pytest.mark.skipif(not DATA.is_dir(), reason="no real data here")
def test_the_page_has_every_key_of_real_manifests_that_are_read() -> None:
    known = {(place, name) for place, name, _, _ in EXAMPLES}
    known |= {("", each) for each in ("workspace", "project", "package", "$schema")}
    folder = DATA / "manifests"
    read, unknown = 0, set()
    for entry in json.loads((folder / "INDEX.json").read_text(encoding="utf-8")):
        text = (folder / entry["file"]).read_text(encoding="utf-8")
        if "pyproject" in entry["kind"]:
            continue
        try:
            parse_manifest(text, FOLDER / "pixi.toml")
        except PixiJupyterError:
            continue
        read += 1
        unknown |= set(_written(parse_toml(text).unwrap())) - known

    assert unknown == set()
    assert read > 200
