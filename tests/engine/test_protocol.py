from __future__ import annotations

import json
import os

import pytest

from pixi_jupyter.engine.protocol import (
    INVALID_REQUEST,
    PARSE_ERROR,
    MalformedMessageError,
    Message,
    Wire,
    parse_message,
)


def test_a_request_has_a_method_an_id_and_parameters() -> None:
    message = parse_message(
        b'{"jsonrpc":"2.0","id":7,"method":"ping","params":{"a":1}}'
    )

    assert message == Message(method="ping", id=7, params={"a": 1})


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"{", PARSE_ERROR),
        (b"\xff", PARSE_ERROR),
        (b"[]", INVALID_REQUEST),
        (b'{"id": 1}', INVALID_REQUEST),
        (b'{"method": 1}', INVALID_REQUEST),
        (b'{"method": "a", "params": []}', INVALID_REQUEST),
        (b'{"method": "a", "id": []}', INVALID_REQUEST),
    ],
)
def test_other_lines_are_refused(line: bytes, code: int) -> None:
    with pytest.raises(MalformedMessageError) as caught:
        parse_message(line)

    assert caught.value.code == code


def test_messages_arrive_whole_in_order_and_before_the_end() -> None:
    read, write = os.pipe()
    wire = Wire(write)

    for number in range(50):
        wire.send(method="event", params={"text": "line\nbreak", "number": number})
    wire.close()
    os.close(write)

    with os.fdopen(read, "rb") as stream:
        lines = stream.read().splitlines()
    assert [json.loads(line)["params"]["number"] for line in lines] == list(range(50))


def test_a_reader_that_takes_nothing_makes_nobody_wait_and_costs_no_memory() -> None:
    read, write = os.pipe()
    wire = Wire(write)
    text = "x" * 2000

    for number in range(5000):
        wire.send(droppable=True, method="event", params={"n": number, "text": text})
    wire.send(id=1, result="kept")

    taken = b""
    while b"kept" not in taken:
        taken += os.read(read, 1 << 20)
    wire.close()
    os.close(read)
    os.close(write)
    assert taken.count(b"\n") < 2000


def test_a_reader_that_is_gone_is_no_failure() -> None:
    read, write = os.pipe()
    os.close(read)
    wire = Wire(write)

    wire.send(id=1, result=None)
    wire.close()
    os.close(write)

    assert not wire._thread.is_alive()


def test_what_json_cannot_hold_is_told_to_the_sender() -> None:
    read, write = os.pipe()
    wire = Wire(write)

    with pytest.raises(TypeError):
        wire.send(id=1, result=object())

    wire.close()
    os.close(read)
    os.close(write)
