"""One install in a process of its own, which may kill itself half way.

Started by `support.installs`; prints the outcome as JSON.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rattler import InstallerReporter

from pixi_jupyter.adapters.rattler import Session
from support.installs import Install

if TYPE_CHECKING:
    from collections.abc import Callable

CALLBACKS = [name for name in dir(InstallerReporter) if name.startswith("on_")]


class Fuse:
    """Counts the callbacks of py-rattler, and ends the process at one of them."""

    def __init__(self, inner: object, left: int) -> None:
        self.inner, self.left = inner, left

    def burn(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def _callback(name: str) -> Callable[..., Any]:
    def receive(self: Fuse, *arguments: Any) -> Any:
        self.burn()
        inner = getattr(self.inner, name, None)
        return inner(*arguments) if inner else 0

    return receive


for _name in CALLBACKS:
    setattr(Fuse, _name, _callback(_name))


class FusedSession(Session):
    """A session whose installs of one kind go through a fuse."""

    during = ""
    kill_at = 0
    prefix = Path()

    async def install(self, records: Any, prefix: Path, **options: Any) -> None:
        kind = "link" if prefix == self.prefix else "fetch"
        if f".{self.prefix.name}.new-" in prefix.name:
            kind = "stage"
        if kind == self.during:
            options["reporter"] = Fuse(options["reporter"], self.kill_at)
        await super().install(records, prefix, **options)


class FusedInstall(Install):
    """An install with such a session."""

    order: dict[str, Any]

    @property
    def session(self) -> Session:
        session = FusedSession(self.cache)
        session.during, session.kill_at = self.order["during"], self.order["kill_at"]
        session.prefix = self.prefix
        return session


def main() -> None:
    """Do what the order on the command line says."""
    order = json.loads(sys.argv[1])
    install = FusedInstall(Path(order["folder"]), order["channel"])
    install.order = order
    outcome = asyncio.run(install.install(*order["specs"]))
    sys.stdout.write(json.dumps(dataclasses.asdict(outcome)))
    sys.stdout.flush()
    os._exit(0)


main()
