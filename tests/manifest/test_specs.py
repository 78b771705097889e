from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.manifests import parse, refusal

from pixi_jupyter.adapters.rattler import match_spec
from pixi_jupyter.errors import ManifestParseError

if TYPE_CHECKING:
    from pixi_jupyter.manifest.models import CondaSpec


BUILDING = "[workspace]\nchannels = []\npreview = ['pixi-build']\n"


def spec_of(value: str) -> CondaSpec:
    manifest = parse(f"{BUILDING}[dependencies]\nfoo = {value}\n")
    return manifest.features["default"].default.dependencies["foo"]


@pytest.mark.parametrize(
    ("value", "match"),
    [
        ('"*"', "foo *"),
        ('">=1,<2"', "foo >=1,<2"),
        ('">= 1.23, < 2"', "foo >=1.23,<2"),
        ('"1.*"', "foo 1.*"),
        ('"~=1.4 | ==2"', "foo ~=1.4|==2"),
        ('{ version = ">=1" }', "foo >=1"),
        ('{ version = "*", build = "py39*" }', 'foo[build="py39*"]'),
        ('{ build-number = ">=3" }', 'foo[build_number=">=3"]'),
        ("{ build-number = 3 }", 'foo[build_number="3"]'),
        ('{ file-name = "foo-1-0.conda" }', 'foo[fn="foo-1-0.conda"]'),
        (
            '{ version = "1", channel = "nvidia", subdir = "noarch" }',
            'foo[version="1", channel="nvidia", subdir="noarch"]',
        ),
        ('{ license = "MIT", license-family = "X" }', None),
        ('{ extras = ["a", "b"] }', "foo[extras=[a, b]]"),
        ('{ flags = ["cuda"], version = "1.*" }', 'foo[version="1.*", flags=[cuda]]'),
        ('{ track-features = ["mkl"] }', 'foo[track_features="mkl"]'),
        ('{ when = "__cuda >=12", version = "*" }', 'foo[when="__cuda >=12"]'),
        (
            '{ when = { all = ["a", { any = ["b", "c >=1"] }] } }',
            'foo[when="(a and (b or c >=1))"]',
        ),
        (
            '{ when = { package = "a", version = ">=1", build = "x*" } }',
            "foo[when=\"a[version='>=1', build='x*']\"]",
        ),
    ],
)
def test_a_value_becomes_a_match_spec(value: str, match: str | None) -> None:
    written = spec_of(value).match_spec("foo")

    # rattler has to understand what we write
    assert match_spec(written).name is not None
    assert match is None or written == match


@pytest.mark.parametrize(
    ("value", "key", "reason"),
    [
        ('""', "", "a version belongs here"),
        ('">=1 py39_0"', "", "only a version"),
        ('">>1"', "", "this is no version"),
        ('"https://x.example/foo.conda"', "", "this is no version"),
        ("3.11", "", "a string in quotes or a table"),
        ("{ versoin = '1' }", ".versoin", "no such key"),
        ("{ version = 1 }", ".version", "a string in quotes"),
        ("{ extras = 'a' }", ".extras", "an array of strings"),
        ("{ md5 = 'abc' }", ".md5", "32 hexadecimal digits"),
        ("{}", "", "says nothing"),
        ("{ path = '.', git = 'https://x.example/y' }", ".git", "only one of"),
        ("{ git = 'https://x.example/y', rev = 'a', tag = 'b' }", ".tag", "only one"),
        ("{ path = '.', branch = 'x' }", ".branch", "belongs to `git`"),
        ("{ path = '.', version = '1' }", ".version", "cannot be used with `path`"),
        ("{ version = '1', package = {} }", ".package", "belongs to a source"),
        ("{ when = ['a'] }", ".when", "a string or a table"),
        ("{ when = { all = [] } }", ".when", "a string or a table"),
        ("{ workspace = false }", ".workspace", "only true"),
        ("{ workspace = true }", "", "has no `foo`"),
        ("{ workspace = true, version = '1' }", ".version", "cannot be given here"),
    ],
)
def test_a_wrong_value_is_shown_with_its_key(value: str, key: str, reason: str) -> None:
    error = refusal(f"[dependencies]\nfoo = {value}\n")

    assert isinstance(error, ManifestParseError)
    assert reason in error.reason
    assert error.key == f"dependencies.foo{key}"
    assert error.source_line == f"foo = {value}"


def test_names_are_compared_in_lower_case() -> None:
    manifest = parse("[dependencies]\nNumPy = '*'\n")
    error = refusal("[dependencies]\nNumPy = '*'\nnumpy = '1'\n")

    assert list(manifest.features["default"].default.dependencies) == ["numpy"]
    assert "there already" in str(error)
    assert "line 8, column 1" in str(error)


@pytest.mark.parametrize("name", ["num py", "numpy>=2", "-x"])
def test_what_names_no_package_is_refused(name: str) -> None:
    error = refusal(f"[dependencies]\n'{name}' = '*'\n")

    assert "no name of a package" in str(error)


def test_sources_are_kept_as_written() -> None:
    git = spec_of("{ git = 'https://x.example/y', branch = 'main' }")
    binary = spec_of("{ url = 'https://x.example/foo-1-0.conda' }")

    assert git.source == {"git": "https://x.example/y", "branch": "main"}
    assert binary.source == {"url": "https://x.example/foo-1-0.conda"}
    assert spec_of("'*'").source is None


def test_a_constraint_cannot_name_a_source() -> None:
    error = refusal("[constraints]\nfoo = { path = '.' }\n")

    assert "a constraint cannot name a source" in str(error)


def test_a_dependency_can_come_from_the_pool_of_the_workspace() -> None:
    manifest = parse(
        """
        [workspace]
        channels = []
        dependencies = { Foo = { version = ">=1", channel = "a" }, bar = "2.*" }

        [dependencies]
        foo = { workspace = true, channel = "b" }
        bar = { workspace = true }
        """
    )

    found = manifest.features["default"].default.dependencies
    assert found["foo"].match_spec("foo") == 'foo[version=">=1", channel="b"]'
    assert found["bar"].match_spec("bar") == "bar 2.*"


def test_a_requirement_knows_its_place_in_the_file() -> None:
    manifest = parse("[feature.test.target.linux-64.dependencies]\nPyTest = '*'\n")

    target = manifest.features["test"].targets[0][1]
    assert target.dependencies["pytest"].keys == (
        "feature",
        "test",
        "target",
        "linux-64",
        "dependencies",
        "PyTest",
    )
