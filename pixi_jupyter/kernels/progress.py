"""Tells a Jupyter server how far the installation of a kernel's environment is."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from pixi_jupyter.redaction import redacted

if TYPE_CHECKING:
    from collections.abc import Mapping

logger = logging.getLogger(__name__)

SCHEMA_ID = "urn:pixi-jupyter:kernel-progress:v1"

SCHEMA: dict[str, Any] = {
    "$id": SCHEMA_ID,
    "version": "1",
    "title": "Progress of a kernel's environment",
    "personal-data": False,
    "type": "object",
    "required": ["kernel_id", "manifest", "environment", "event"],
    "properties": {
        "kernel_id": {"type": "string"},
        "manifest": {"type": "string"},
        "environment": {"type": "string"},
        "event": {
            "type": "object",
            "description": "pixi_jupyter.events.Event; at the end one without a "
            "phase, whose state is finished, failed or cancelled",
        },
        "error": {
            "type": ["object", "null"],
            "description": "why it failed: code, message, details, hints",
        },
    },
}


def register(event_logger: Any) -> None:  # noqa: ANN401  jupyter_events is imported by servers only
    """Make our events known to a server's event logger; once is enough."""
    if SCHEMA_ID not in event_logger.schemas:
        event_logger.register_event_schema(SCHEMA)


def emit(event_logger: Any, data: Mapping[str, Any]) -> None:  # noqa: ANN401
    """Emit one event; a server that cannot take it never stops a start."""
    try:
        register(event_logger)
        event_logger.emit(schema_id=SCHEMA_ID, data=dict(data))
    except Exception:  # whatever its handlers do is not our business
        logger.debug("an event could not be emitted", exc_info=True)


def step(state: str) -> dict[str, Any]:
    """Give the event of a whole start: that it began, or how it ended."""
    return {
        "operation": "",
        "phase": "",
        "label": "",
        "done": None,
        "total": None,
        "unit": "",
        "state": state,
        "level": "progress",
    }


def told(error: Mapping[str, Any]) -> dict[str, Any]:
    """Give an error as events have it: in words for a cell, and with no secret."""
    return {
        "code": str(error.get("code", "error")),
        "message": redacted(str(error.get("message", ""))),
        "details": [redacted(str(each)) for each in error.get("details") or ()],
        "hints": [
            redacted(str(each)).replace("{command}", "%pixi")
            for each in error.get("hints") or ()
        ],
    }


class Lines:
    """Chooses from all events those that are worth a line of a log."""

    def __init__(self) -> None:
        self._waits = False

    def take(self, event: Mapping[str, Any]) -> tuple[int, str] | None:
        """Give level and text of the line that an event is worth, if it is.

        Who waits for another process is told so once, not each second: a start
        that takes long for no reason of its own is what a person asks about.
        """
        label = str(event.get("label") or "")
        if event.get("level") == "warning":
            return logging.WARNING, label
        finished = event.get("state") == "finished"
        if event.get("phase") == "waiting":
            waited, self._waits = self._waits, not finished
            if not finished:
                return None if waited else (logging.WARNING, f"waiting: {label}")
        if not finished:
            return None
        return logging.INFO, ": ".join(filter(None, (event.get("phase"), label)))
