"""Environments in the formats of conda."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.packages import make_channel

from pixi_jupyter.adapters.yaml import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.commands import Answer

MANIFEST = """\
[workspace]
name = "study"
channels = ["{channel}"]
platforms = ["linux-64", "win-64"]

[dependencies]
app = ">=1,<2"

[activation.env]
SEA = "north"

[feature.test.target.linux-64.dependencies]
base = "*"

[feature.py.pypi-options]
index-url = "https://index.example/simple"

[feature.py.pypi-dependencies]
requests = {{ version = ">=2", extras = ["socks", "security"] }}
own = {{ path = "own", editable = true }}
tool = {{ git = "https://git.example/tool", tag = "v1" }}

[environments]
test = ["test"]
py = {{ features = ["py"], no-default-feature = true }}
"""


@pytest.fixture
def study(
    tmp_path: Path,
    make_workspace: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    cache: Path,
) -> Path:
    del cache
    channel = make_channel(
        tmp_path / "channel",
        [
            {"name": "base", "version": "1.0"},
            {"name": "app", "version": "1.0", "depends": ["zlib"]},
            {"name": "zlib", "version": "1.3"},
        ],
    )
    folder = make_workspace(MANIFEST.format(channel=channel))
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def export(pixi: Callable[..., Answer]) -> Callable[..., Answer]:
    return lambda *words: pixi("workspace", "export", *words)


def without_pypi(study: Path) -> None:
    text = (study / "pixi.toml").read_text()
    kept = text[: text.index("[feature.py")] + '[environments]\ntest = ["test"]\n'
    (study / "pixi.toml").write_text(kept)


def test_an_environment_is_shown_as_conda_reads_it(
    study: Path, export: Callable[..., Answer]
) -> None:
    answer = export("conda-environment", "-e", "test", "-p", "linux-64")

    assert answer.code == 0
    channel = (study.parent / "channel").as_uri()
    assert parse_yaml(answer.out) == {
        "name": "test",
        "channels": [f"{channel}/", "nodefaults"],
        "dependencies": ["base *", "app >=1,<2"],
        "variables": {"SEA": "north"},
    }


def test_pypi_requirements_are_a_list_for_pip(
    study: Path, export: Callable[..., Answer]
) -> None:
    answer = export("conda-environment", "-e", "py", "-n", "mine", "mine.yml")
    bare = export("conda-environment", "-e", "py", "--no-pypi")

    found = parse_yaml((study / "mine.yml").read_text())
    assert answer.out == ""
    assert isinstance(found, dict)
    assert found["name"] == "mine"
    assert found["dependencies"] == [
        "pip",
        {
            "pip": [
                "--index-url https://index.example/simple",
                "requests[socks,security]>=2",
                "-e ./own",
                "tool @ git+https://git.example/tool@v1",
            ]
        },
    ]
    assert "dependencies: []" in bare.out


def test_what_is_locked_is_exported_exactly(
    study: Path, pixi: Callable[..., Answer], export: Callable[..., Answer]
) -> None:
    without_pypi(study)
    early = export("conda-environment", "--from-lock-file")
    pixi("lock")

    found = parse_yaml(export("conda-environment", "--from-lock-file").out)

    assert early.code == 1
    assert isinstance(found, dict)
    assert [each.rsplit(" ", 1)[0] for each in found["dependencies"]] == [
        "app ==1.0",
        "zlib ==1.3",
    ]


def test_an_explicit_file_names_dependencies_first(
    study: Path, export: Callable[..., Answer]
) -> None:
    without_pypi(study)

    answer = export("conda-explicit-spec", "out", "-p", "linux-64", "-p", "osx-64")

    assert answer.code == 0
    assert "not made for osx-64" in answer.err
    assert sorted(path.name for path in (study / "out").iterdir()) == [
        "default_linux-64_conda_spec.txt",
        "test_linux-64_conda_spec.txt",
    ]
    text = (study / "out" / "default_linux-64_conda_spec.txt").read_text()
    _, platform, mark, *urls = text.splitlines()
    assert (platform, mark) == ("# platform: linux-64", "@EXPLICIT")
    assert [url.rsplit("/", 1)[1].split("-")[0] for url in urls] == ["zlib", "app"]
    assert all(len(url.rsplit("#", 1)[1]) == 32 for url in urls)
