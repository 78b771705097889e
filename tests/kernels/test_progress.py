"""What a kernel start tells those who read a log."""

from __future__ import annotations

import logging
from typing import Any

from pixi_jupyter.kernels.progress import Lines


def event(**fields: Any) -> dict[str, Any]:
    return {"phase": "", "label": "", "state": "running", "level": "progress", **fields}


def test_who_is_waited_for_is_told_once_for_each_wait() -> None:
    lines = Lines()

    told = [
        lines.take(event(phase="waiting", label=f"install default, pid 7, {number} s"))
        for number in range(3)
    ]
    ended = lines.take(event(phase="waiting", state="finished"))
    again = lines.take(event(phase="waiting", label="add, pid 8, 0 s"))

    assert told == [
        (logging.WARNING, "waiting: install default, pid 7, 0 s"),
        None,
        None,
    ]
    assert ended == (logging.INFO, "waiting")
    assert again == (logging.WARNING, "waiting: add, pid 8, 0 s")


def test_warnings_and_phases_that_ended_are_told_and_progress_is_not() -> None:
    lines = Lines()

    told = [
        lines.take(event(phase="link", label="numpy")),
        lines.take(event(phase="link", label="9 packages", state="finished")),
        lines.take(event(level="warning", label="careful", state="finished")),
    ]

    assert told == [
        None,
        (logging.INFO, "link: 9 packages"),
        (logging.WARNING, "careful"),
    ]
