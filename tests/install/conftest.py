"""What the tests of this room share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from support.installs import Install, Publish
from support.packages import make_channel

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def install(tmp_path: Path) -> Install:
    """Give a prefix that is not there yet, with an empty cache."""
    return Install(tmp_path)


@pytest.fixture
def publish(tmp_path: Path, install: Install) -> Publish:
    """Give a function that puts packages into the channel of `install`."""

    def put(*packages: dict[str, Any]) -> str:
        install.channel = make_channel(tmp_path / "channel", packages)
        return install.channel

    return put
