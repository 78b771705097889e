"""One verb in a process of its own, which may end itself half way.

Started by `support.kills`. Prints what it did as JSON: how many events there were,
and how many renames of files.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from typing import TYPE_CHECKING, Any

from pixi_jupyter.commands.registry import load
from pixi_jupyter.events import Operation

if TYPE_CHECKING:
    from pixi_jupyter.events import Event


class Fuse:
    """Counts, and kills the process at one count."""

    def __init__(self, kill_at: int) -> None:
        self.count, self.kill_at = 0, kill_at

    def burn(self) -> None:
        self.count += 1
        if self.count == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    """Do what the order on the command line says."""
    order = json.loads(sys.argv[1])
    events, renames = Fuse(order.get("event", 0)), Fuse(order.get("rename", 0))

    def audit(name: str, arguments: tuple[Any, ...]) -> None:
        # operations are told of by a thread of their own, at no fixed moment
        if name == "os.rename" and "operations" not in str(arguments[0]):
            renames.burn()

    def report(event: Event) -> None:
        del event
        events.burn()

    function, request_class = load(order["verb"])
    request = request_class.from_wire(order["request"])
    sys.addaudithook(audit)

    async def run() -> None:
        await function(request, Operation(report))

    asyncio.run(run())
    counts = {"events": events.count, "renames": renames.count}
    sys.stdout.write(json.dumps(counts))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
