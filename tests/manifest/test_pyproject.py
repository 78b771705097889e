from __future__ import annotations

import pytest
from support.manifests import composed, parse, refusal

from pixi_jupyter.errors import ManifestParseError
from pixi_jupyter.manifest.models import Manifest, ProjectRequirements

TEXT = """
[project]
name = "tides"
version = "2.0"
description = "When the water comes"
authors = [{ name = "Ada", email = "ada@sea.example" }]
requires-python = ">= 3.11, <3.14"
dependencies = ["Tide_Tables[fast]>=2; python_version < '4'", "moon"]

[project.optional-dependencies]
plot = ["matplot-lib"]
all = ["tides[plot]", "extra-thing ==1.*"]

[dependency-groups]
test = ["py-test", { include-group = "Lint_Tools" }]
lint-tools = ["ruff"]

[tool.pixi.workspace]
channels = ["conda-forge"]
platforms = ["linux-64"]

[tool.pixi.dependencies]
numpy = "*"

[tool.pixi.pypi-dependencies]
tide-tables = { path = ".", editable = true }

[tool.pixi.feature.test.dependencies]
hypothesis = "*"

[tool.pixi.environments]
test = ["test", "all"]
"""


def read(text: str) -> Manifest:
    return parse(text, file="pyproject.toml")


def test_metadata_comes_from_the_project() -> None:
    manifest = read(TEXT)

    assert (manifest.kind, manifest.name, manifest.version) == (
        "pyproject",
        "tides",
        "2.0",
    )
    assert manifest.description == "When the water comes"
    assert manifest.metadata["authors"] == [{"name": "Ada", "email": "ada@sea.example"}]


def test_pixis_own_table_names_the_workspace_first() -> None:
    text = TEXT.replace("channels =", 'name = "other"\nversion = "3"\nchannels =')

    assert (read(text).name, read(text).version) == ("other", "3")


def test_requires_python_becomes_a_conda_dependency() -> None:
    python = read(TEXT).features["default"].default.dependencies["python"]

    assert python.version == ">=3.11,<3.14"
    assert python.keys == ("project", "requires-python")


@pytest.mark.parametrize(
    ("old", "new", "version"),
    [
        ('requires-python = ">= 3.11, <3.14"', "", "*"),
        ('">= 3.11, <3.14"', '"==3.12"', "3.12"),
        ('">= 3.11, <3.14"', '"==3.12.*"', "3.12.*"),
        ("numpy =", 'python = "3.11.*"\nnumpy =', "3.11.*"),
    ],
)
def test_python_is_there_in_any_case(old: str, new: str, version: str) -> None:
    manifest = read(TEXT.replace(old, new))

    python = manifest.features["default"].default.dependencies["python"]
    assert python.version == version


def test_requirements_of_the_project_stand_beside_pixis_own() -> None:
    found = read(TEXT).features["default"].default.pypi_dependencies

    assert found == {
        "tide-tables": ProjectRequirements(
            texts=("Tide_Tables[fast]>=2; python_version < '4'",),
            table={"path": ".", "editable": True},
        ),
        "moon": ProjectRequirements(texts=("moon",)),
    }


def test_each_group_is_a_feature_and_extends_one_that_is_there() -> None:
    manifest = read(TEXT)
    features = manifest.features

    assert set(features) == {"default", "test", "plot", "all", "lint-tools"}
    assert list(features["test"].default.dependencies) == ["hypothesis"]
    assert list(features["test"].default.pypi_dependencies) == ["py-test", "ruff"]
    assert list(features["all"].default.pypi_dependencies) == [
        "matplot-lib",
        "extra-thing",
    ]
    # nobody has to use a group
    assert manifest.warnings == ()


def test_environments_are_composed_of_groups() -> None:
    composition = composed(TEXT, file="pyproject.toml")
    test = composition.environment("test")
    platform = test.platforms[0]

    assert set(test.pypi_requirements(platform)) == {
        "py-test",
        "ruff",
        "matplot-lib",
        "extra-thing",
        "tide-tables",
        "moon",
    }
    assert [requirement.table for requirement in test.requirements(platform)] == [
        "tool.pixi.feature.test.dependencies",
        "project",
        "tool.pixi.dependencies",
    ]


def test_poetry_can_name_the_workspace() -> None:
    manifest = read(
        '[tool.poetry]\nname = "old"\nversion = "1"\n'
        "[tool.pixi.project]\nchannels = []\n"
    )

    assert (manifest.name, manifest.version) == ("old", "1")


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        ("[project]\nname = 'x'\n", "", "there is no [tool.pixi]"),
        (
            "[tool.pixi.workspace]\nchannels = []",
            "tool.pixi.workspace",
            "gives a `name`",
        ),
        (
            "[project]\nname = 'x'\n[tool.pixi.workspace]\nchanels = []",
            "tool.pixi.workspace.chanels",
            "no such key",
        ),
        (
            (
                "[project]\nname = 'x'\nrequires-python = '>>3'\n"
                "[tool.pixi.workspace]\nchannels = []\n"
            ),
            "project.requires-python",
            "no version",
        ),
        (
            (
                "[project]\nname = 'x'\ndependencies = ['=2']\n"
                "[tool.pixi.workspace]\nchannels = []\n"
            ),
            "project.dependencies[0]",
            "a requirement belongs here",
        ),
        (
            (
                "[project]\nname = 'x'\n[dependency-groups]\n"
                "a = [{ include-group = 'b' }]\nb = [{ include-group = 'a' }]\n"
                "[tool.pixi.workspace]\nchannels = []\n"
            ),
            "dependency-groups.b[0]",
            "group `a` includes itself",
        ),
        (
            (
                "[project]\nname = 'x'\n[dependency-groups]\n"
                "test = []\na = [{ include-group = 'tets' }]\n"
                "[tool.pixi.workspace]\nchannels = []\n"
            ),
            "dependency-groups.a[0]",
            "there is no group `tets`",
        ),
    ],
)
def test_what_is_wrong_is_shown_with_the_key_of_the_file(
    text: str, key: str, reason: str
) -> None:
    error = refusal(text, file="pyproject.toml")

    assert isinstance(error, ManifestParseError)
    assert error.key == key
    assert reason in error.reason


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("[project]\nname = 1", "project.name"),
        ("[project]\nname = 'x'\ndependencies = 'y'", "project.dependencies"),
        ("project = 1", "project"),
        (
            "[project]\nname = 'x'\n[dependency-groups]\na = 'b'",
            "dependency-groups.a",
        ),
        (
            "[project]\nname = 'x'\n[dependency-groups]\na = [{ b = 'c' }]",
            "dependency-groups.a[0]",
        ),
    ],
)
def test_a_value_of_the_wrong_sort_is_refused(table: str, key: str) -> None:
    text = f"{table}\n[tool.pixi.workspace]\nname = 'w'\nchannels = []\n"

    error = refusal(text, file="pyproject.toml")

    assert isinstance(error, ManifestParseError)
    assert error.key == key
    assert "belongs here" in error.reason
