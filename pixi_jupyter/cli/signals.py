"""Ctrl-C and SIGTERM: the first one cancels, and waits until all is whole again."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING, Any

from pixi_jupyter.commands.watch import Trail
from pixi_jupyter.events import Operation

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable

    from pixi_jupyter.events import Event, Report

CANCELLED, TERMINATED = 130, 143
"""Exit codes after SIGINT and SIGTERM, as a shell gives them."""

_ENOUGH = 3
"""So many signals end the process at once; a parent that passes on a Ctrl-C which
the terminal has sent already makes two of one."""


class Stop:
    """Runs a verb that signals can cancel, and knows which one did."""

    def __init__(self) -> None:
        self.exit_code = CANCELLED
        """What a cancelled command ends with."""
        self._count = 0

    async def run(
        self,
        verb: Callable[[Any, Operation], Awaitable[Any]],
        request: Any,  # noqa: ANN401  any verb's
        report: Report,
        *,
        name: str,
    ) -> Any:  # noqa: ANN401  any verb's
        """Run a verb.

        Raises
        ------
        OperationCancelledError
            If it was cancelled; its text says what is on disk now.
        """
        import asyncio

        trail = Trail()

        def hear(event: Event) -> None:
            trail.note(event)
            report(event)

        operation = Operation(hear)
        task = asyncio.ensure_future(verb(request, operation))
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            try:
                loop.add_signal_handler(number, self._take, number, task, operation)
            except (NotImplementedError, RuntimeError):  # Windows, or another thread
                break
        try:
            return await task
        except asyncio.CancelledError:
            raise trail.cancelled(name) from None

    def _take(
        self, number: int, task: asyncio.Future[Any], operation: Operation
    ) -> None:
        self._count += 1
        if self._count == 1:
            self.exit_code = TERMINATED if number == signal.SIGTERM else CANCELLED
            # once only: another cancel would hit the undoing of the first
            task.cancel()
        elif self._count < _ENOUGH:
            operation.tell(
                "Cancelling: waits until the workspace is whole again; "
                "once more ends it at once"
            )
        else:
            sys.stderr.write(
                "error: ended at once; `pixi-jupyter install` mends what is half done\n"
            )
            sys.stderr.flush()
            os._exit(self.exit_code)
