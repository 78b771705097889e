"""Options and requirements of several features, as uv is told them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pixi_jupyter.adapters.uv import UvOptions
from pixi_jupyter.errors import InvalidRequirementError, ManifestParseError
from pixi_jupyter.manifest.compose import compose
from pixi_jupyter.manifest.parse import parse_manifest
from pixi_jupyter.platforms import Platform
from pixi_jupyter.solve.pypi_options import merged_options
from pixi_jupyter.solve.pypi_requirements import parse_requirement, read_requirements
from pixi_jupyter.solve.wheels import (
    marker_environment,
)

if TYPE_CHECKING:
    from pathlib import Path

    from pixi_jupyter.manifest.compose import Environment

LINUX = Platform("linux-64", "linux-64")
TOP = """\
[workspace]
name = "w"
channels = ["forge"]
platforms = ["linux-64", "win-64"]
"""


def environment(tmp_path: Path, text: str, name: str = "default") -> Environment:
    return compose(parse_manifest(TOP + text, tmp_path / "pixi.toml")).environment(name)


def test_options_of_features_lie_over_those_of_the_workspace(tmp_path: Path) -> None:
    text = """
[workspace.pypi-options]
index-url = "https://base.example/simple"
extra-index-urls = ["https://one.example/simple"]
no-build = ["a"]
[pypi-options]
index-url = "https://mine.example/simple"
extra-index-urls = ["https://two.example/simple", "https://one.example/simple"]
find-links = [{ path = "wheels" }, { url = "https://links.example/" }]
no-build = ["b"]
no-binary = false
no-build-isolation = true
prerelease-mode = "allow"
dependency-overrides = { numpy = ">=2" }
[feature.t.pypi-options]
no-binary = true
dependency-overrides = { numpy = ">=3", scipy = "*" }
[environments]
t = ["t"]
"""

    options = merged_options(environment(tmp_path, text, "t"))

    assert options.uv == UvOptions(
        index_url="https://mine.example/simple",
        extra_index_urls=("https://one.example/simple", "https://two.example/simple"),
        find_links=(str(tmp_path / "wheels"), "https://links.example/"),
        no_build=("a", "b"),
        no_binary=True,
        no_build_isolation=True,
        prerelease="allow",
    )
    assert options.overrides == {"numpy": ">=3", "scipy": "*"}
    assert options.lock_tables("https://default.example/simple") == {
        "indexes": (
            "https://mine.example/simple",
            "https://one.example/simple",
            "https://two.example/simple",
        ),
        "find_links": ({"path": "wheels"}, {"url": "https://links.example/"}),
        "options": {"pypi-prerelease-mode": "allow"},
    }


def test_an_index_is_uv_s_own_where_none_is_named(tmp_path: Path) -> None:
    tables = merged_options(environment(tmp_path, "")).lock_tables("https://d.example")

    assert tables == {
        "indexes": ("https://d.example",),
        "find_links": None,
        "options": {},
    }


def test_features_that_want_two_indexes_are_both_named(tmp_path: Path) -> None:
    text = """
[feature.a.pypi-options]
index-url = "https://a.example"
[feature.b.pypi-options]
index-url = "https://b.example"
[environments]
both = ["a", "b"]
"""

    with pytest.raises(ManifestParseError, match=r"`a` and `b` ask for different"):
        environment(tmp_path, text, "both")


def test_requirements_know_where_they_are_written(tmp_path: Path) -> None:
    text = """
[pypi-dependencies]
Flask = { version = ">=2", extras = ["async"] }
[target.win-64.pypi-dependencies]
flask = ">=3"
[feature.t.pypi-dependencies]
local = { path = "./local", editable = true }
[environments]
t = ["t"]
"""

    linux = read_requirements(environment(tmp_path, text, "t"), LINUX)
    windows = read_requirements(
        environment(tmp_path, text, "t"), Platform("win-64", "win-64")
    )

    by_name = {each.name: each for each in linux}
    assert by_name["flask"].text == "flask[async]>=2"
    assert by_name["flask"].keys == ("pypi-dependencies", "Flask")
    assert by_name["local"].keys == ("feature", "t", "pypi-dependencies", "local")
    assert by_name["local"].editable is True
    assert by_name["local"].shown == "local (path ./local)"
    flask = next(each for each in windows if each.name == "flask")
    assert (flask.text, flask.keys) == (
        "flask>=3",
        ("target", "win-64", "pypi-dependencies", "flask"),
    )


def test_a_pyproject_s_own_requirements_count_too(tmp_path: Path) -> None:
    text = """
[project]
name = "w"
dependencies = ["flask >=2; sys_platform == 'win32'"]
[tool.pixi.workspace]
channels = ["forge"]
platforms = ["linux-64"]
[tool.pixi.pypi-dependencies]
flask = { version = "*", extras = ["async"] }
w = { path = ".", editable = true }
"""
    manifest = parse_manifest(text, tmp_path / "pyproject.toml")

    found = read_requirements(compose(manifest).environment("default"), LINUX)

    assert sorted(each.text for each in found) == [
        "flask >=2; sys_platform == 'win32'",
        "flask[async]",
        "w",
    ]
    assert not found[0].holds(marker_environment(LINUX, "3.11.7"))
    assert {each.table for each in found} >= {"tool.pixi.pypi-dependencies"}


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("=>2", "is not a requirement"),
        ({"git": "https://x.example", "url": "https://y.example"}, "cannot be used"),
        ({"git": "https://x.example", "rev": "a", "tag": "b"}, "cannot be used"),
        ({"path": "x", "version": "1"}, "version cannot be used with path"),
        ({"version": "*", "branch": "main"}, "branch belongs to git"),
        ({"version": "*", "colour": "red"}, "colour is not known here"),
        (3, "a version or a table belongs here"),
    ],
)
def test_what_pixi_refuses_is_refused(value: object, reason: str) -> None:
    with pytest.raises(InvalidRequirementError, match=reason):
        parse_requirement("spam", value)
