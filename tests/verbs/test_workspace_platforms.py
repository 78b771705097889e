"""Platforms, plain and rich: added, edited, moved, listed, removed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from pixi_jupyter.manifest.document import ManifestDocument
from pixi_jupyter.manifest.parse import read_manifest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.commands import Answer

MANIFEST = """\
[workspace]
name = "study"
channels = []
platforms = [
  "linux-64",  # the cluster
  "osx-arm64",
]

[feature.test]

[environments]
test = ["test"]
"""


@pytest.fixture
def study(make_workspace: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = make_workspace(MANIFEST)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def platform(pixi: Callable[..., Answer]) -> Callable[..., Answer]:
    return lambda *words: pixi("workspace", "platform", *words)


def written(study: Path) -> list[Any]:
    document = ManifestDocument.read(study / "pixi.toml")
    return list(document.get("workspace", "platforms"))


def names(study: Path) -> list[str]:
    return [each.name for each in read_manifest(study / "pixi.toml").platforms]


def test_an_added_platform_is_locked(
    study: Path, platform: Callable[..., Answer]
) -> None:
    answer = platform("add", "win-64", "--no-install")

    assert answer.code == 0
    assert "✔ Added platform win-64" in answer.err
    assert names(study) == ["linux-64", "osx-arm64", "win-64"]
    assert "name: win-64" in (study / "pixi.lock").read_text()
    assert '"linux-64",  # the cluster\n' in (study / "pixi.toml").read_text()


def test_a_rich_platform_promises_what_was_typed(
    study: Path, platform: Callable[..., Answer]
) -> None:
    words = ("gpu=linux-64", "--cuda", "12", "--cuda-arch", "8.6", "__foo=1=b")

    answer = platform("add", *words, "--frozen")

    assert answer.code == 0
    assert written(study)[-1] == {
        "name": "gpu",
        "platform": "linux-64",
        "cuda": {"driver": "12", "arch": "8.6"},
        "__foo": "1=b",
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("linux-46",), "did you mean linux-64?"),
        (("linux-64", "--cuda=12"), "NAME=linux-64"),
        (("a=linux-64", "b=linux-64", "--cuda=12"), "exactly one platform"),
        (("gpu=linux-64", "--cuda-arch=8"), "needs --cuda"),
        ((), "needs a platform"),
        (("gpu=linux-64", "--cuda=1", "__cuda=2"), "__cuda is given twice"),
        (("--auto-detect", "a=linux-64"), "one NAME at most"),
        (("gpu=linux-64", "--macos=14"), "linux-64 cannot have __osx"),
    ],
)
def test_words_that_do_not_fit_are_refused(
    study: Path, platform: Callable[..., Answer], words: tuple[str, ...], said: str
) -> None:
    answer = platform("add", *words, "--frozen")

    assert answer.code in {1, 2}
    assert said in answer.err
    assert names(study) == ["linux-64", "osx-arm64"]


def test_this_computer_comes_first(
    study: Path, platform: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONDA_OVERRIDE_CUDA", "12.4")

    platform("add", "--auto-detect", "here", "--archspec", "x86_64", "--frozen")

    first = written(study)[0]
    assert first["name"] == "here"
    assert (first["cuda"], first["archspec"]) == ("12.4", "x86_64")


def test_a_platform_of_a_feature_is_in_both_lists(
    study: Path, platform: Callable[..., Answer]
) -> None:
    platform("add", "win-64", "-f", "test", "--frozen")
    platform("add", "linux-64", "-f", "test", "--frozen")
    removed = platform("remove", "win-64", "-f", "test", "--frozen")

    manifest = read_manifest(study / "pixi.toml")
    assert manifest.features["test"].platforms == ("linux-64",)
    assert names(study) == ["linux-64", "osx-arm64", "win-64"]
    assert "✔ Removed platform win-64 from feature test" in removed.err


def test_a_promise_is_changed_added_and_taken_back(
    study: Path, platform: Callable[..., Answer]
) -> None:
    platform("add", "gpu=linux-64", "--cuda=12", "--glibc=2.34", "--frozen")

    changed = platform(
        "edit", "gpu", "--cuda=13", "--remove-virtual-package=glibc", "--frozen"
    )
    platform("edit", "gpu", "--subdir=linux-aarch64", "__foo=1", "--frozen")

    assert "✔ Updated platform gpu" in changed.err
    assert written(study)[-1] == {
        "name": "gpu",
        "platform": "linux-aarch64",
        "cuda": "13",
        "__foo": "1",
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("linux-64", "--cuda=12"), "is a platform of conda and stays as it is"),
        (("gpu",), "needs something to change"),
        (("gpu", "--subdir=linux-46"), "did you mean linux-64?"),
        (("gpu", "--remove-virtual-package=cuda"), "does not promise cuda"),
        (("gpx", "--cuda=12"), "did you mean gpu?"),
    ],
)
def test_an_edit_that_means_nothing_is_refused(
    study: Path, platform: Callable[..., Answer], words: tuple[str, ...], said: str
) -> None:
    platform("add", "gpu=linux-64", "--frozen")
    before = written(study)

    answer = platform("edit", *words, "--frozen")

    assert answer.code in {1, 2}
    assert said in answer.err
    assert written(study) == before


@pytest.mark.parametrize(
    ("words", "order"),
    [
        (("win-64", "--to-top"), ["win-64", "linux-64", "osx-arm64"]),
        (("linux-64", "--to-bottom"), ["osx-arm64", "win-64", "linux-64"]),
        (("win-64", "--before", "osx-arm64"), ["linux-64", "win-64", "osx-arm64"]),
        (("linux-64", "--after", "osx-arm64"), ["osx-arm64", "linux-64", "win-64"]),
    ],
)
def test_a_platform_is_moved_with_its_comment(
    study: Path,
    platform: Callable[..., Answer],
    words: tuple[str, ...],
    order: list[str],
) -> None:
    platform("add", "win-64", "--frozen")

    answer = platform("move", *words, "--frozen")

    assert answer.code == 0
    assert names(study) == order
    assert '"linux-64",  # the cluster\n' in (study / "pixi.toml").read_text()


def test_a_move_needs_one_place(platform: Callable[..., Answer], study: Path) -> None:
    del study

    assert platform("move", "linux-64").code == 2
    assert platform("move", "linux-64", "--to-top", "--to-bottom").code == 2


def test_platforms_are_listed_in_the_shape_of_pixi_this_computer_first(
    study: Path, platform: Callable[..., Answer]
) -> None:
    platform("add", "gpu=linux-64", "--cuda=12", "-f", "test", "--frozen")

    data = json.loads(platform("list", "--json").out)
    text = platform("list")

    host, *declared = data["platforms"]
    assert (host["name"], host["is_current"], host["is_autodetected"]) == (
        "current",
        True,
        True,
    )
    assert host["subdir"] == data["current_subdir"]
    assert [each["name"] for each in declared] == names(study)
    assert list(declared[2]) == [
        "name",
        "subdir",
        "virtual_packages",
        "detected_virtual_packages",
        "features",
        "declared_inline_in_environments",
        "environments",
    ]
    assert declared[2]["virtual_packages"] == ["cuda=12"]
    assert declared[2]["features"] == ["test"]
    assert "gpu: platform=linux-64, cuda=12\n" in text.out
    assert text.err == ""
