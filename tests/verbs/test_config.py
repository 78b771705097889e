"""Settings are shown merged and edited in one file, whose layout stays."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.commands import Answer

LOCAL = Path(".pixi/config.toml")
WRITTEN = """\
# how we work
default_channels = [ "a" ]  # ours

[concurrency]
downloads = 5   # the proxy is slow

[mirrors]
"https://x.example/" = ["https://y.example/"]
"""


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a person's file, with a workspace as the current folder."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    folder = tmp_path / "workspace"
    (folder / ".pixi").mkdir(parents=True)
    (folder / "pixi.toml").write_text('[workspace]\nchannels = ["a"]\nplatforms = []\n')
    monkeypatch.chdir(folder)
    path = tmp_path / "home/.pixi/config.toml"
    path.parent.mkdir(parents=True)
    return path


def test_an_edit_changes_one_value_and_leaves_the_rest_as_written(
    mine: Path, pixi: Callable[..., Answer]
) -> None:
    mine.write_text("offline = true\n")
    LOCAL.write_text(WRITTEN)

    answers = [
        pixi("config", "set", "concurrency.downloads", "9"),
        pixi("config", "append", "default-channels", "b"),
        pixi("config", "prepend", "default-channels", "c"),
        pixi("config", "set", "pinning-strategy", "minor"),
        pixi("config", "unset", "mirrors"),
    ]

    assert [each.code for each in answers] == [0] * 5
    assert answers[0].err == f"✔ Updated config at {LOCAL.absolute()}\n"
    expected = WRITTEN.replace("= 5 ", "= 9 ").partition("[mirrors]")[0]
    expected = expected.replace(
        '[ "a" ]  # ours\n', '["c", "a", "b"]  # ours\npinning-strategy = "minor"\n'
    )
    assert LOCAL.read_text() == expected
    assert mine.read_text() == "offline = true\n"


def test_a_setting_stands_above_the_first_table_and_goes_without_a_trace(
    mine: Path, pixi: Callable[..., Answer]
) -> None:
    before = "# mine\n\n# of shells\n[shell]\nchange-ps1 = false\n"
    mine.write_text(before)

    set_ = pixi("config", "set", "--global", "offline", "true")
    between = mine.read_text()
    pixi("config", "unset", "--global", "offline")

    assert set_.code == 0
    assert between == before.replace("# of", "offline = true\n\n# of")
    assert mine.read_text().replace("\n\n\n", "\n\n") == before


def test_a_file_that_is_not_there_is_made(
    mine: Path, pixi: Callable[..., Answer]
) -> None:
    pixi("config", "set", "default-channels", '["a", "b"]')
    pixi(
        "config",
        "set",
        "repodata-config",
        '{"https://c.example": {"disable-zstd": true}}',
    )
    pixi("config", "set", "s3-options.my-bucket.region", "eu")
    pixi("config", "set", "concurrency.solves", "2", "-g")

    shown = json.loads(pixi("config", "list", "--json").out)

    assert shown == {
        "default-channels": ["a", "b"],
        "repodata-config": {"https://c.example": {"disable-zstd": True}},
        "s3-options": {"my-bucket": {"region": "eu"}},
        "concurrency": {"solves": 2},
    }
    assert "solves" not in LOCAL.read_text()
    assert mine.read_text() == "[concurrency]\nsolves = 2\n"


def test_the_list_is_what_counts_in_the_scope(
    mine: Path, pixi: Callable[..., Answer]
) -> None:
    mine.write_text(
        "offline = true\n[concurrency]\nsolves = 2\n"
        '[pypi-config]\nextra-index-urls = ["https://ann:secret@x.example/"]\n'
    )
    LOCAL.write_text("offline = false\n[concurrency]\ndownloads = 5\n")

    everything = pixi("config", "list")
    of_mine = json.loads(pixi("config", "list", "-g", "--json").out)
    part = pixi("config", "list", "concurrency.solves")

    assert "offline = false" in everything.out
    assert "solves = 2\ndownloads = 5" in everything.out
    assert "secret" not in everything.out + json.dumps(of_mine)
    assert of_mine["offline"] is True
    assert part.out == "[concurrency]\nsolves = 2\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("set", "concurrency.downlods", "3"), "did you mean concurrency.downloads?"),
        (("list", "offlin"), "did you mean offline?"),
        (("set", "mirors", "{}"), "did you mean mirrors?"),
        (("set", "s3-options.b.regoin", "eu"), "did you mean s3-options.NAME.region?"),
        (("set", "offline", "yes"), "it is true or false"),
        (("set", "concurrency.solves", "0"), "it is a number from 1 on"),
        (("set", "concurrency", '{"solves": "x"}'), "it is a number from 1 on"),
        (("set", "concurrency", '{"slves": 2}'), "did you mean concurrency.solves?"),
        (("set", "default-channels", "conda-forge"), "it is a list of texts"),
        (("set", "mirrors", '{"https://a.example": 3}'), "it is a list of texts"),
        (("set", "shell", "on"), "it is a table, written as JSON"),
        (("set", "tool-platform", "amiga"), "it is a platform"),
        (("set", "pinning-strategy", "newest"), "one of semver, no-pin"),
        (("append", "offline", "x"), "default-channels, pypi-config.extra-index-urls"),
        (("list", "--local", "--global"), "exclude each other"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_is_no_setting_or_no_value_is_refused_with_what_would_do(
    mine: Path, pixi: Callable[..., Answer], words: tuple[str, ...], said: str
) -> None:
    answer = pixi("config", *words)

    assert answer.code in (1, 2)
    assert said in answer.err
    assert not LOCAL.exists()
    assert not mine.exists()


def test_there_are_no_local_settings_outside_of_a_workspace(
    mine: Path, pixi: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(mine.parent)

    local = pixi("config", "set", "--local", "offline", "true")
    mine_then = pixi("config", "set", "offline", "true")

    assert local.code == 1
    assert "there are no local settings" in local.err
    assert mine_then.code == 0
    assert mine.read_text() == "offline = true\n"


def test_a_value_that_another_file_overrules_is_told(
    mine: Path, pixi: Callable[..., Answer]
) -> None:
    above = mine.parent.parent / ".config/pixi/config.toml"
    above.parent.mkdir(parents=True)
    above.write_text("offline = false\n")
    mine.write_text("offline = false\n")

    answer = pixi("config", "set", "--global", "offline", "true")

    assert above.read_text() == "offline = true\n"
    assert f"{mine} says something else of offline, and wins" in answer.err


def test_a_file_with_mistakes_is_told_and_never_written_over(
    mine: Path, pixi: Callable[..., Answer]
) -> None:
    mine.write_text("ofline = true\n")
    LOCAL.write_text("offline = \n")

    listed = pixi("config", "list")
    set_ = pixi("config", "set", "offline", "true")

    assert "there is no setting named ofline" in listed.err
    assert "the file is left out" in listed.err
    assert set_.code == 1
    assert "config.toml" in set_.err
    assert LOCAL.read_text() == "offline = \n"


def test_an_editor_gets_the_file(
    mine: Path, pixi: Callable[..., Answer], tmp_path: Path
) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\necho "$1 = true" > "$2"\n')
    editor.chmod(0o755)

    answer = pixi("config", "edit", f"{editor} offline", "--global")
    gone = pixi("config", "edit", str(tmp_path / "gone"))

    assert answer.code == 0
    assert mine.read_text() == "offline = true\n"
    assert gone.code == 1
    assert "cannot be started" in gone.err
