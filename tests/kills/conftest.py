"""One workspace for all kills: each test puts it back into the state it needs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from support.kills import Victim

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def victim(home: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Victim]:
    """Give a workspace with its own cache."""
    folder = tmp_path_factory.mktemp("kills")
    before = os.environ["RATTLER_CACHE_DIR"]
    os.environ["RATTLER_CACHE_DIR"] = str(folder / "cache")
    yield Victim(folder)
    os.environ["RATTLER_CACHE_DIR"] = before
