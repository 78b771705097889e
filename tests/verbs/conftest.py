"""What the tests of verbs share: a command to type, a cache of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.commands import Answer, run_command
from support.pypi_workspace import PypiWorkspace

from pixi_jupyter.platforms import host_subdir

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.registry import MockIndex


@pytest.fixture
def pixi(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Run a command in this process."""
    return lambda *words: run_command(capsys, *words)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a cache that no other test has filled."""
    monkeypatch.setenv("RATTLER_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def pypi_study(
    tmp_path: Path,
    cache: Path,
    mock_index: Callable[[], MockIndex],
    monkeypatch: pytest.MonkeyPatch,
) -> PypiWorkspace:
    """Give a workspace of a stand-in for python, with an index of two packages."""
    del cache
    (tmp_path / "study").mkdir()
    made = PypiWorkspace(tmp_path / "study", mock_index())
    monkeypatch.chdir(made.root)
    made.write('[dependencies]\npython = "*"\n')
    made.publish("spam", requires=["eggs>=1"])
    made.publish("eggs")
    return made


@pytest.fixture
def embedded_study(
    tmp_path: Path,
    embedded_channel: str,
    shared_folder: Path,
    mock_index: Callable[[], MockIndex],
    monkeypatch: pytest.MonkeyPatch,
) -> PypiWorkspace:
    """Give a workspace whose python runs, with an index of two packages."""
    # python is linked from what an earlier test has unpacked
    monkeypatch.setenv("RATTLER_CACHE_DIR", str(shared_folder / "pypi-verbs-cache"))
    (tmp_path / "study").mkdir()
    made = PypiWorkspace(tmp_path / "study", mock_index())
    monkeypatch.chdir(made.root)
    made.manifest.write_text(
        f'[workspace]\nname = "mine"\nchannels = ["{embedded_channel}"]\n'
        f'platforms = ["{host_subdir()}"]\n\n'
        f'[pypi-options]\nindex-url = "{made.index.simple_url}"\n\n'
        '[dependencies]\npython = "*"\npackaging = "*"\n'
    )
    made.publish("spam", requires=["eggs>=1"])
    made.publish("eggs")
    return made
