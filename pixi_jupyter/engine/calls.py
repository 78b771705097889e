"""What an engine knows of a request between its arrival and its answer."""

from __future__ import annotations

import asyncio
import logging
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pixi_jupyter.commands.watch import Trail
from pixi_jupyter.errors import PixiJupyterError

if TYPE_CHECKING:
    from pixi_jupyter.errors import OperationCancelledError
    from pixi_jupyter.events import Event

logger = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Call:
    """A request that is not answered yet."""

    name: str
    face: str = ""
    """The word that begins a command where it was asked; empty for typed requests."""
    task: asyncio.Task[None] | None = None
    started: bool = False
    waits: bool = False
    """Whether it waits for its turn."""
    begun: bool = False
    """Whether it is the operation that runs."""
    cancelled: bool = False
    trail: Trail = field(default_factory=Trail)
    """What its events told."""

    @property
    def counts(self) -> bool:
        """Whether another operation has to wait for it."""
        return self.waits or self.begun

    def start(self) -> None:
        """Begin, on its own task.

        Raises
        ------
        asyncio.CancelledError
            If it was cancelled before.
        """
        self.started = True
        if self.cancelled:
            raise asyncio.CancelledError

    def cancel(self) -> None:
        """Cancel it, once."""
        # a second cancel would hit the undoing of the first
        if not self.cancelled and self.task is not None:
            self.cancelled = True
            # a task that has not begun would end without an answer
            if self.started:
                self.task.cancel()

    @property
    def end(self) -> OperationCancelledError:
        """Say how a cancelled call ended."""
        return self.trail.cancelled(self.name)

    def wire_form(self, error: PixiJupyterError) -> dict[str, object]:
        """Give an error as it is sent: as HTML too, to a face that shows commands."""
        data = error.to_wire()
        if self.face:
            from pixi_jupyter.commands.html import error_html

            data["html"] = error_html(error, self.face)
        return data


def manners_of(event: Event, loop_thread: int) -> dict[str, bool]:
    """Tell how an event is sent: whether it may be dropped, or its thread can wait.

    A program whose output nobody reads has to wait, as it would for a pipe.
    """
    is_progress = event.level == "progress" and event.phase != "task"
    is_on_loop = threading.get_ident() == loop_thread
    return {
        "droppable": is_progress and event.state == "running",
        "patient": event.level == "output" and not is_on_loop,
    }


def unexpected(name: str, error: Exception) -> PixiJupyterError:
    """Make an error of ours of what nobody thought of; its traceback is logged."""
    logger.error("%s failed unexpectedly", name, exc_info=error)
    return PixiJupyterError(
        f"{name} failed unexpectedly: {str(error) or type(error).__name__}",
        details=(type(error).__name__,),
        hints=("this is a mistake of pixi-jupyter, please tell its developers",),
    )
