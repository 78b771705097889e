"""A new workspace says what pixi's would, and breaks nothing that is there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pixi_jupyter.manifest.parse import parse_manifest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.commands import Answer

    Pixi = Callable[..., Answer]

PROJECT = """\
[project]
name = "Sea_Level"
version = "1.0"
requires-python = ">=3.10"

[project.optional-dependencies]
plot_all = ["matplotlib"]
all = ["sea-level[plot-all]"]

[dependency-groups]
Test = ["pytest"]
dev = [{ include-group = "test" }]
"""


@pytest.fixture(autouse=True)
def person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder, and a person whom git knows; the file is theirs."""
    config = tmp_path / "gitconfig"
    config.write_text("[user]\nname = Ada L\nemail = ada@mail.example\n")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return config


def read(folder: Path, name: str = "pixi.toml") -> str:
    return (folder / name).read_text(encoding="utf-8")


def test_who_commits_is_the_author(pixi: Pixi, tmp_path: Path) -> None:
    assert pixi("init", "tides", "-p", "linux-64").code == 0

    text = read(tmp_path / "work" / "tides")
    assert text.startswith(
        '[workspace]\nauthors = ["Ada L <ada@mail.example>"]\n'
        'channels = ["conda-forge"]\nname = "tides"\n'
    )


def test_without_a_name_nobody_is_the_author(
    pixi: Pixi, tmp_path: Path, person: Path
) -> None:
    person.write_text("")

    assert pixi("init", "tides").code == 0

    assert "authors" not in read(tmp_path / "work" / "tides")


def test_a_map_of_names_is_written(pixi: Pixi, tmp_path: Path) -> None:
    pixi("init", "a", "--conda-pypi-map", "conda-forge=names.json,mine=x.json")
    pixi("init", "b", "--conda-pypi-map", "false", "--format", "pyproject")
    refused = pixi("init", "c", "--conda-pypi-map", "names.json")

    work = tmp_path / "work"
    pairs = '{ conda-forge = "names.json", mine = "x.json" }'
    assert f"conda-pypi-map = {pairs}\n" in read(work / "a")
    assert "conda-pypi-map = false\n" in read(work / "b", "pyproject.toml")
    assert refused.code == 2
    assert not (work / "c").exists()


def test_configured_indexes_and_buckets_come_into_the_manifest(
    pixi: Pixi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIXI_HOME", str(tmp_path / "mine"))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "config.toml").write_text(
        '[pypi-config]\nindex-url = "https://index.example/simple"\n'
        '[s3-options.used]\nendpoint-url = "https://s3.example"\nregion = "x"\n'
        'force-path-style = true\n[s3-options.other]\nendpoint-url = "https://o.example"\n'
        'region = "y"\nforce-path-style = false\n'
    )

    pixi("init", "a", "-c", "s3://used/channel")

    manifest = parse_manifest(read(tmp_path / "work" / "a"), tmp_path / "pixi.toml")
    assert manifest.warnings == ()
    text = read(tmp_path / "work" / "a")
    assert '[pypi-options]\nindex-url = "https://index.example/simple"\n' in text
    assert "[workspace.s3-options.used]\n" in text
    assert "other" not in text


def test_a_new_project_is_a_dependency_of_itself(pixi: Pixi, tmp_path: Path) -> None:
    answer = pixi("init", "My tides", "--format", "pyproject", "--json")

    folder = tmp_path / "work" / "My tides"
    assert json.loads(answer.out)["editable"] == "my_tides"
    assert (folder / "src" / "my_tides" / "__init__.py").read_text() == ""
    text = read(folder, "pyproject.toml")
    assert 'authors = [{ name = "Ada L", email = "ada@mail.example" }]' in text
    assert (
        "[tool.pixi.pypi-dependencies]\n"
        'my_tides = { path = ".", editable = true }\n\n[tool.pixi.tasks]\n'
    ) in text


def test_a_project_becomes_a_workspace_with_an_environment_for_each_group(
    pixi: Pixi, tmp_path: Path
) -> None:
    path = tmp_path / "work" / "pyproject.toml"
    path.write_text(PROJECT)

    answer = pixi("init", "-p", "linux-64")

    assert answer.code == 0
    assert path.read_text() == (
        f"{PROJECT}\n[tool.pixi.workspace]\n"
        'channels = ["conda-forge"]\nplatforms = ["linux-64"]\n\n'
        "[tool.pixi.pypi-dependencies]\n"
        'Sea_Level = { path = ".", editable = true }\n\n'
        "[tool.pixi.environments]\n"
        'default = { solve-group = "default" }\n'
        'plot-all = { features = ["plot_all"], solve-group = "default" }\n'
        'all = { features = ["all", "plot_all"], solve-group = "default" }\n'
        'test = { features = ["Test"], solve-group = "default" }\n'
        'dev = { features = ["dev", "Test"], solve-group = "default" }\n\n'
        "[tool.pixi.tasks]\n"
    )
    assert parse_manifest(path.read_text(), path).warnings == ()
    assert "Added package Sea_Level as an editable dependency" in answer.err
    assert "Added environments plot-all, all, test, dev" in answer.err


def test_a_project_that_is_a_workspace_is_left_alone(
    pixi: Pixi, tmp_path: Path
) -> None:
    path = tmp_path / "work" / "pyproject.toml"
    path.write_text(PROJECT)
    pixi("init")
    before = path.read_text()

    again = pixi("init", "--format", "pyproject")

    assert again.code == 0
    assert "Nothing to do" in again.err
    assert path.read_text() == before


def test_the_folder_of_pixis_own_home_is_refused(
    pixi: Pixi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIXI_HOME", str(tmp_path / "work" / ".pixi"))

    answer = pixi("init")

    assert answer.code == 2
    assert not (tmp_path / "work" / "pixi.toml").exists()


def test_git_hears_of_the_lock_in_the_words_of_its_server(
    pixi: Pixi, tmp_path: Path
) -> None:
    pixi("init", "a", "--scm", "gitlab")

    folder = tmp_path / "work" / "a"
    expected = "pixi.lock merge=binary gitlab-language=yaml gitlab-generated=true -diff"
    assert expected in read(folder, ".gitattributes").splitlines()
    assert read(folder, ".gitignore").endswith(".pixi/*\n!.pixi/config.toml\n")
