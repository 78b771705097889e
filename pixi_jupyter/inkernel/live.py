"""What the programs of a run say, printed as they say it."""

import sys
from typing import Any, Dict, Set

from .progress import Event

_OWN_WORDS = {"cached": "unchanged", "skipped": "not run", "cancelled": "cancelled"}


class Live:
    """Prints output, and says which task it is of where several run."""

    def __init__(self) -> None:
        self._nodes: Set[Any] = set()
        self._said: Set[Any] = set()

    def takes(self, event: Event) -> bool:
        """Tell whether an event is of a run, not of what is done before."""
        return event.get("level") == "output" or event.get("phase") == "task"

    def begins(self, event: Event) -> bool:
        """Tell whether an event of a run means that there is something to be read."""
        state = (event.get("data") or {}).get("state")
        return event.get("level") == "output" or state != "waiting"

    def take(self, event: Event) -> None:
        """Print what there is to print."""
        data: Dict[str, Any] = event.get("data") or {}
        if event.get("level") == "output":
            stream = sys.stderr if data.get("stream") == "stderr" else sys.stdout
            stream.write(str(event.get("label", "")))
            stream.flush()
            return
        self._nodes.add(data.get("node"))
        self._introduce(data, str(data.get("state")))

    def _introduce(self, data: Dict[str, Any], state: str) -> None:
        key = (data.get("node"), state)
        if key in self._said:
            return
        self._said.add(key)
        name = data.get("task")
        if state == "running" and data.get("command") and len(self._nodes) > 1:
            title = "%s  %s" % (name, data.get("description") or "")
            print("%s\n  $ %s" % (title.rstrip(), data["command"]))  # noqa: T201  it is the cell's
        elif state in _OWN_WORDS:
            print("%s  %s" % (name, _OWN_WORDS[state]))  # noqa: T201
