"""How a call or a command can fail, where our own errors are not at hand."""

from typing import Any, Dict, List, Optional, Sequence

CANCELLED = -32800
LEAVING = -32001
ENDED = -32099


class CallError(Exception):
    """A call failed; `data` is an error as `pixi_jupyter.errors` sends it."""

    def __init__(
        self, message: str, code: int = 0, data: Optional[Dict[str, Any]] = None
    ) -> None:
        super().__init__(message)
        self.message, self.code, self.data = message, code, data or {}

    def lines(self, command: str = "%pixi") -> List[str]:
        """Give message, details and hints as lines of text."""
        hints = [str(hint) for hint in self.data.get("hints", ())]
        return [
            self.message,
            *(("  %s" % line).rstrip() for line in self.data.get("details", ())),
            *("hint: " + hint.replace("{command}", command) for hint in hints),
        ]

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def _render_traceback_(self) -> List[str]:
        """Let IPython show our words instead of a traceback."""
        return self.lines()


class CallCancelledError(CallError):
    """The call was cancelled."""


class CallLostError(CallError):
    """The engine ended before it answered."""

    @property
    def left(self) -> bool:
        """Whether it had not begun with the call, so that another one may."""
        return self.code == LEAVING


class PixiError(Exception):
    """A command did not do what it was asked; says why in words for people."""

    def __init__(self, lines: Sequence[str], exit_code: Optional[int] = None) -> None:
        super().__init__("\n".join(lines))
        self._lines = list(lines)
        self.exit_code = exit_code
        """That of what was run; below zero for a signal, None if nothing ran."""

    def _render_traceback_(self) -> List[str]:
        """Let IPython show our words instead of a traceback."""
        return self._lines


def failure(error: Dict[str, Any], *, cancelled: bool = False) -> CallError:
    """Make an exception from the error of a message.

    Parameters
    ----------
    error
        ``{code, message, data}``.
    cancelled
        Whether the caller had asked for the end: then one that ended is no
        accident.
    """
    code = error["code"]
    lost = code in (ENDED, LEAVING)
    kind = CallError
    if code == CANCELLED or (cancelled and lost):
        kind = CallCancelledError
    elif lost:
        kind = CallLostError
    return kind(error["message"], code, error.get("data"))
