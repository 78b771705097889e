"""Progress says which operation it belongs to, and survives a pipe."""

from __future__ import annotations

import json

from pixi_jupyter.events import Event, Operation


def test_a_child_names_its_parent() -> None:
    events: list[Event] = []
    operation = Operation(events.append)

    operation.child().say("link", "numpy", done=1, total=3, unit="packages")

    (event,) = events
    assert event.parent == operation.id
    assert event.operation != operation.id
    assert (event.done, event.total, event.unit) == (1, 3, "packages")


def test_an_event_is_the_same_after_a_pipe() -> None:
    events: list[Event] = []
    Operation(events.append).warn("look here")

    received = Event.from_wire(json.loads(json.dumps(events[0].to_wire())))

    assert received == events[0]


def test_a_key_of_a_newer_engine_is_dropped() -> None:
    event = Event(operation="1", phase="link")

    assert Event.from_wire({**event.to_wire(), "speed": 3}) == event


def test_operations_have_names_of_their_own() -> None:
    assert Operation().id != Operation().id
