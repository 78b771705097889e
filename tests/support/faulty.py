"""A workspace and its channel for tests of faults, and what is on disk there."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from support.commands import Answer, run_command
from support.packages import make_channel

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pytest


@dataclass
class Place:
    """One workspace, one channel, one cache."""

    root: Path
    channel: Path
    cache: Path
    terminal: pytest.CaptureFixture[str] | None = None
    """Given, commands run in this process, which must be in the folder by then."""

    @property
    def prefix(self) -> Path:
        """Where its only environment is."""
        return self.root / ".pixi" / "envs" / "default"

    @property
    def environ(self) -> dict[str, str]:
        """What sets the cache."""
        return {"RATTLER_CACHE_DIR": str(self.cache)}

    def publish(self, *packages: Mapping[str, Any]) -> str:
        """Put packages into the channel."""
        return make_channel(self.channel, packages)

    def depend(self, **specs: str) -> str:
        """Write the manifest; gives its text."""
        self.root.mkdir(parents=True, exist_ok=True)
        needs = "".join(f'{name} = "{spec}"\n' for name, spec in specs.items())
        text = (
            f'[workspace]\nname = "faulty"\nchannels = ["{self.channel.as_uri()}"]\n'
            f'platforms = ["linux-64"]\n\n[dependencies]\n{needs}'
        )
        (self.root / "pixi.toml").write_text(text, encoding="utf-8")
        return text

    def __call__(self, *words: str, **environ: str) -> Answer:
        """Run a command in the workspace's folder."""
        if self.terminal and not environ:
            return run_command(self.terminal, *words)
        return self.process(*words, **environ)

    def process(self, *words: str, **environ: str) -> Answer:
        """Run a command in a process of its own, as one that fails to link must be."""
        done = subprocess.run(
            [sys.executable, "-m", "pixi_jupyter", *words],
            cwd=self.root,
            env={**os.environ, **self.environ, **environ},
            capture_output=True,
            text=True,
            check=False,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    def read(self, path: str) -> str:
        """Give the text of a file of the prefix."""
        return (self.prefix / path).read_text(encoding="utf-8")

    def write(self, path: str, text: str) -> Path:
        """Put a file of the user into the prefix."""
        found = self.prefix / path
        found.parent.mkdir(parents=True, exist_ok=True)
        found.write_text(text, encoding="utf-8")
        return found

    def files(self) -> dict[str, bytes]:
        """Give the content of all files of the prefix, its state included."""
        return {
            str(path.relative_to(self.prefix)): path.read_bytes()
            for path in sorted(self.prefix.rglob("*"))
            if path.is_file()
        }
