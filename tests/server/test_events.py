from __future__ import annotations

import asyncio
from typing import Any

from jupyter_events import EventLogger

from pixi_jupyter.server.events import CHANGE, OPERATION, OUTPUT, Teller
from pixi_jupyter.server.progress import KEPT_CHARACTERS, KEPT_LINES, Progress


def progress() -> Progress:
    return Progress(id="a", verb="run", what="task x", workspace="w", manifest=None)


def output(text: str, node: int = 0) -> dict[str, Any]:
    data = {"node": node, "stream": "stdout"}
    return {"operation": "o", "level": "output", "label": text, "data": data}


class Heard:
    """An event logger that somebody listens to."""

    def __init__(self) -> None:
        self.logger = EventLogger()
        self.teller = Teller(self.logger)
        self.events: list[tuple[str, dict[str, Any]]] = []
        for schema in (OPERATION, OUTPUT, CHANGE):
            self.logger.add_listener(schema_id=schema, listener=self._hear)

    async def _hear(self, logger: Any, schema_id: str, data: dict[str, Any]) -> None:
        del logger
        self.events.append((schema_id, data))

    async def settled(self) -> None:
        """Wait until all that was emitted is heard."""
        await self.logger.gather_listeners()


async def test_a_hundred_steps_within_a_moment_are_one_event() -> None:
    heard, found = Heard(), progress()
    loop = asyncio.get_running_loop()
    began = loop.time()
    for number in range(100):
        found.hear(output(f"line {number}\n"))
        heard.teller.step(found)
    assert heard.events == []

    due = next(iter(heard.teller._due.values()))
    done = loop.create_future()
    loop.call_at(due.when(), done.set_result, None)
    await done
    await heard.settled()

    assert [schema for schema, _ in heard.events] == [OUTPUT, OPERATION]
    assert len(heard.events[0][1]["lines"]) == 100
    assert loop.time() - began >= 0.1


async def test_the_end_is_told_at_once_with_what_was_due() -> None:
    heard, found = Heard(), progress()
    found.hear(output("no end of line"))
    heard.teller.step(found)

    found.end("succeeded")
    heard.teller.state(found)
    await heard.settled()

    assert [schema for schema, _ in heard.events] == [OUTPUT, OPERATION]
    assert heard.events[0][1]["lines"][0]["text"] == "no end of line"
    assert heard.events[1][1]["state"] == "succeeded"
    assert heard.teller._due == {}


async def test_a_listener_that_fails_stops_nothing() -> None:
    heard, found = Heard(), progress()
    heard.logger.add_modifier(schema_id=OPERATION, modifier=broken)

    heard.teller.state(found)
    heard.teller.change("w", "lock")
    await heard.settled()

    assert [schema for schema, _ in heard.events] == [CHANGE]


def broken(schema_id: str, data: dict[str, Any]) -> dict[str, Any]:
    raise RuntimeError(schema_id, data)


def test_output_is_cut_into_lines_and_bars_leave_their_last_state() -> None:
    found = progress()
    for text in ("one\ntw", "o\n 10%\r 20%", "\r100%\r\n", "end"):
        found.hear(output(text))
    found.hear(output("other\n", node=1))
    found.end("succeeded")

    assert [(x["text"], x["node"]) for x in found.log] == [
        ("one", 0), ("two", 0), ("100%", 0), ("other", 1), ("end", 0),
    ]  # fmt: skip


def test_a_log_does_not_grow_without_end() -> None:
    short, long = progress(), progress()
    short.hear(output("x\n" * (KEPT_LINES + 5)))
    for _ in range(300):
        long.hear(output("y" * 9_999 + "\n"))

    assert len(short.log) == KEPT_LINES
    assert short.log[0]["number"] == 5
    assert sum(len(line["text"]) for line in long.log) <= KEPT_CHARACTERS
    assert long.log[-1]["number"] == 299
