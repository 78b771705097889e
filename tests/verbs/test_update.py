"""`update` moves what may move in the lock, and nothing else."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest
from support.commands import Answer, run_command
from support.newer import MANIFEST, contents, locked, make_old, publish, shown

from pixi_jupyter.events import Event, Operation
from pixi_jupyter.verbs.update import UpdateRequest, update

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Pixi = Callable[..., Answer]

OLD = {"app": "1.0", "base": "1.0"}
GROUPED = MANIFEST.replace(
    'test = ["test"]',
    'default = { solve-group = "one" }\n'
    'test = { features = ["test"], solve-group = "one" }',
)


@pytest.fixture
def pixi(capsys: pytest.CaptureFixture[str]) -> Pixi:
    return lambda *words: run_command(capsys, *words)


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pixi: Pixi) -> Path:
    """Stand in a workspace that is locked and could be newer."""
    root = make_old(tmp_path)
    monkeypatch.chdir(root)
    assert pixi("lock").code == 0
    publish(tmp_path)
    return root


def test_an_update_takes_what_the_manifest_allows_and_installs_nothing(
    study: Path, pixi: Pixi
) -> None:
    manifest = (study / "pixi.toml").read_bytes()

    answer = pixi("update")

    assert answer.code == 0
    assert locked(study)["default", "linux-64"] == {"app": "1.1", "base": "1.5"}
    assert locked(study)["test", "osx-arm64"]["tool"] == "2.0"
    assert (study / "pixi.toml").read_bytes() == manifest
    assert not (study / ".pixi/envs").exists()


def test_an_update_reads_as_the_terminal_shows_it(study: Path, pixi: Pixi) -> None:
    answer = pixi("update", "-e", "default")

    assert shown(answer.err) == [
        "Solved 1 environment for 2 platforms",
        "",
        " ~ app   1.0 -> 1.1  channel",
        " ~ base  1.0 -> 1.5  channel",
        "",
        "✔ Updated pixi.lock",
        "hint: pixi-jupyter install   brings environments up to date",
    ]
    assert answer.out == ""
    assert max(map(len, answer.err.splitlines())) <= 80


def test_a_named_package_moves_alone(study: Path, pixi: Pixi) -> None:
    assert pixi("update", "Base").code == 0

    assert locked(study)["default", "linux-64"] == {"app": "1.0", "base": "1.5"}
    assert locked(study)["test", "linux-64"]["tool"] == "1.0"


@pytest.mark.parametrize(
    ("flags", "moved", "solved"),
    [
        (
            ["-e", "default"],
            {("default", "linux-64"), ("default", "osx-arm64")},
            "Solved 1 environment for 2 platforms",
        ),
        (
            ["-p", "linux-64"],
            {("default", "linux-64"), ("test", "linux-64")},
            "Solved 2 environments for 1 platform",
        ),
        (
            ["-e", "default", "-p", "osx-arm64"],
            {("default", "osx-arm64")},
            "Solved 1 environment for 1 platform",
        ),
    ],
    ids=["of one environment", "on one platform", "of one on one"],
)
def test_other_environments_and_platforms_stay(
    study: Path,
    pixi: Pixi,
    flags: list[str],
    moved: set[tuple[str, str]],
    solved: str,
) -> None:
    before = locked(study)

    answer = pixi("update", "app", *flags)

    after = locked(study)
    assert answer.code == 0
    assert {cell for cell in after if after[cell] != before[cell]} == moved
    assert shown(answer.err)[0] == solved


def test_a_dry_run_says_what_would_move_and_leaves_the_disk(
    study: Path, pixi: Pixi
) -> None:
    before = contents(study)

    answer = pixi("update", "--dry-run", "app")

    assert answer.code == 0
    assert "1.0 -> 1.1" in answer.err
    assert answer.err.endswith("pixi.lock would be updated\n")
    assert contents(study) == before


def test_json_is_the_difference_of_the_locks_as_lock_gives_it(
    study: Path, pixi: Pixi
) -> None:
    first = json.loads(pixi("update", "app", "--json", "-n").out)

    row = first["environment"]["default"]["linux-64"]
    assert first["version"] == 1
    assert set(first["environment"]) == {"default", "test"}
    assert [(each["name"], each["type"], each["explicit"]) for each in row] == [
        ("app", "conda", True)
    ]
    assert row[0]["before"]["conda"].endswith("app-1.0-0.conda")
    assert row[0]["after"]["conda"].endswith("app-1.1-0.conda")


def test_what_is_newest_already_stays_byte_for_byte(study: Path, pixi: Pixi) -> None:
    pixi("update")
    before = contents(study)

    answer = pixi("update")

    assert "pixi.lock stays as it is, nothing newer fits" in answer.err
    assert "hint: pixi-jupyter upgrade   goes beyond" in answer.err
    assert json.loads(pixi("update", "--json").out)["environment"] == {}
    assert contents(study) == before


def test_a_name_that_is_locked_nowhere_is_told_with_the_nearest(
    study: Path, pixi: Pixi
) -> None:
    before = contents(study)

    answer = pixi("update", "bose")

    assert answer.code == 1
    assert answer.err == (
        "error: no package named bose is locked\n"
        "hint: pixi-jupyter update base   the nearest name\n"
    )
    assert contents(study) == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["tool", "-e", "default"], "no package named tool is locked for environment"),
        (["-e", "tset"], "did you mean test?"),
        (["-p", "win-64"], "platform win-64 is not one of the workspace"),
    ],
)
@pytest.mark.usefixtures("study")
def test_what_is_not_there_is_refused(pixi: Pixi, words: list[str], told: str) -> None:
    answer = pixi("update", *words)

    assert answer.code == 1
    assert told in answer.err.lower()


def test_without_a_lock_a_name_is_unknown_and_all_is_locked_anew(
    study: Path, pixi: Pixi
) -> None:
    (study / "pixi.lock").unlink()

    named = pixi("update", "app")
    whole = pixi("update")

    assert (named.code, whole.code) == (1, 0)
    assert locked(study)["default", "linux-64"] == {"app": "1.1", "base": "1.5"}


def test_an_environment_of_a_group_moves_only_what_the_others_do_not_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pixi: Pixi
) -> None:
    root = make_old(tmp_path, GROUPED)
    monkeypatch.chdir(root)
    pixi("lock")
    publish(tmp_path)

    alone = pixi("update", "-e", "test")
    half = locked(root)
    pixi("update", "-e", "test", "-e", "default")

    note = "note: test is solved together with default, which was not named and stays"
    assert note in alone.err
    assert half["default", "linux-64"] == OLD
    assert half["test", "linux-64"] == {**OLD, "tool": "2.0"}
    assert locked(root)["default", "linux-64"] == {"app": "1.1", "base": "1.5"}


async def test_a_cancelled_update_leaves_everything_as_it_was(study: Path) -> None:
    before = contents(study)
    loop = asyncio.get_running_loop()

    def report(_: Event) -> None:
        loop.call_soon_threadsafe(task.cancel)

    task = asyncio.ensure_future(update(UpdateRequest(), Operation(report)))
    with pytest.raises(asyncio.CancelledError):
        await task
    assert contents(study) == before
