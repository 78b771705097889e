"""Flags that hold for every command: settings for once, and things left as they are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from support.registry import Bearer
from support.served import Served

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.registry import MockChannel


@pytest.fixture
def served(tmp_path: Path, mock_channel: Callable[..., MockChannel]) -> Served:
    tool = {"bin/tool": "#!/bin/sh\necho a tool\n"}
    channel = mock_channel(
        {"name": "app", "files": tool, "executable": ["bin/tool"]},
        {"name": "more", "version": "1.2.3"},
    )
    served = Served(tmp_path, channel)
    served.write("app")
    return served


def test_a_file_of_credentials_can_be_named_for_once(served: Served) -> None:
    served.channel.credentials = Bearer("opens")
    (served.root / "auth.json").write_text('{"127.0.0.1": {"BearerToken": "opens"}}')

    without = served.run("lock")
    served.good("lock", "--auth-file", "auth.json")

    assert without.code == 1
    assert "asks for credentials" in without.err


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ((), 'more = ">=1.2.3,<1.3"'),
        (("--pinning-strategy", "exact-version"), 'more = "==1.2.3"'),
        (("--no-config",), 'more = ">=1.2.3,<2"'),
        (("--config-file", "once.toml"), 'more = "*"'),
    ],
    ids=["user", "flag", "no-config", "config-file"],
)
def test_what_is_written_follows_the_settings_of_this_once(
    served: Served, words: tuple[str, ...], written: str
) -> None:
    mine = served.home / ".pixi" / "config.toml"
    mine.parent.mkdir()
    mine.write_text('pinning-strategy = "minor"\n')
    (served.root / "once.toml").write_text('pinning-strategy = "no-pin"\n')

    served.good("add", "more", "--no-install", *words)

    assert written in (served.root / "pixi.toml").read_text()


def test_a_file_of_settings_that_is_not_there_is_a_mistake(served: Served) -> None:
    answer = served.run("lock", "--config-file", "gone.toml")

    assert answer.code == 2
    assert "gone.toml" in answer.err
    assert not (served.root / "pixi.lock").exists()


@pytest.mark.parametrize("flag", ["--as-is", "--no-install"])
def test_run_takes_a_prefix_as_it_is(served: Served, flag: str) -> None:
    missing = served.run("run", flag, "tool")
    served.good("install")
    served.write("app", "more")
    lock = (served.root / "pixi.lock").read_bytes()
    served.channel.log.clear()

    ran = served.good("run", flag, "tool")

    assert missing.code == 1
    assert ran.out == "a tool\n"
    assert served.channel.log == []
    assert (served.root / "pixi.lock").read_bytes() == lock


def test_as_is_an_addition_touches_the_manifest_alone(served: Served) -> None:
    served.good("lock")
    lock = (served.root / "pixi.lock").read_bytes()

    served.good("add", "more", "--as-is")
    listed = served.good("list", "--as-is", "--json")

    assert (served.root / "pixi.lock").read_bytes() == lock
    assert "more" in (served.root / "pixi.toml").read_text()
    assert [each["name"] for each in json.loads(listed.out)] == ["app"]


@pytest.mark.parametrize(
    "words",
    [
        ("lock", "--no-such-flag"),
        ("install", "--as-is"),
        ("add", "x", "--concurrent-downloads", "0"),
        ("add", "x", "--pinning-strategy", "newest"),
    ],
)
def test_flags_that_mean_nothing_are_refused(
    served: Served, words: tuple[str, ...]
) -> None:
    answer = served.run(*words)

    assert answer.code == 2
    assert "--" in answer.err
