"""A workspace that takes packages from a channel and from an index."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pixi_jupyter.install.prefix import python_of
from pixi_jupyter.platforms import host_subdir
from support.packages import make_channel
from support.registry import make_wheel

if TYPE_CHECKING:
    from pathlib import Path

    from support.registry import MockIndex

PYTHON = "3.11.7"
OTHER = "osx-arm64" if host_subdir() != "osx-arm64" else "linux-64"


@dataclass
class PypiWorkspace:
    """A folder with a manifest, a channel of tiny packages and an index."""

    root: Path
    index: MockIndex

    @property
    def manifest(self) -> Path:
        """The manifest."""
        return self.root / "pixi.toml"

    @property
    def lock(self) -> str:
        """The lock's text."""
        return (self.root / "pixi.lock").read_text()

    @property
    def prefix(self) -> Path:
        """Of the default environment."""
        return self.root / ".pixi" / "envs" / "default"

    def publish(self, name: str, version: str = "1.0", **more: Any) -> Path:
        """Put a wheel into the index."""
        path = make_wheel(self.root.parent / "wheels", name, version, **more)
        self.index.add(path)
        return path

    def write(self, text: str) -> None:
        """Write the manifest; its head, with channel and index, is ours."""
        self.manifest.write_text(self.head() + text)

    def head(self) -> str:
        """Give what every manifest here begins with."""
        channel = make_channel(self.root.parent / "channel", stand_ins())
        return (
            f'[workspace]\nname = "mine"\nchannels = ["{channel}"]\n'
            f'platforms = ["{host_subdir()}", "{OTHER}"]\n\n'
            f'[pypi-options]\nindex-url = "{self.index.simple_url}"\n\n'
        )

    def add(self, text: str) -> None:
        """Append to the manifest."""
        self.manifest.write_text(self.manifest.read_text() + text)

    def run(self, code: str) -> str:
        """Run some Python of the environment; give what it prints."""
        done = subprocess.run(
            [python_of(self.prefix), "-c", code],
            capture_output=True,
            text=True,
            check=True,
        )
        return str(done.stdout).strip()


def stand_ins() -> list[dict[str, Any]]:
    """Give packages that look like a python, and one that is on PyPI too."""
    return [
        {"name": "python", "version": PYTHON, "build": "0_cpython"},
        {"name": "ham", "version": "1.0", "depends": ["python"]},
        {"name": "ham", "version": "2.0", "depends": ["python"]},
        {"name": "tool", "version": "1.0", "depends": ["python"]},
    ]
