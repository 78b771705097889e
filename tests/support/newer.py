"""A workspace that was locked before its channel got newer versions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from support.packages import make_channel

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST = """\
[workspace]
name = "study"
channels = ["{channel}"]
platforms = ["linux-64", "osx-arm64"]

# what we need
[dependencies]
app = '>=1.0,<2'  # the one that counts

[feature.test.dependencies]
tool = ">=1"

[environments]
test = ["test"]
"""
OLD: list[dict[str, Any]] = [
    {"name": "base", "version": "1.0"},
    {"name": "app", "version": "1.0", "depends": ["base"]},
    {"name": "tool", "version": "1.0", "depends": ["base"]},
]
NEW: list[dict[str, Any]] = [
    {"name": "base", "version": "1.5"},
    {"name": "app", "version": "1.1", "depends": ["base"]},
    {"name": "app", "version": "2.0", "depends": ["base"]},
    {"name": "tool", "version": "2.0", "depends": ["base"]},
]


def make_old(folder: Path, manifest: str = MANIFEST) -> Path:
    """Write a channel of old packages and a workspace; give the workspace's folder."""
    channel = make_channel(folder / "channel", OLD)
    root = folder / "study"
    root.mkdir()
    text = manifest.replace("{channel}", channel)
    (root / "pixi.toml").write_text(text, encoding="utf-8")
    return root


def publish(folder: Path) -> None:
    """Add the new packages to the channel."""
    make_channel(folder / "channel", NEW)


def locked(root: Path) -> dict[tuple[str, str], dict[str, str]]:
    """Give what is locked: version by name, by environment and platform."""
    from pixi_jupyter.lock.file import read_lock

    return {
        (name, platform): {package.name: package.version for package in row}
        for name, environment in read_lock(root / "pixi.lock").environments.items()
        for platform, row in environment.packages.items()
    }


def shown(text: str) -> list[str]:
    """Give lines without sizes and times, which are not always the same."""
    return re.sub(r"  +\d+ B| in [\d.]+ s$", "", text, flags=re.MULTILINE).splitlines()


def contents(root: Path) -> dict[str, bytes | None]:
    """Give every file of a workspace, so that nothing can change unseen."""
    return {
        str(path.relative_to(root)): path.read_bytes() if path.is_file() else None
        for path in sorted(root.rglob("*"))
        # what is going on is noted there, also of a dry run
        if "operations" not in path.parts
    }
