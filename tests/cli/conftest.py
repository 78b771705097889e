"""The command as a person runs it, on a tiny channel."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support.commands import Answer
from support.packages import make_channel
from support.running import PIXI, TASKS

from pixi_jupyter.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PACKAGES: list[dict[str, Any]] = [
    {"name": "base", "version": "1.0"},
    {"name": "base", "version": "1.5"},
    {"name": "base", "version": "2.0"},
    {"name": "app", "version": "1.0", "depends": ["base <2"]},
    {"name": "app", "version": "2.0", "depends": ["base"]},
    {"name": "old-tool", "version": "0.3", "depends": ["base <1.2"]},
    {"name": "needs-new", "version": "1.0", "depends": ["base >=2"]},
    {"name": "far-future", "version": "1.0", "depends": ["__glibc >=99"]},
    {
        "name": "hello",
        "version": "1.2.3",
        "files": {"bin/hello": "#!/bin/sh\necho hello from $CONDA_PREFIX\nexit 3\n"},
        "executable": ["bin/hello"],
    },
]

MANIFEST = """\
# what we need
[workspace]
name = "study"
channels = ["{channel}"]
platforms = ["linux-64", "osx-arm64", "win-64"]

[dependencies]
base = "*"  # the ground

[feature.test.dependencies]
app = ">=1"

[environments]
test = ["test"]
"""


@pytest.fixture(scope="session")
def tiny_channel(tmp_path_factory: pytest.TempPathFactory) -> str:
    return make_channel(tmp_path_factory.mktemp("tiny-channel"), PACKAGES)


@pytest.fixture
def study(
    make_workspace: Callable[..., Path],
    tiny_channel: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """Stand in a workspace of two environments and three platforms."""
    folder = make_workspace(MANIFEST.format(channel=tiny_channel), "study")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def pixi(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Run a command in this process."""

    def run(*words: str) -> Answer:
        capsys.readouterr()
        code = main(words)
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return run


@pytest.fixture
def process() -> Callable[..., Answer]:
    """Run a command in a process of its own."""

    def run(*words: str, **environ: str) -> Answer:
        done = subprocess.run(
            [sys.executable, "-m", "pixi_jupyter", *words],
            capture_output=True,
            text=True,
            env={**os.environ, **environ},
            check=False,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def tasks(study: Path) -> Path:
    text = Path("pixi.toml").read_text().replace('"osx-arm64", "win-64"', "")
    more = TASKS.format(python=sys.executable)
    Path("pixi.toml").write_text(text + more)
    Path("sub").mkdir()
    return study


@pytest.fixture
def started(tasks: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start a command and do not wait."""
    made: list[subprocess.Popen[bytes]] = []

    def start(*words: str) -> subprocess.Popen[bytes]:
        pipe = subprocess.PIPE
        made.append(subprocess.Popen([*PIXI, *words], stdout=pipe, stderr=pipe))
        return made[-1]

    yield start
    for each in made:
        each.kill()
        each.communicate()
