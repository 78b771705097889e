"""A workspace whose channel is served over HTTP, and the command in it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from support.commands import Answer

if TYPE_CHECKING:
    from pathlib import Path

    from support.registry import MockChannel

MANIFEST = """\
# what we need
[workspace]
name = "served"
channels = ["{channel}"]
platforms = ["linux-64"]

[dependencies]
{dependencies}
"""


@dataclass
class Served:
    """Folder, home, cache and channel of one test."""

    folder: Path
    channel: MockChannel
    environ: dict[str, str] = field(default_factory=dict)
    """Variables on top of this process's."""

    @property
    def root(self) -> Path:
        """The workspace."""
        return self.folder / "workspace"

    @property
    def home(self) -> Path:
        """The person's home."""
        return self.folder / "home"

    @property
    def cache(self) -> Path:
        """Where repodata and packages are cached."""
        return self.folder / "cache"

    @property
    def prefix(self) -> Path:
        """The default environment."""
        return self.root / ".pixi" / "envs" / "default"

    def write(self, *dependencies: str, channel: str = "") -> None:
        """Write the manifest."""
        lines = "\n".join(f'{name} = "*"' for name in dependencies)
        self.root.mkdir(exist_ok=True)
        self.home.mkdir(exist_ok=True)
        text = MANIFEST.format(channel=channel or self.channel.url, dependencies=lines)
        (self.root / "pixi.toml").write_text(text, encoding="utf-8")

    def start(self, *words: str, **environ: str) -> subprocess.Popen[str]:
        """Start a command in a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "pixi_jupyter", *words],
            cwd=self.root,
            env={
                **os.environ,
                "HOME": str(self.home),
                "RATTLER_CACHE_DIR": str(self.cache),
                "PIXI_JUPYTER_HTTP_RETRIES": "0",
                **self.environ,
                **environ,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str, **environ: str) -> Answer:
        """Run a command to its end."""
        process = self.start(*words, **environ)
        out, err = process.communicate(timeout=60)
        return Answer(process.returncode, out, err)

    def good(self, *words: str, **environ: str) -> Answer:
        """Run a command that has to succeed."""
        answer = self.run(*words, **environ)
        assert answer.code == 0, answer.err
        return answer

    def disk(self) -> dict[str, bytes]:
        """Give what a person would miss: manifest, lock, and the whole prefix."""
        found = [self.root / "pixi.toml", self.root / "pixi.lock"]
        found += sorted(self.prefix.rglob("*"))
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in found
            if path.is_file() and "fingerprint" not in path.name
        }

    def files_with(self, text: str) -> list[str]:
        """List the files of workspace, home and cache that hold a text."""
        return [
            path.relative_to(self.folder).as_posix()
            for top in (self.root, self.home, self.cache)
            for path in sorted(top.rglob("*"))
            if path.is_file() and text.encode() in path.read_bytes()
        ]
