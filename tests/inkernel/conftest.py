"""Clients of the scripted engine."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest
from support import scripted_engine

from pixi_jupyter.inkernel.client import Client

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def clients() -> Iterator[Callable[..., Client]]:
    """Make clients whose engines end with the test."""
    made: list[Client] = []

    def make(*arguments: str, host: str = sys.executable, **options: Any) -> Client:
        command = (str(scripted_engine.__file__), *arguments)
        made.append(Client(host, command, **options))
        return made[-1]

    yield make
    for client in made:
        client.kill()
        client.close()


@pytest.fixture
def client(clients: Callable[..., Client]) -> Client:
    return clients()
