"""The channel that tests break: first that it is one."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from support.registry import (
    Basic,
    Bearer,
    Closing,
    CondaToken,
    Content,
    Drop,
    Gzip,
    MockChannel,
    Redirect,
    Slow,
    Status,
    Truncated,
)
from support.registry.client import Unreachable, ask

from pixi_jupyter.adapters.rattler import Session

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PACKAGES = ({"name": "app", "depends": ["base"]}, {"name": "base"}, {"name": "other"})


@pytest.fixture
def channel(mock_channel: Callable[..., MockChannel]) -> MockChannel:
    return mock_channel(*PACKAGES)


@pytest.mark.parametrize("form", ["shards", "zst", "plain"])
async def test_a_session_solves_from_every_form(
    channel: MockChannel, tmp_path: Path, form: str
) -> None:
    channel.forms = {form}

    records = await Session(tmp_path / "cache").solve(
        [channel.url], ["app"], subdir="linux-64"
    )

    assert sorted(record.name.normalized for record in records) == ["app", "base"]
    assert {record.channel for record in records} == {channel.url}
    record = next(x for x in records if x.name.normalized == "app")
    assert record.url == f"{channel.url}noarch/app-1.0-0.conda"
    assert ask(record.url).body == channel.archive("app").read_bytes()


async def test_shards_of_what_is_not_needed_stay_where_they_are(
    channel: MockChannel, tmp_path: Path
) -> None:
    await Session(tmp_path / "cache").solve([channel.url], ["app"], subdir="linux-64")

    assert len([path for path in channel.paths() if "/shards/" in path]) == 2


@pytest.mark.parametrize("form", ["shards", "zst", "plain"])
async def test_repodata_that_did_not_change_are_not_sent_again(
    channel: MockChannel, tmp_path: Path, form: str
) -> None:
    channel.forms = {form}
    await Session(tmp_path / "cache").solve([channel.url], ["app"], subdir="linux-64")
    channel.log.clear()

    await Session(tmp_path / "cache").solve([channel.url], ["app"], subdir="linux-64")

    got = {each.status for each in channel.log if each.method == "GET"}
    assert got <= {304, 404}
    assert 304 in got


def test_range_head_and_conditions_are_answered(channel: MockChannel) -> None:
    url = f"{channel.url}noarch/base-1.0-0.conda"
    body = channel.archive("base").read_bytes()

    whole = ask(url)
    part = ask(url, Range="bytes=-7")
    none = ask(url, Range=f"bytes={len(body)}-")
    head = ask(url, method="HEAD")
    same = ask(url, **{"If-None-Match": whole.headers["ETag"]})

    assert (whole.status, whole.body) == (200, body)
    assert (part.status, part.body) == (206, body[-7:])
    assert none.status == 416
    assert (head.status, head.body) == (200, b"")
    assert head.headers["Content-Length"] == str(len(body))
    assert same.status == 304
    assert [each.method for each in channel.log] == ["GET", "GET", "GET", "HEAD", "GET"]


def test_a_fault_holds_where_and_as_long_as_it_was_put(channel: MockChannel) -> None:
    channel.faults.put("*/base-*", Status(500), times=1, after=1)

    got = [ask(f"{channel.url}noarch/base-1.0-0.conda").status for _ in range(3)]

    assert got == [200, 500, 200]
    assert ask(f"{channel.url}noarch/app-1.0-0.conda").status == 200


def test_every_fault_is_what_it_says(channel: MockChannel) -> None:
    url = f"{channel.url}noarch/base-1.0-0.conda"
    body = channel.archive("base").read_bytes()
    faults = channel.faults

    faults.put("*", Content(b"nonsense"), times=1)
    assert ask(url).body == b"nonsense"
    faults.put("*", Gzip(), times=1)
    assert ask(url).headers["Content-Encoding"] == "gzip"
    faults.put("*", Redirect(channel.url), times=1)
    assert ask(url).body == body
    faults.put("*", Closing(), times=1)
    assert ask(url).body == body
    for fault in (Truncated(5), Drop()):
        faults.put("*", fault, times=1)
        with pytest.raises(Unreachable):
            ask(url)
    assert ask(url).body == body


def test_a_slow_answer_comes_when_it_is_let_go(channel: MockChannel) -> None:
    slow = channel.faults.put("*/base-*", Slow())
    got: list[bytes] = []
    url = f"{channel.url}noarch/base-1.0-0.conda"
    thread = threading.Thread(target=lambda: got.append(ask(url).body))
    thread.start()

    assert slow.reached.wait(10)
    assert not got
    slow.release()
    thread.join()

    assert got == [channel.archive("base").read_bytes()]


def test_a_registry_stops_starts_and_is_lost_half_way(channel: MockChannel) -> None:
    url = f"{channel.url}noarch/base-1.0-0.conda"

    channel.stop()
    with pytest.raises(Unreachable):
        ask(url)
    channel.start()
    assert ask(url).status == 200
    channel.lost_after(1)
    assert ask(url).status == 200
    with pytest.raises(Unreachable):
        ask(url)
    channel.found()
    assert ask(url).status == 200


@pytest.mark.parametrize(
    ("credentials", "headers", "head"),
    [
        (Basic("ann", "pw"), {"Authorization": "Basic YW5uOnB3"}, ""),
        (Bearer("s3cret"), {"Authorization": "Bearer s3cret"}, ""),
        (CondaToken("s3cret"), {}, "t/s3cret/"),
    ],
    ids=["basic", "bearer", "token"],
)
def test_strangers_are_asked_who_they_are(
    channel: MockChannel, credentials: Basic, headers: dict[str, str], head: str
) -> None:
    channel.credentials = credentials
    path = "noarch/base-1.0-0.conda"

    stranger = ask(f"{channel.url}{path}")
    friend = ask(f"{channel.url}{head}{path}", **headers)

    assert stranger.status == 401
    assert stranger.headers["WWW-Authenticate"] == credentials.challenge
    assert friend.body == channel.archive("base").read_bytes()
