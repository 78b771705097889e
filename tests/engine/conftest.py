"""Engines as real processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support import scripted_engine
from support.engine_caller import Caller

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def engine() -> Iterator[Callable[..., Caller]]:
    """Start an engine, the scripted one unless arguments say otherwise."""
    callers: list[Caller] = []

    def start(*arguments: str) -> Caller:
        callers.append(Caller(*(arguments or (str(scripted_engine.__file__),))))
        return callers[-1]

    yield start
    for caller in callers:
        caller.end()
