"""What people really write (data beside the repository; skipped where it is absent)."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from support.manifests import FOLDER

from pixi_jupyter.adapters.toml import parse_toml
from pixi_jupyter.errors import ManifestParseError, PixiJupyterError, RequiresPixiError
from pixi_jupyter.manifest.compose import compose
from pixi_jupyter.manifest.document import ManifestDocument
from pixi_jupyter.manifest.layout import read_layout
from pixi_jupyter.manifest.parse import parse_manifest

DATA = Path(__file__).parents[3] / "shared" / "data"
MANIFESTS = DATA / "manifests"
EXAMPLES = DATA / "schema" / "examples"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the data is not here")


def texts() -> list[tuple[str, Path]]:
    """List the texts and the path that says what each is."""
    index = json.loads((MANIFESTS / "INDEX.json").read_text(encoding="utf-8"))
    return [
        (
            (MANIFESTS / entry["file"]).read_bytes().decode("utf-8"),
            FOLDER
            / ("pyproject.toml" if "pyproject" in entry["kind"] else "pixi.toml"),
        )
        for entry in index
    ]


REFUSALS = {
    "a package, and no workspace around it": r"there is no \[workspace\], only .*\[package\]",
    "neither workspace nor package": r"there is no \[workspace\](, only \[pypi-dependencies\])?$",
    "channels are not given": r"workspace: `channels` is missing",
    "an old key of packages": r"package\.target: no such key belongs here",
    "a misspelled table": r"dependencies_typo: no such key belongs here",
    "a mapping that is on": r"conda-pypi-map\S*: of true and false, only false",
    "an environment with an underscore": r"environments\.latest_312: a-z, 0-9 and `-`",
    "a newer pixi is needed": r"asks for pixi >=100",
    "no version of pixi": r"requires-pixi: this is no version",
}
"""Why pixi would not read a file, by the first thing that is wrong with it."""


def test_every_manifest_is_read_or_refused_as_pixi_would() -> None:
    counts: Counter[str] = Counter()
    unexplained = []

    for text, path in texts():
        try:
            composition = compose(parse_manifest(text, path))
        except PixiJupyterError as error:
            first = "\n".join(error.lines()[:2])
            kinds = [
                kind
                for kind, words in REFUSALS.items()
                if re.search(words, first, re.MULTILINE)
            ]
            counts.update(kinds)
            unexplained += [] if kinds else [str(error)]
            continue
        counts["read"] += 1
        for environment in composition.environments.values():
            for platform in environment.platforms:
                assert environment.channels
                for requirement in environment.requirements(platform):
                    assert requirement.match_spec.startswith(requirement.name)

    assert unexplained == []
    assert counts.keys() == {"read", *REFUSALS}
    assert counts["read"] >= 334


def test_every_value_is_found_where_it_stands() -> None:
    checked = 0
    for text, path in texts()[::4]:
        data = parse_toml(text).unwrap()
        for entry in read_layout(text).entries:
            found: Any = data
            for key in entry.keys:
                found = found[key]
            if isinstance(found, str):
                written = parse_toml(f"x = {text[entry.value : entry.end]}\n")
                assert written.unwrap()["x"] == found, (path, entry)
                checked += 1

    assert checked > 1000


def test_an_edit_changes_one_line_in_place() -> None:
    for text, path in texts()[::16]:
        try:
            manifest = parse_manifest(text, path)
        except PixiJupyterError:
            continue
        for name in list(manifest.features["default"].default.dependencies)[:1]:
            document = ManifestDocument(text, path)
            if not document.has_dependency(name):
                continue

            document.add_dependency(name, "==99")

            pairs = zip(text.splitlines(), document.text.splitlines(), strict=True)
            assert sum(old != new for old, new in pairs) == 1


@pytest.mark.parametrize("kind", ["valid", "invalid"])
def test_the_examples_of_the_schema_are_judged_as_they_should(kind: str) -> None:
    examples = sorted((EXAMPLES / kind).glob("*.toml"))

    assert examples
    for example in examples:
        text = example.read_text(encoding="utf-8")
        if kind == "valid":
            assert parse_manifest(text, FOLDER / "pixi.toml").features
            continue
        with pytest.raises(ManifestParseError) as caught:
            parse_manifest(text, FOLDER / "pixi.toml")
        assert caught.value.key or example.name == "empty.toml"
        assert caught.value.line or example.name == "empty.toml"


def test_manifests_with_a_lock_that_agrees_are_read() -> None:
    found = sorted((DATA / "pairs" / "satisfiability").glob("*/p*.toml"))

    assert found
    for path in found:
        try:
            assert compose(parse_manifest(path.read_text("utf-8"), path)).platforms
        except RequiresPixiError:
            continue
