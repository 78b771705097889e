"""Clients of the scripted engine."""

from __future__ import annotations

import atexit
import sys
from typing import TYPE_CHECKING, Any

import pytest
from support import scripted_engine

from pixi_jupyter.inkernel.client import Client

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


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


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Make a shell that writes no history."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    InteractiveShell.clear_instance()
    kind: Any = InteractiveShell
    made = kind.instance(config=Config({"HistoryManager": {"enabled": False}}))
    yield made
    made.atexit_operations()
    atexit.unregister(made.atexit_operations)
    InteractiveShell.clear_instance()
