"""Edits of what a manifest asks of PyPI."""

from __future__ import annotations

from pathlib import Path

import pytest

from pixi_jupyter.errors import DependencyNotFoundError, FeatureNotFoundError
from pixi_jupyter.manifest.document import ManifestDocument
from pixi_jupyter.manifest.pypi_edits import PypiEdits

PIXI = """\
[workspace]
channels = []

# of PyPI
[pypi-dependencies]
Spam_One = ">=1"  # mine
"""

PYPROJECT = """\
[project]
name = "mine"
version = "1"
dependencies = [
    "spam>=1",  # mine
]

[project.optional-dependencies]
docs = ["sphinx"]

[tool.pixi.workspace]
channels = []
"""


def edits(text: str, name: str = "pixi.toml", **where: str) -> PypiEdits:
    return PypiEdits(document=ManifestDocument(text, Path(name)), **where)


def test_a_name_keeps_its_spelling_and_its_comment() -> None:
    found = edits(PIXI)

    found.add("spam-one", ">=2, <3", "spam-one>=2,<3")
    found.add("eggs", {"version": "*", "extras": ["x"]}, "eggs[x]")

    assert 'Spam_One = ">=2, <3"  # mine\n' in found.document.text
    assert 'eggs = { version = "*", extras = ["x"] }\n' in found.document.text


@pytest.mark.parametrize(
    ("where", "header"),
    [
        ({"feature": "test"}, "[feature.test.pypi-dependencies]"),
        ({"platform": "win-64"}, "[target.win-64.pypi-dependencies]"),
        ({"environment": "dev"}, "[environments.dev.pypi-dependencies]"),
    ],
)
def test_each_place_has_its_table(where: dict[str, str], header: str) -> None:
    found = edits(PIXI, **where)

    found.add("eggs", "*", "eggs")

    assert f'{header}\neggs = "*"\n' in found.document.text


def test_what_is_removed_is_gone_under_any_spelling() -> None:
    found = edits(PIXI)

    found.remove("spam.one")

    assert "Spam_One" not in found.document.text
    assert "# of PyPI\n[pypi-dependencies]\n" in found.document.text


def test_what_is_not_there_is_named_with_what_is() -> None:
    with pytest.raises(DependencyNotFoundError, match="eggs"):
        edits(PIXI).remove("eggs")
    with pytest.raises(FeatureNotFoundError, match="test"):
        edits(PIXI, feature="test").remove("eggs")


def test_a_project_says_it_among_its_own_dependencies() -> None:
    found = edits(PYPROJECT, "pyproject.toml")

    found.add("eggs", ">=1, <2", "eggs>=1,<2")
    found.add("Spam", ">=2", "Spam>=2")

    text = found.document.text
    assert '    "Spam>=2",  # mine\n    "eggs>=1,<2",\n]' in text
    assert "pypi-dependencies" not in text


def test_what_a_project_cannot_say_goes_into_pixi_s_table() -> None:
    found = edits(PYPROJECT, "pyproject.toml")

    found.add("spam", {"path": "./spam", "editable": True}, None)

    text = found.document.text
    assert '[tool.pixi.pypi-dependencies]\nspam = { path = "./spam"' in text
    assert "spam>=1" not in text


def test_a_group_or_an_extra_of_the_feature_s_name_is_taken() -> None:
    extra = edits(PYPROJECT, "pyproject.toml", feature="docs")
    group = edits(PYPROJECT, "pyproject.toml", feature="test")

    extra.add("eggs", "*", "eggs")
    group.add("pytest", "*", "pytest")

    assert 'docs = ["sphinx", "eggs"]' in extra.document.text
    assert '[dependency-groups]\ntest = ["pytest"]' in group.document.text


def test_a_requirement_of_a_project_is_removed() -> None:
    found = edits(PYPROJECT, "pyproject.toml")

    found.remove("SPAM")

    assert "spam" not in found.document.text
