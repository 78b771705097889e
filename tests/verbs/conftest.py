"""What the tests of verbs share: a command to type, a cache of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.commands import Answer, run_command

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def pixi(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Run a command in this process."""
    return lambda *words: run_command(capsys, *words)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a cache that no other test has filled."""
    monkeypatch.setenv("RATTLER_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"
