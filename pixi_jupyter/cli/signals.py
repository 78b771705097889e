"""Ctrl-C, SIGTERM and SIGHUP: the first one cancels, and waits until all is whole again."""

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

CANCELLED = 130
"""Exit code after SIGINT, as a shell gives it."""

_SHELL_BASE = 128

_ENOUGH = 3
"""So many signals end the process at once; a parent that passes on a Ctrl-C which
the terminal has sent already makes two of one."""


class Stop:
    """Runs a verb that signals can cancel, and knows which one did."""

    def __init__(self) -> None:
        self.exit_code = CANCELLED
        """What a cancelled command ends with."""
        self._count = 0
        self._number: int | None = None

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
        names = ("SIGINT", "SIGTERM", "SIGHUP")
        for number in (getattr(signal, each, None) for each in names):
            if number is None or signal.getsignal(number) == signal.SIG_IGN:
                continue  # Windows, or `nohup`
            try:
                loop.add_signal_handler(number, self._take, number, task, operation)
            except (NotImplementedError, RuntimeError):  # Windows, or another thread
                break
        try:
            return await task
        except asyncio.CancelledError:
            raise trail.cancelled(name) from None

    def end_like(self, exit_code: int) -> None:
        """End by the signal that ended what ran, if one did; else return.

        A shell goes on with its loop after a program that ended by itself.
        """
        number = exit_code - _SHELL_BASE
        is_ours = number == self._number or (
            self._number is None and number == signal.SIGINT and sys.stdin.isatty()
        )
        if os.name == "posix" and is_ours:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)

    def _take(
        self, number: int, task: asyncio.Future[Any], operation: Operation
    ) -> None:
        self._count += 1
        if self._count == 1:
            self._number, self.exit_code = number, _SHELL_BASE + number
            # once only: another cancel would hit the undoing of the first
            task.cancel(number)
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
