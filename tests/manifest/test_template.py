from __future__ import annotations

import pytest
from support.manifests import FOLDER, parse

from pixi_jupyter.errors import ManifestParseError
from pixi_jupyter.manifest.pyproject_template import extend_pyproject, new_pyproject
from pixi_jupyter.manifest.template import (
    Extras,
    extend_gitattributes,
    extend_gitignore,
    new_manifest,
)


def test_a_new_manifest_can_be_read() -> None:
    text = new_manifest(
        'the "tides"',
        ["conda-forge", "../ch"],
        ["linux-64"],
        extras=Extras(
            author=("Ada", "a@b.example"),
            conda_pypi_map={"conda-forge": "names.json"},
            index_url="https://index.example/simple",
            s3_options={
                "bucket": {
                    "endpoint-url": "https://s3.example",
                    "region": "here",
                    "force-path-style": True,
                }
            },
        ),
    )
    manifest = parse(text)

    assert manifest.name == 'the "tides"'
    assert manifest.version == "0.1.0"
    assert [channel.name for channel in manifest.channels] == ["conda-forge", "../ch"]
    assert manifest.metadata["authors"] == ["Ada <a@b.example>"]
    assert manifest.metadata["conda-pypi-map"] == {"conda-forge": "names.json"}
    assert manifest.warnings == ()


def test_a_new_pyproject_can_be_read() -> None:
    manifest = parse(
        new_pyproject("-My tides.", ["conda-forge"], ["linux-64"]),
        file="pyproject.toml",
    )

    assert manifest.name == "My-tides"
    assert (
        manifest.features["default"].default.dependencies["python"].version == ">=3.11"
    )


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_pyproject_is_extended_behind_what_it_says(newline: str) -> None:
    old = '[project]\nname = "x"  # mine\n'.replace("\n", newline)
    path = FOLDER / "pyproject.toml"

    extended = extend_pyproject(old, path, ["conda-forge"], ["linux-64"])

    assert extended is not None
    text = extended.text
    assert text.startswith(old)
    assert text.count("\n") == text.count(newline)
    assert parse(text, file="pyproject.toml").name == "x"
    assert extend_pyproject(text, path, ["conda-forge"], ["linux-64"]) is None


def test_a_project_without_a_name_gets_that_of_its_folder() -> None:
    extended = extend_pyproject("", FOLDER / "pyproject.toml", ["a"], ["linux-64"])

    assert extended is not None
    assert parse(extended.text, file="pyproject.toml").name == "tides"
    assert "pypi-dependencies" not in extended.text


def test_a_broken_pyproject_is_not_extended() -> None:
    with pytest.raises(ManifestParseError):
        extend_pyproject("[project\n", FOLDER / "pyproject.toml", [], [])


def test_git_files_are_extended_once() -> None:
    ignored = extend_gitignore("*.pyc\n")
    attributes = extend_gitattributes("")

    assert ignored.startswith("*.pyc\n\n#")
    assert ".pixi/*\n!.pixi/config.toml\n" in ignored
    assert "pixi.lock merge=binary linguist-language=YAML" in attributes
    assert extend_gitignore(ignored) == ignored
    assert extend_gitattributes(attributes) == attributes
