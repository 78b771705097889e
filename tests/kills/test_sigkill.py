"""Verbs that are killed at any moment: a plain install makes everything whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.kills import SCENARIOS, Victim

from pixi_jupyter.workspace.operations import NO_WORD, read_operations

if TYPE_CHECKING:
    from pathlib import Path

NAMES = list(SCENARIOS)


def _rubbish(root: Path) -> list[str]:
    known = {"pixi.toml", "pixi.lock", ".pixi"}
    return [path.name for path in root.iterdir() if path.name not in known]


@pytest.mark.parametrize("kill_at", [2, 4, 6])
@pytest.mark.parametrize("name", NAMES)
def test_after_a_kill_an_install_makes_all_whole(
    victim: Victim, name: str, kill_at: int
) -> None:
    victim.run(SCENARIOS[name], event=kill_at)

    victim.heal()


@pytest.mark.parametrize("kill_at", [1, 2, 3])
def test_a_kill_between_manifest_and_lock_loses_neither(
    victim: Victim, kill_at: int
) -> None:
    killed = victim.run(SCENARIOS["add"], rename=kill_at) is None

    assert killed
    victim.heal()


def test_what_a_killed_change_left_beside_the_manifest_goes_with_the_next(
    victim: Victim,
) -> None:
    from support.kills import run_verb

    assert victim.run(SCENARIOS["add"], rename=1) is None
    assert _rubbish(victim.root)

    run_verb("add", manifest=str(victim.root), specs=["app"])

    assert _rubbish(victim.root) == []


def test_an_operation_that_was_killed_is_told_as_such(victim: Victim) -> None:
    assert victim.run(SCENARIOS["add"], rename=2) is None

    newest = read_operations(victim.root)[0]

    assert (newest.what, newest.state, newest.error) == ("add app", "failed", NO_WORD)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["event", "rename"])
@pytest.mark.parametrize("name", NAMES)
def test_after_a_kill_at_every_moment_an_install_makes_all_whole(
    victim: Victim, name: str, kind: str
) -> None:
    kill_at = 1
    while victim.run(SCENARIOS[name], **{kind: kill_at}) is None:
        victim.heal()
        kill_at += 1

    victim.heal()
    assert kill_at > 3
