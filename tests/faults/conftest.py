"""What the tests of faults share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.served import Served

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.registry import MockChannel


@pytest.fixture
def served(tmp_path: Path, mock_channel: Callable[..., MockChannel]) -> Served:
    """Give a workspace that asks for ``app``, which needs ``base``."""
    channel = mock_channel(
        {"name": "app", "depends": ["base"]},
        {"name": "base"},
        {"name": "more", "depends": ["base"]},
    )
    served = Served(tmp_path, channel)
    served.write("app")
    return served
