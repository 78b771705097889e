"""What stands above and between what tasks say in a terminal; all of it on stderr."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pixi_jupyter.commands.text import Line
    from pixi_jupyter.events import Event

STYLES = {
    "bold": "\x1b[1m",
    "dim": "\x1b[2m",
    "green": "\x1b[32m",
    "yellow": "\x1b[33m",
    "red": "\x1b[31m",
    "cyan": "\x1b[36m",
}


def is_colored(stream: TextIO, color: str) -> bool:
    """Tell whether what goes to a stream is coloured.

    Parameters
    ----------
    color
        auto, always or never.
    """
    if color != "auto":
        return color == "always"
    if os.environ.get("NO_COLOR"):
        return False
    forced = os.environ.get("FORCE_COLOR") or os.environ.get("CLICOLOR_FORCE")
    return bool(forced) or (stream.isatty() and os.environ.get("TERM") != "dumb")


class Banners:
    """Says which task runs.

    Parameters
    ----------
    color
        See `is_colored`.
    """

    def __init__(self, stream: TextIO, *, color: str = "auto") -> None:
        self._stream, self._color = stream, color
        self._is_first = True

    def show(self, event: Event) -> None:
        """Say what an event of the phase ``task`` tells."""
        from pixi_jupyter.commands.plain.runs import banner
        from pixi_jupyter.commands.text import Span, line

        data = dict(event.data or {})
        if data.get("state") == "running":
            self._print(banner(data))
        elif data.get("state") == "cached":
            where = f" in {data['place']}" if data.get("place") else ""
            name = Span(str(data["task"]), "bold")
            self._print([line(name, f"{where} is up to date, not run")])

    def _print(self, lines: Sequence[Line]) -> None:
        colored = is_colored(self._stream, self._color)
        shown = [] if self._is_first else [""]
        self._is_first = False
        for each in lines:
            spans = (
                f"{STYLES[span.style]}{span.text}\x1b[0m"
                if colored and span.style
                else span.text
                for span in each
            )
            shown.append("".join(spans).rstrip())
        print("\n".join(shown), file=self._stream, flush=True)
