"""`install --only`, `--skip` and `--skip-with-deps`: a part now, the rest later."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from support.packages import make_channel

from pixi_jupyter.platforms import host_subdir

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.commands import Answer

    Pixi = Callable[..., Answer]

PACKAGES: list[dict[str, Any]] = [
    {"name": "base"},
    {"name": "lib", "depends": ["base"]},
    {"name": "app", "depends": ["lib"]},
    {"name": "tool", "depends": ["base"]},
]


@pytest.fixture
def study(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a workspace of four packages."""
    del cache
    channel = make_channel(tmp_path / "channel", PACKAGES)
    root = tmp_path / "study"
    root.mkdir()
    monkeypatch.chdir(root)
    (root / "pixi.toml").write_text(
        f'[workspace]\nname = "mine"\nchannels = ["{channel}"]\n'
        f'platforms = ["{host_subdir()}"]\n\n[dependencies]\napp = "*"\ntool = "*"\n'
    )
    return root


def there(study: Path) -> set[str]:
    meta = study / ".pixi/envs/default/conda-meta"
    return {path.name.split("-")[0] for path in meta.glob("*.json")}


def lock_hash(study: Path) -> str:
    marker = study / ".pixi/envs/default/conda-meta/pixi"
    return str(json.loads(marker.read_text())["environment_lock_file_hash"])


@pytest.mark.parametrize(
    ("words", "come"),
    [
        (["--only", "lib"], {"lib", "base"}),
        (["--skip", "lib"], {"app", "base", "tool"}),
        (["--skip-with-deps", "app"], {"base", "tool"}),
        (["--skip", "app", "--skip", "tool"], {"lib", "base"}),
    ],
    ids=lambda value: " ".join(sorted(value) if isinstance(value, set) else value),
)
def test_a_part_comes_and_the_next_install_brings_the_rest(
    study: Path, pixi: Pixi, words: list[str], come: set[str]
) -> None:
    part = json.loads(pixi("install", *words, "--json").out)["environments"][0]

    assert there(study) == come
    assert set(part["left_out"]) == {"app", "base", "lib", "tool"} - come
    assert lock_hash(study) == "invalid-hash"

    whole = json.loads(pixi("install", "--json").out)["environments"][0]

    assert there(study) == {"app", "base", "lib", "tool"}
    assert whole["left_out"] == []
    assert lock_hash(study) != "invalid-hash"
    assert not json.loads(pixi("install", "--json").out)["environments"][0]["changed"]


def test_what_is_left_out_stays_where_it_is_there(study: Path, pixi: Pixi) -> None:
    pixi("install")
    answer = pixi("install", "--only", "tool")

    assert answer.code == 0
    assert there(study) == {"app", "base", "lib", "tool"}
    assert lock_hash(study) == "invalid-hash"
    assert pixi("remove", "app", "--no-install").code == 0
    assert pixi("install", "--only", "tool").code == 0
    # what the lock does not have any more is not left out, it goes
    assert there(study) == {"base", "tool"}


def test_the_terminal_says_what_was_left_out_and_what_brings_it(
    study: Path, pixi: Pixi
) -> None:
    answer = pixi("install", "--skip-with-deps", "app", "--skip", "ap")

    assert "note: left out of default: app, lib" in answer.err
    assert "pixi-jupyter install   brings the rest" in answer.err
    assert "ap is not locked, nothing was left out for it" in answer.err
    assert there(study) == {"base", "tool"}
    again = pixi("install", "--skip-with-deps", "app")
    assert "default is as it should be, 2 packages" in again.err


def test_a_name_that_is_not_locked_cannot_be_the_only_one(
    study: Path, pixi: Pixi
) -> None:
    answer = pixi("install", "--only", "tol")

    assert answer.code == 1
    assert "pixi-jupyter install --only tool" in answer.err
    assert not (study / ".pixi/envs/default/conda-meta").exists()


def test_nothing_is_left_out_where_nothing_fits(study: Path, pixi: Pixi) -> None:
    assert pixi("install", "--skip", "nothing").code == 0

    assert there(study) == {"app", "base", "lib", "tool"}
    assert lock_hash(study) != "invalid-hash"


def test_each_environment_leaves_out_its_own(study: Path, pixi: Pixi) -> None:
    manifest = study / "pixi.toml"
    text = manifest.read_text()
    more = '[feature.more.dependencies]\nlib = "*"\n[environments]\n'
    manifest.write_text(
        f'{text}\n{more}more = {{ features = ["more"], no-default-feature = true }}\n'
    )

    answer = pixi("install", "--all", "--skip", "base", "--json")

    rows = json.loads(answer.out)["environments"]
    assert {row["name"]: row["left_out"] for row in rows} == {
        "default": ["base"],
        "more": ["base"],
    }
