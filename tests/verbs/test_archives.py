"""A dependency on a package's file: what is locked of it is checked and installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.packages import make_channel

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.commands import Answer

    Pixi = Callable[..., Answer]

MANIFEST = """\
[workspace]
name = "study"
channels = ["{channel}"]
platforms = ["linux-64"]

[dependencies]
tool = {tool}
"""


@pytest.fixture
def ask(
    tmp_path: Path,
    make_workspace: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    cache: Path,
    pixi: Pixi,
) -> Callable[[str], str]:
    """Ask for a file, in a workspace whose lock has version 1.0 of `tool`."""
    del cache
    tool = {"name": "tool", "depends": ["base"]}
    channel = make_channel(tmp_path / "channel", [tool, {"name": "base"}])
    folder = make_workspace(MANIFEST.format(channel=channel, tool='"*"'), "study")
    monkeypatch.chdir(folder)
    assert pixi("lock").code == 0

    def write(tool: str) -> str:
        place = f"{channel.rstrip('/')}/noarch"
        text = MANIFEST.format(channel=channel, tool=tool.replace("PLACE", place))
        (folder / "pixi.toml").write_text(text)
        return place

    return write


def test_a_lock_that_has_the_file_fits_and_is_installed(
    ask: Callable[[str], str], pixi: Pixi, tmp_path: Path
) -> None:
    ask('{ url = "PLACE/tool-1.0-0.conda" }')

    assert pixi("lock", "--check").code == 0
    assert pixi("install", "--locked").code == 0

    share = tmp_path / "study" / ".pixi" / "envs" / "default" / "share"
    assert {path.name for path in share.iterdir()} == {"tool.txt", "base.txt"}


@pytest.mark.parametrize(
    ("tool", "reason"),
    [
        ('{ url = "PLACE/tool-2.0-0.conda" }', "is locked from"),
        ('{ path = "tool-1.0-0.conda" }', "asks for tool-1.0-0.conda"),
        (
            f'{{ url = "PLACE/tool-1.0-0.conda", sha256 = "{"0" * 64}" }}',
            "the sha256 of tool is not the one in the lock",
        ),
    ],
    ids=["url", "path", "hash"],
)
def test_another_file_makes_the_lock_out_of_date_and_cannot_be_solved(
    ask: Callable[[str], str], pixi: Pixi, tool: str, reason: str
) -> None:
    ask(tool)

    checked = pixi("lock", "--check")
    solved = pixi("lock")

    assert reason in checked.out + checked.err
    assert checked.code == solved.code == 1
    assert "taking tool from a file is not supported yet" in solved.err
