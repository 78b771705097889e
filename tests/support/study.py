"""A workspace of two environments on a channel of four tiny packages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from support.packages import make_channel

if TYPE_CHECKING:
    from pathlib import Path

PACKAGES: list[dict[str, Any]] = [
    {"name": "base", "version": "1.0"},
    {"name": "base", "version": "2.0"},
    {"name": "app", "version": "1.0", "depends": ["base"]},
    {"name": "extra", "version": "0.1"},
    {
        "name": "hello",
        "version": "1.2",
        "files": {"bin/hello": "#!/bin/sh\necho hello\n"},
        "executable": ["bin/hello"],
    },
]

MANIFEST = """\
[workspace]
name = "study"
channels = ["{channel}"]
platforms = ["linux-64", "osx-arm64", "win-64"]

[dependencies]
base = "<2"

[feature.test.dependencies]
hello = "*"

[environments]
test = ["test"]
"""


def make_study(folder: Path) -> Path:
    """Write the channel and the workspace below a folder; give the workspace's."""
    channel = make_channel(folder / "channel", PACKAGES)
    root = folder / "study"
    root.mkdir()
    (root / "pixi.toml").write_text(MANIFEST.format(channel=channel), encoding="utf-8")
    return root
