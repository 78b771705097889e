"""A cancel waits for no download, whatever has to be put back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from support.installs import ROOT, files_of
from support.kills import run_verb
from support.registry import Slow

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.registry import MockChannel

MANIFEST = """\
[workspace]
name = "slow"
channels = ["{url}"]
platforms = ["linux-64"]

[dependencies]
base = "*"
"""


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
@pytest.mark.parametrize("slow", ["*repodata*", "*app-*.conda"])
def test_a_cancelled_add_ends_while_something_still_comes(
    mock_channel: Callable[..., MockChannel],
    make_workspace: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    slow: str,
    name: str,
    code: int,
) -> None:
    monkeypatch.setenv("RATTLER_CACHE_DIR", str(tmp_path / "cache"))
    channel = mock_channel({"name": "base"}, {"name": "app", "depends": ["base"]})
    channel.forms = {"plain"}
    root = make_workspace(MANIFEST.format(url=channel.url), "slow")
    run_verb("install", manifest=str(root))
    before = (root / "pixi.toml").read_bytes(), (root / "pixi.lock").read_bytes()
    files = files_of(root / ".pixi/envs/default")
    hang = channel.faults.put(slow, Slow())
    with subprocess.Popen(
        [sys.executable, "-m", "pixi_jupyter", "add", "app"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        try:
            assert hang.reached.wait(30)
            child.send_signal(getattr(signal, name))
            _, errors = child.communicate(timeout=20)
        finally:
            hang.release()
            child.kill()

    assert child.returncode == code
    assert "add was cancelled, nothing was changed" in errors
    now = (root / "pixi.toml").read_bytes(), (root / "pixi.lock").read_bytes()
    assert now == before
    assert files_of(root / ".pixi/envs/default") == files
