"""Whatever a manifest says, it is read, or refused with its name and a line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.fuzz import (
    mutated,
    pieces,
    refused,
    replaced,
    strange_values,
    toml_text,
)
from support.manifests import FOLDER

from pixi_jupyter.adapters.rattler import match_spec
from pixi_jupyter.manifest.compose import compose
from pixi_jupyter.manifest.parse import parse_manifest, read_manifest

WHOLE: dict[str, Any] = {
    "workspace": {
        "name": "tides",
        "version": "1.0",
        "channels": ["conda-forge", {"channel": "bioconda", "priority": 1}],
        "platforms": ["linux-64", {"platform": "osx-arm64", "macos": "14.0"}],
        "channel-priority": "strict",
        "exclude-newer": "2025-01-01",
        "requires-pixi": ">=0.40",
        "preview": ["pixi-build"],
        "dependencies": {"pooled": ">=1"},
        "conda-pypi-map": {"conda-forge": "map.json"},
    },
    "dependencies": {
        "numpy": ">=2,<3",
        "scipy": {"version": "1.*", "build": "py*", "channel": "conda-forge"},
        "pooled": {"workspace": True},
        "maybe": {"version": "*", "when": {"any": ["python <3", {"package": "x"}]}},
        "local": {"path": "./local"},
    },
    "constraints": {"openssl": "<4"},
    "pypi-dependencies": {"click": "*", "mine": {"path": ".", "editable": True}},
    "tasks": {"go": "echo", "more": {"cmd": ["a"], "depends-on": ["go"]}},
    "activation": {"scripts": ["a.sh"], "env": {"A": "b"}},
    "target": {"linux": {"dependencies": {"patchelf": "*"}}, "win-*": {}},
    "feature": {
        "test": {"platforms": ["linux-64"], "dependencies": {"pytest": "*"}},
        "gpu": {"channels": ["nvidia"], "solve-strategy": "lowest"},
    },
    "environments": {
        "test": ["test"],
        "gpu": {"features": ["gpu"], "solve-group": "one", "no-default-feature": True},
    },
}
OLD: dict[str, Any] = {
    "workspace": {"name": "x", "channels": ["c"], "platforms": ["linux-64"]},
    "system-requirements": {"linux": "5.10", "cuda": 12, "libc": {"version": "2.30"}},
    "feature": {"a": {"system-requirements": {"macos": "13.0", "archspec": "m1"}}},
    "environments": {"a": ["a"]},
}
PYPROJECT: dict[str, Any] = {
    "project": {
        "name": "tides",
        "version": "1",
        "requires-python": ">=3.10",
        "dependencies": ["click>=8", "rich[x]; python_version < '3.13'"],
        "optional-dependencies": {"all": ["tides[a]"], "a": ["b==1"]},
    },
    "dependency-groups": {"test": ["pytest", {"include-group": "lint"}], "lint": []},
    "tool": {
        "poetry": {"name": "other"},
        "pixi": {
            "workspace": {"channels": ["c"], "platforms": ["linux-64"]},
            "pypi-dependencies": {"Click": {"extras": ["x"]}},
            "environments": {"test": ["test"]},
        },
    },
}
TEXT = """\
# what we need
[workspace]
name = "tides"
channels = ["conda-forge"]  # one
platforms = ["linux-64", "win-64"]

[dependencies]
numpy = ">=2"
"scipy" = { version = "1.*", build = 'py*' }

[feature.test.dependencies.pytest]
version = "*"

[target.linux.tasks]
go = { cmd = "echo", depends-on = [
  "more", # last
] }

[environments]
test = ["test"]
"""
_DATA = Path(__file__).parents[3] / "shared" / "data" / "manifests"


def real_texts() -> list[str]:
    """Give manifests that people wrote, where they are; else ours alone."""
    if not _DATA.is_dir():
        return [TEXT]
    index = json.loads((_DATA / "INDEX.json").read_text(encoding="utf-8"))
    files = [_DATA / entry["file"] for entry in index]
    return [TEXT, *(file.read_bytes().decode("utf-8") for file in files[::9])]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzzed")


def read(text: str, file: str = "pixi.toml") -> None:
    """Read a text as far as a solve would."""
    composition = compose(parse_manifest(text, FOLDER / file))
    for environment in composition.environments.values():
        _ = environment.channels, environment.channel_priority
        for platform in environment.platforms:
            for requirement in environment.requirements(platform):
                # what is read can be solved for: rattler knows it too
                match_spec(requirement.match_spec)
            environment.constraints(platform)
            environment.pypi_requirements(platform)
            environment.activation(platform)
            environment.tasks(platform)


def check(text: str, file: str = "pixi.toml") -> None:
    """Hold a refusal to its promise: it names the file."""
    error = refused(lambda: read(text, file))
    if error is not None:
        assert file in str(error), error


@given(tree=replaced(WHOLE, strange_values))
def test_strange_values_of_a_manifest(tree: Any) -> None:
    check(toml_text(tree))


@given(tree=replaced(OLD, strange_values))
def test_strange_values_of_an_old_manifest(tree: Any) -> None:
    check(toml_text(tree))


@given(tree=replaced(PYPROJECT, strange_values))
def test_strange_values_of_a_pyproject(tree: Any) -> None:
    check(toml_text(tree), "pyproject.toml")


@given(text=mutated(st.sampled_from(real_texts())))
@example("a=" + "[" * 100_000)
@example("a=" + "{a=" * 5000)
@example(".".join(["a"] * 5000) + "=1")
@example(f"{TEXT}[system-requirements]\nlinux = {'9' * 5000}\n")
@example(f"{TEXT}<<<<<<< HEAD\na = 1\n=======\na = 2\n>>>>>>> theirs\n")
@example(TEXT.replace("\n", "\r"))
@example("\ufeff\ufeff" + TEXT)
@example("a" * 200_000 + "=1")
def test_damaged_manifests(text: str) -> None:
    check(text)
    check(text, "pyproject.toml")


@given(text=st.lists(pieces, max_size=30).map("".join))
def test_pieces_of_toml(text: str) -> None:
    check(text)
    check(text, "pyproject.toml")


@given(
    data=st.one_of(
        st.binary(),
        mutated(st.just(TEXT)).map(lambda text: text.encode("utf-16", "replace")),
        mutated(st.just(TEXT)).map(lambda text: text.encode("latin-1", "replace")),
        st.tuples(st.integers(0, len(TEXT)), st.binary(max_size=4)).map(
            lambda cut: TEXT.encode()[: cut[0]] + cut[1] + TEXT.encode()[cut[0] :]
        ),
    )
)
@example(data=TEXT.encode("utf-16"))
@example(data=TEXT.encode("utf-32-be"))
@example(data=b"\xef\xbb\xbf" + TEXT.encode())
@example(data=b"\0" * 1000)
def test_bytes_of_a_manifest(data: bytes, folder: Path) -> None:
    path = folder / "pixi.toml"
    path.write_bytes(data)

    error = refused(lambda: read_manifest(path))

    assert error is None or "pixi.toml" in str(error)
