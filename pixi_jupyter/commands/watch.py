"""What every verb has around it, whichever face runs it: it is seen by all.

The one place where this hooks in is `registry.load`, because it is the only door by
which a face comes to a verb. The lock of the workspace would be too late and too
short (an install of what is locked never takes it), and each face for itself would
be one too many to forget.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import OperationCancelledError, PixiJupyterError
from pixi_jupyter.events import Operation
from pixi_jupyter.verbs.request import words_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path
    from typing import TypeAlias

    from pixi_jupyter.events import Event
    from pixi_jupyter.workspace.operations import OperationState
    from pixi_jupyter.workspace.recorder import Recorder

    Verb: TypeAlias = Callable[[Any, Operation], Awaitable[Any]]

_UNDONE = frozenset(("add", "remove", "update", "upgrade", "workspace"))
"""Verbs that put back what they had done when they are cancelled."""

_SILENT = frozenset(("", "read", "search"))
"""Phases that a look at a workspace has: nobody wants to know of those."""

_TOUCHING = frozenset(("link", "unlink"))


class Trail:
    """What the events of an operation tell about the state that it leaves."""

    def __init__(self) -> None:
        self.phases: set[str] = set()
        """Those that were begun and have not ended."""
        self._ended: set[str] = set()

    def note(self, event: Event) -> None:
        """Learn from an event; called from any thread."""
        if event.level != "progress" or event.phase == "waiting":
            return
        if event.state == "running":
            self.phases.add(event.phase)
        else:
            self.phases.discard(event.phase)
            self._ended.add(event.phase)

    def cancelled(self, name: str) -> OperationCancelledError:
        """Say what a cancelled operation left behind.

        Parameters
        ----------
        name
            How it is known, beginning with its verb.

        Notes
        -----
        A first install that is cancelled leaves the phase open and nothing on disk;
        a change that had begun to link was carried to its end.
        """
        if "task" in self._ended:
            return OperationCancelledError(name, state="what ran of it has ended")
        verb = name.split(maxsplit=1)[0] if name.split() else ""
        if verb in _UNDONE or not self._ended & {*_TOUCHING, "solve"}:
            return OperationCancelledError(name)
        if self._ended & _TOUCHING:
            state = "what it had begun to link is linked"
        else:
            state = "the lock file is up to date, nothing was installed"
        return OperationCancelledError(name, state=state)


class _Watch:
    """One run of a verb; what it costs begins with the first event worth a file."""

    def __init__(self, name: str, request: Any, operation: Operation) -> None:  # noqa: ANN401  any verb's
        self._name, self._request = name, request
        self._operation, self._began = operation, time.monotonic()
        self._lock = threading.Lock()
        self._recorder: Recorder | None = None
        self.trail = Trail()

    @property
    def operation(self) -> Operation:
        """What the verb is given to speak with."""
        given = self._operation
        return Operation(self._report, parent=given.parent, id=given.id)

    def _report(self, event: Event) -> None:
        self.trail.note(event)
        if self._recorder is None and event.level == "progress":
            self._begin(event)
        if self._recorder is not None:
            self._recorder.hear(event)
        self._operation.report(event)

    def _begin(self, event: Event) -> None:
        if event.phase in _SILENT:
            return
        from pixi_jupyter.workspace.recorder import Recorder

        with self._lock:
            self._recorder = self._recorder or Recorder(
                self._operation.id,
                verb=self._name,
                what=self.what,
                find_root=lambda: _root(self._request),
                began=self._began,
            )

    @property
    def what(self) -> str:
        """The verb and what it works on."""
        return words_of(self._name, self._request)

    def end(self, state: OperationState, error: str | None = None) -> None:
        """Write the last word, if there was a first one."""
        if self._recorder is not None:
            self._recorder.end(state, error)


def watched(name: str, verb: Verb) -> Verb:
    """Give a verb that keeps a record in its workspace while it works.

    Parameters
    ----------
    name
        As `registry.VERBS` has it.
    verb
        Its function.
    """

    async def run(request: Any, operation: Operation) -> Any:  # noqa: ANN401  any verb's
        if not hasattr(request, "manifest"):  # not about a workspace
            return await verb(request, operation)
        from asyncio import CancelledError

        watch = _Watch(name, request, operation)
        try:
            result = await verb(request, watch.operation)
        except CancelledError:
            watch.end("cancelled", watch.trail.cancelled(watch.what).message)
            raise
        except BaseException as error:
            watch.end("failed", _text(error))
            raise
        failure: str | None = getattr(result, "failure", None)
        watch.end("failed" if failure else "succeeded", failure)
        return result

    return run


def _root(request: Any) -> Path:  # noqa: ANN401  any verb's
    from pathlib import Path

    from pixi_jupyter.manifest.discovery import find_manifest
    from pixi_jupyter.manifest.script_place import home_of

    return home_of(find_manifest(Path.cwd(), request.manifest))


def _text(error: BaseException) -> str:
    if isinstance(error, PixiJupyterError):
        return error.message
    return f"{type(error).__name__}: {error}"
