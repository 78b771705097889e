"""What all errors share, and those that belong to no room."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from pixi_jupyter.redaction import redacted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# colours that programs print, control characters, direction marks, half characters
_UNPRINTABLE = re.compile(
    r"(\x1b\[[0-9;]*m)"
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
_LONGEST_LINE = 1000


def nearest(name: str, available: Iterable[str]) -> str | None:
    """Find the name that a typing error most likely stood for."""
    from difflib import get_close_matches  # 2 ms, and only for a mistake

    found = get_close_matches(name, sorted(available), n=1, cutoff=0.5)
    return found[0] if found else None


def listed(names: Iterable[str]) -> str:
    """Give names as they stand in a sentence."""
    return ", ".join(names) or "none"


def printable(text: str) -> str:
    r"""Take out what a terminal would obey and no stream can encode.

    Examples
    --------
    >>> printable("a\x1b[2J\x00")
    'a\\x1b[2J\\x00'
    """
    text = _UNPRINTABLE.sub(lambda x: "" if x[1] else ascii(x[0])[1:-1], text)
    text = redacted(text)
    if len(text) > _LONGEST_LINE and "\n" not in text:
        return f"{text[: _LONGEST_LINE // 2]} … {text[-_LONGEST_LINE // 4 :]}"
    return text


class PixiJupyterError(Exception):
    """Root of all errors that a person is meant to read.

    Parameters
    ----------
    message
        One sentence without a period: what, where, why.
    details
        Lines shown indented below the sentence.
    hints
        What to do next; something that can be pasted wherever possible.
    """

    code: ClassVar[str] = "error"
    """Stable identifier sent to other processes."""

    def __init__(
        self,
        message: str,
        *,
        details: Sequence[str] = (),
        hints: Sequence[str] = (),
    ) -> None:
        message = printable(message)
        super().__init__(message)
        self.message = message
        lines = (line for text in details for line in text.split("\n"))
        self.details = tuple(map(printable, lines))
        self.hints = tuple(map(printable, hints))

    def lines(self, command: str = "pixi-jupyter") -> list[str]:
        """Give message, details and hints as lines of text.

        Parameters
        ----------
        command
            The word that starts a command in the face that shows the lines.
        """
        return [
            self.message,
            *(f"  {line}" for line in self.details),
            *(f"hint: {hint.replace('{command}', command)}" for hint in self.hints),
        ]

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def _render_traceback_(self) -> list[str]:
        """Let IPython show our words instead of a traceback."""
        return self.lines("%pixi")

    def to_wire(self) -> dict[str, object]:
        """Give the form in which an engine sends this error."""
        return {
            "code": self.code,
            "message": self.message,
            "details": list(self.details),
            "hints": list(self.hints),
        }


class UsageError(PixiJupyterError):
    """The words of a command do not fit together."""

    code = "usage"


class NotSupportedYetError(PixiJupyterError):
    """pixi can do this, and this version cannot."""

    code = "not-supported-yet"

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        self.what, self.where = what, where
        at = f" ({where})" if where else ""
        super().__init__(
            f"{what} is not supported yet{at}", hints=(hint,) if hint else ()
        )


class OfflineError(PixiJupyterError):
    """Something is needed that only the network has."""

    code = "offline"

    def __init__(self, what: str, *, reason: str = "") -> None:
        self.what, self.reason = what, reason
        super().__init__(
            f"{what} is not in the cache, and --offline forbids the network",
            details=reason.splitlines(),
            hints=(
                (
                    "the same command without --offline, or without `offline = true`"
                    " in pixi's configuration"
                ),
            ),
        )


class OperationCancelledError(PixiJupyterError):
    """The user stopped the operation."""

    code = "cancelled"

    def __init__(self, what: str, *, state: str = "nothing was changed") -> None:
        self.what, self.state = what, state
        super().__init__(f"{what} was cancelled, {state}")


def error_from_wire(data: Mapping[str, object]) -> PixiJupyterError:
    """Make an error again from what an engine sent.

    The class is the one whose `code` was sent, so that callers can catch it;
    its own attributes are not carried.
    """
    wanted = data.get("code")
    pending: list[type[PixiJupyterError]] = [PixiJupyterError]
    found: type[PixiJupyterError] = PixiJupyterError
    while pending:
        cls = pending.pop()
        if cls.code == wanted:
            found = cls
            break
        pending.extend(cls.__subclasses__())
    error = found.__new__(found)
    PixiJupyterError.__init__(
        error,
        str(data.get("message", "")),
        details=_strings(data.get("details")),
        hints=_strings(data.get("hints")),
    )
    return error


def _strings(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list | tuple) else ()
