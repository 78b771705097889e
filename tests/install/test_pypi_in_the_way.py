"""Files of wheels are nobody's obstacles, and nobody's to rescue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.pypi import Pypi
from support.pypi_prefix import PypiPrefix

from pixi_jupyter.install.pypi_dists import pypi_files
from pixi_jupyter.install.rescue import rescue

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.registry import MockIndex


@pytest.fixture
def prefix(mock_index: Callable[[], MockIndex], tmp_path: Path) -> PypiPrefix:
    return PypiPrefix(Pypi(mock_index(), tmp_path)).make()


def test_files_of_wheels_are_not_taken_for_the_user_s(
    prefix: PypiPrefix, tmp_path: Path
) -> None:
    prefix.add_dist("ours", installer="uv-pixi", files=["ours.py"])
    prefix.add_dist("theirs", installer="pip", files=["theirs.py"])
    (prefix.site / "mine.py").write_text("1\n")

    moved = rescue(prefix.path, tmp_path / "rescued")

    names = {path.rpartition("/")[2] for path in moved}
    assert {"mine.py", "theirs.py"} <= names
    assert "ours.py" not in names
    assert (prefix.site / "ours.py").exists()


def test_the_files_of_what_uv_and_we_installed_are_listed(prefix: PypiPrefix) -> None:
    prefix.add_dist("ours", installer="uv-pixi", files=["ours.py"])
    prefix.add_dist("unsigned", installer="uv", files=["unsigned.py"])
    prefix.add_dist("theirs", installer="pip", files=["theirs.py"])

    found = {path.rpartition("/")[2] for path in pypi_files(prefix.path)}

    assert {"ours.py", "unsigned.py"} <= found
    assert "theirs.py" not in found
