"""What the server refuses to people and programs that ask it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.errors.base import PixiJupyterError, listed, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable


class ServingError(PixiJupyterError):
    """A request cannot be answered."""

    code = "serving"


class OutsideRootError(ServingError):
    """A path names nothing below the server's root."""

    code = "outside-root"

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(
            f"{str(path)[:120]!r} is not a path inside this server's folder",
            hints=("a path as the file browser has it: notebooks/study.ipynb",),
        )


class VerbNotServedError(ServingError):
    """There is no such verb, or not for a server's clients."""

    code = "verb-not-served"

    def __init__(self, verb: str, *, available: Iterable[str]) -> None:
        self.verb, self.available = verb, tuple(available)
        close = nearest(verb, self.available)
        super().__init__(
            f"{verb!r} cannot be asked of a server",
            hints=(
                f"did you mean {close}?"
                if close
                else f"one of {listed(self.available)}",
            ),
        )


class OperationNotFoundError(ServingError):
    """No operation has this id, or it is forgotten."""

    code = "operation-not-found"

    def __init__(self, operation: str) -> None:
        self.operation = operation
        super().__init__(
            f"No operation {operation[:80]!r} is known here",
            hints=("GET operations lists those that are",),
        )


class OperationElsewhereError(ServingError):
    """An operation runs in another process, which alone can stop it."""

    code = "operation-elsewhere"

    def __init__(self, operation: str, *, pid: int | None, host: str) -> None:
        self.operation, self.pid, self.host = operation, pid, host
        super().__init__(
            f"Operation {operation} runs in process {pid} on {host}, not in this server",
            hints=("stop it there: Ctrl-C in its terminal, or interrupt its cell",),
        )
