"""A small workspace for commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.study import make_study

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return make_study(tmp_path)
