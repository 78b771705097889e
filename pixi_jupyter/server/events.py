"""Events of a server: each has a schema with a version, and none has a secret."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixi_jupyter.server.progress import Progress

logger = logging.getLogger(__name__)

OPERATION = "urn:pixi-jupyter:operation:v1"
OUTPUT = "urn:pixi-jupyter:output:v1"
CHANGE = "urn:pixi-jupyter:change:v1"

_NULLABLE_TEXT = {"type": ["string", "null"]}
_NULLABLE_NUMBER = {"type": ["number", "null"]}

SCHEMAS: tuple[Mapping[str, Any], ...] = (
    {
        "$id": OPERATION,
        "version": "1",
        "title": "State of an operation",
        "description": "What a verb does in a workspace, whoever started it.",
        "personal-data": False,
        "type": "object",
        "required": ["id", "verb", "what", "workspace", "state", "can_cancel"],
        "properties": {
            "id": {"type": "string"},
            "verb": {"type": "string"},
            "what": {"type": "string"},
            "workspace": {"type": "string"},
            "environment": _NULLABLE_TEXT,
            "state": {
                "enum": [
                    "queued",
                    "running",
                    "waiting",
                    "succeeded",
                    "failed",
                    "cancelled",
                ]
            },
            "phase": {"type": "string"},
            "label": {"type": "string"},
            "done": _NULLABLE_NUMBER,
            "total": _NULLABLE_NUMBER,
            "unit": {"type": "string"},
            "seconds": _NULLABLE_NUMBER,
            "started": {"type": "string"},
            "error": {"type": ["object", "null"]},
            "can_cancel": {"type": "boolean"},
            "tasks": {"type": "array", "items": {"type": "object"}},
        },
    },
    {
        "$id": OUTPUT,
        "version": "1",
        "title": "Lines that an operation wrote",
        "personal-data": True,
        "type": "object",
        "required": ["operation", "lines"],
        "properties": {
            "operation": {"type": "string"},
            "lines": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["number", "level", "text"],
                    "properties": {
                        "number": {"type": "integer"},
                        "level": {"type": "string"},
                        "text": {"type": "string"},
                        "node": {"type": ["integer", "null"]},
                    },
                },
            },
        },
    },
    {
        "$id": CHANGE,
        "version": "1",
        "title": "A file of a workspace is not as it was",
        "personal-data": False,
        "type": "object",
        "required": ["workspace", "what", "environment"],
        "properties": {
            "workspace": {"type": "string"},
            "what": {"enum": ["manifest", "lock", "prefix", "operations"]},
            "environment": _NULLABLE_TEXT,
        },
    },
)

_APART_SECONDS = 0.1
_LINES_AT_ONCE = 500


class Teller:
    """Emits events, of each operation ten a second at most.

    Parameters
    ----------
    event_logger
        The server's.
    """

    def __init__(self, event_logger: Any) -> None:  # noqa: ANN401  jupyter_events is imported by servers only
        self._logger = event_logger
        self._due: dict[str, asyncio.TimerHandle] = {}
        for schema in SCHEMAS:
            if schema["$id"] not in event_logger.schemas:
                event_logger.register_event_schema(dict(schema))

    def state(self, progress: Progress) -> None:
        """Tell of an operation now: nobody may miss its new state."""
        if (due := self._due.pop(progress.id, None)) is not None:
            due.cancel()
        self._now(progress)

    def step(self, progress: Progress) -> None:
        """Tell of an operation with what else happens to it within a moment."""
        if progress.id not in self._due:
            loop = asyncio.get_running_loop()
            self._due[progress.id] = loop.call_later(
                _APART_SECONDS, self._later, progress
            )

    def change(self, workspace: str, what: str, environment: str | None = None) -> None:
        """Tell that a file changed."""
        self._emit(
            CHANGE, {"workspace": workspace, "what": what, "environment": environment}
        )

    def record(self, operation: Mapping[str, Any]) -> None:
        """Tell of an operation of another process, in the form of `IOperation`."""
        self._emit(OPERATION, operation)

    def close(self) -> None:
        """Tell nothing any more."""
        for due in self._due.values():
            due.cancel()
        self._due.clear()

    def _later(self, progress: Progress) -> None:
        self._due.pop(progress.id, None)
        self._now(progress)

    def _now(self, progress: Progress) -> None:
        # of much output at once the newest is told; all of it can be asked for
        lines, progress.new_lines = progress.new_lines[-_LINES_AT_ONCE:], []
        if lines:
            self._emit(OUTPUT, {"operation": progress.id, "lines": lines})
        tasks = [dict(progress.tasks[node]) for node in sorted(progress.tasks)]
        self._emit(OPERATION, {**progress.to_json(), "tasks": tasks})

    def _emit(self, schema: str, data: Mapping[str, Any]) -> None:
        try:
            self._logger.emit(schema_id=schema, data=dict(data))
        except Exception:  # whatever its handlers do must not stop an operation
            logger.warning("an event could not be emitted", exc_info=True)
