"""Channels, environments and features: edited, locked and installed in one go."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from support.packages import make_channel

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.commands import Answer

MANIFEST = """\
[workspace]
name = "study"
channels = ["{channel}"]  # ours
platforms = ["linux-64", "osx-arm64"]

[dependencies]
base = "*"

[feature.test.dependencies]
app = "*"
"""


@pytest.fixture
def other(tmp_path: Path) -> str:
    return make_channel(tmp_path / "other", [{"name": "base", "version": "3.0"}])


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
            {"name": "app", "version": "1.0", "depends": ["base"]},
        ],
    )
    folder = make_workspace(MANIFEST.format(channel=channel))
    monkeypatch.chdir(folder)
    return folder


def manifest(study: Path) -> str:
    return (study / "pixi.toml").read_text()


def test_a_channel_before_the_others_is_solved_with_and_installed(
    study: Path, other: str, pixi: Callable[..., Answer]
) -> None:
    answer = pixi("workspace", "channel", "add", other, "--prepend")

    assert answer.code == 0
    assert f"✔ Added channel {other}" in answer.err
    assert f'channels = ["{other}", ' in manifest(study)
    assert "]  # ours\n" in manifest(study)
    assert "base-3.0" in (study / "pixi.lock").read_text()
    assert list((study / ".pixi/envs/default/conda-meta").glob("base-3.0-*.json"))


def test_a_channel_without_which_there_is_no_solution_stays(
    study: Path, pixi: Callable[..., Answer]
) -> None:
    before = manifest(study)
    channel = before.split('"')[3]

    answer = pixi("workspace", "channel", "remove", channel)

    assert answer.code == 1
    assert manifest(study) == before
    assert not (study / "pixi.lock").exists()


def test_frozen_changes_the_manifest_alone(
    study: Path, other: str, pixi: Callable[..., Answer]
) -> None:
    answer = pixi("workspace", "channel", "add", other, "--priority=2", "--frozen")

    assert answer.code == 0
    assert f'{{ channel = "{other}", priority = 2 }}' in manifest(study)
    assert not (study / "pixi.lock").exists()


def test_a_channel_that_is_there_is_said_to_be(
    study: Path, pixi: Callable[..., Answer]
) -> None:
    channel = manifest(study).split('"')[3]
    before = manifest(study)

    answer = pixi("workspace", "channel", "add", f"{channel}/", "--json")

    assert json.loads(answer.out)["edits"][0]["action"] == "kept"
    assert manifest(study) == before


def test_a_channel_that_is_not_there_is_named_with_those_that_are(
    study: Path, pixi: Callable[..., Answer]
) -> None:
    answer = pixi("workspace", "channel", "rm", "conda-forgee")

    assert answer.code == 1
    assert "no channel named conda-forgee in workspace.channels" in answer.err
    assert str(study.parent / "channel") in answer.err


def test_channels_are_listed_for_each_environment_on_stdout(
    study: Path, other: str, pixi: Callable[..., Answer]
) -> None:
    pixi("workspace", "channel", "add", other, "-f", "test", "--frozen")
    pixi("workspace", "environment", "add", "test", "-f", "test")

    answer = pixi("workspace", "channel", "list")

    mine = manifest(study).split('"')[3]
    assert answer.out == (
        f"Environment: default\n- {mine}\nEnvironment: test\n- {other}\n- {mine}\n"
    )
    assert answer.err == ""


def test_an_environment_is_added_to_the_manifest_alone_as_in_pixi(
    study: Path, pixi: Callable[..., Answer]
) -> None:
    answer = pixi(
        "project", "environment", "add", "test", "-f", "test", "--solve-group", "g"
    )

    assert answer.code == 0
    assert '[environments]\ntest = { features = ["test"], solve-group = "g" }' in (
        manifest(study)
    )
    assert not (study / "pixi.lock").exists()
    assert not (study / ".pixi" / "envs").exists()


def test_an_environment_is_written_anew_only_by_force(
    study: Path, pixi: Callable[..., Answer]
) -> None:
    pixi("workspace", "environment", "add", "test")

    refused = pixi("workspace", "environment", "add", "test", "-f", "test")
    forced = pixi("workspace", "environment", "add", "test", "-f", "test", "--force")

    assert refused.code == 1
    assert "environment add test --force" in refused.err
    assert "✔ Updated environment test" in forced.err
    assert 'test = ["test"]' in manifest(study)


def test_a_feature_is_removed_from_its_environments_after_consent(
    study: Path, pixi: Callable[..., Answer]
) -> None:
    pixi("workspace", "environment", "add", "test", "-f", "test")

    refused = pixi("workspace", "feature", "remove", "test")
    agreed = pixi("workspace", "feature", "remove", "test", "--yes")

    assert refused.code == 1
    assert agreed.code == 0
    assert "[feature" not in manifest(study)
    assert "test = []" in manifest(study)


def test_environments_and_features_are_listed_in_the_words_of_pixi(
    study: Path, pixi: Callable[..., Answer]
) -> None:
    del study
    pixi("workspace", "environment", "add", "test", "-f", "test")

    environments = pixi("workspace", "environment", "list")
    features = pixi("workspace", "feature", "list")
    data = json.loads(pixi("workspace", "environment", "list", "--json").out)

    assert environments.out == (
        "Environments:\n- default:\n    features: default\n"
        "- test:\n    features: test, default\n"
    )
    assert features.out == (
        "Features:\n- default:\n    dependencies: base\n"
        "- test:\n    dependencies: app\n"
    )
    assert data[1]["platforms"] == ["linux-64", "osx-arm64"]


@pytest.mark.parametrize(
    "words",
    [
        ("environment", "remove", "tset"),
        ("feature", "remove", "tset"),
        ("environment", "add", "new", "-f", "tset"),
    ],
    ids=" ".join,
)
def test_a_name_that_is_not_there_changes_nothing(
    study: Path, pixi: Callable[..., Answer], words: tuple[str, ...]
) -> None:
    pixi("workspace", "environment", "add", "test", "-f", "test")
    before = manifest(study)

    answer = pixi("workspace", *words)

    assert answer.code == 1
    assert "did you mean test?" in answer.err
    assert manifest(study) == before


def test_an_environment_that_is_not_there_is_made_for_its_channel(
    study: Path, other: str, pixi: Callable[..., Answer]
) -> None:
    answer = pixi("workspace", "channel", "add", other, "-e", "new", "--no-install")

    assert answer.code == 0
    assert f'[environments.new]\nchannels = ["{other}"]\n' in manifest(study)
    assert "  new:\n" in (study / "pixi.lock").read_text()
