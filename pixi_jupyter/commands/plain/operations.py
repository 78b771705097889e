"""What is going on in a workspace, as text."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pixi_jupyter.commands.text import Line, Rendered, Span, line, seconds, size, table

if TYPE_CHECKING:
    from pixi_jupyter.verbs.operations import OperationsResult
    from pixi_jupyter.workspace.operations import OperationRecord

NOTHING = "Nothing is going on here, and nothing was done yet"
HEADER = ("Operation", "State", "Began", "Took", "By", "")
STYLES = {"succeeded": "green", "failed": "red", "cancelled": "yellow"}
_HOUR, _MINUTE = 3600, 60


def operations(result: OperationsResult) -> Rendered:
    """Show operations, the newest first."""
    if not result.operations:
        return Rendered(stderr=(line(NOTHING),))
    rows = [list(HEADER), *(row(each) for each in result.operations)]
    head, *body = table(rows, right=[3], header=True)
    lines: list[Line] = [head]
    for each, shown in zip(result.operations, body, strict=True):
        lines.append(shown)
        if each.error:
            lines.append(line(Span(f"  {each.error}", "dim")))
    return Rendered(stdout=tuple(lines))


def row(record: OperationRecord) -> list[str]:
    """Give an operation as cells, in the order of `HEADER`."""
    took = record.age_seconds
    return [
        record.what,
        record.state,
        clock(record.started),
        "" if took is None else duration(took),
        f"pid {record.pid}",
        "" if record.is_over else progress(record),
    ]


def progress(record: OperationRecord) -> str:
    """Say where a running operation is, as ``fetch numpy 3/17``."""
    words = [record.phase, record.label]
    if record.done is not None and record.total:
        done: object = record.done
        total: object = record.total
        if record.unit == "bytes":
            done, total = size(record.done), size(record.total)
        words.append(f"{done}/{total}")
    return " ".join(filter(None, words))


def clock(moment: str) -> str:
    """Give the time of day here of an ISO 8601 text; the date too, if not today."""
    try:
        local = datetime.fromisoformat(moment).astimezone()
    except ValueError:
        return ""
    today = local.date() == datetime.now().astimezone().date()
    return local.strftime("%H:%M" if today else "%Y-%m-%d %H:%M")


def duration(value: float) -> str:
    """Give a time that may be long, as ``1.8 s``, ``4 min`` or ``2 h``."""
    if value < _MINUTE:
        return seconds(value)
    if value < _HOUR:
        return f"{value / _MINUTE:.0f} min"
    return f"{value / _HOUR:.0f} h"
