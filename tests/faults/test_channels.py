"""Channels that do not answer as they should, while a lock is there already."""

from __future__ import annotations

import shutil
import signal
from typing import TYPE_CHECKING

import pytest
from support.registry import (
    Closing,
    Content,
    Drop,
    Gzip,
    Redirect,
    Slow,
    Status,
    Truncated,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.registry import MockChannel
    from support.registry.faults import Fault
    from support.served import Served

LOGIN = b"<html>please log in</html>"


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Status(404), "there is no channel at this address"),
        (Status(500), "{host} answered 500 Internal Server Error"),
        (Status(503), "{host} answered 503 Service Unavailable"),
        (Truncated(10), "the answer broke off before its end"),
        (Content(LOGIN), "what was sent is not repodata; a log-in page, perhaps"),
        (Drop(), "the answer broke off before its end"),
    ],
    ids=["404", "500", "503", "truncated", "nonsense", "dropped"],
)
def test_a_channel_that_fails_is_named_with_what_it_did(
    served: Served, fault: Fault, said: str
) -> None:
    served.good("lock")
    before = served.disk()
    served.channel.faults.put("*", fault)

    answer = served.run("add", "more")

    assert answer.code == 1
    assert f"channel {served.channel.url} could not be read" in answer.err.lower()
    assert said.format(host=served.channel.host) in answer.err
    assert "hint: " in answer.err
    assert served.disk() == before


@pytest.mark.parametrize("form", ["zst", "plain"])
@pytest.mark.parametrize(
    "fault",
    [Content(b"{ this is no JSON"), Content(b"")],
    ids=["nonsense", "nothing"],
)
def test_other_forms_of_repodata_fail_with_the_same_words(
    served: Served, form: str, fault: Fault
) -> None:
    served.channel.forms = {form}
    name = "repodata.json.zst" if form == "zst" else "repodata.json"
    served.channel.faults.put(f"*/{name}", fault)

    answer = served.run("lock")

    assert answer.code == 1
    assert "what was sent is not repodata" in answer.err
    assert not (served.root / "pixi.lock").exists()


def test_a_channel_that_is_not_there_is_named_and_so_is_the_way_without_it(
    served: Served,
) -> None:
    served.good("lock")
    before = served.disk()
    served.channel.stop()

    answer = served.run("add", "more")
    offline = served.run("add", "more", "--offline", "--no-install")

    assert answer.code == 1
    assert f"{served.channel.host} cannot be reached" in answer.err
    assert "Connection refused" in answer.err
    assert "--offline   works from what is cached" in answer.err
    assert served.disk() == before
    # its shard was never asked for
    assert offline.code == 1
    assert served.disk() == before


def test_what_is_cached_can_be_solved_without_the_network(served: Served) -> None:
    served.good("add", "more", "--no-install")
    served.good("remove", "more", "--no-install")
    served.channel.stop()
    served.channel.log.clear()

    answer = served.run("add", "more", "--offline", "--no-install")

    assert answer.code == 0
    assert "/more-1.0-0.conda" in (served.root / "pixi.lock").read_text()


def test_an_empty_cache_is_called_so_when_the_network_is_forbidden(
    served: Served,
) -> None:
    before = served.disk()

    answer = served.run("lock", "--offline")

    assert answer.code == 1
    assert f"channel {served.channel.url} is not in the cache" in answer.err.lower()
    assert "the same command without --offline" in answer.err
    assert served.channel.log == []
    assert served.disk() == before


def test_the_configuration_forbids_the_network_as_well(served: Served) -> None:
    folder = served.home / ".pixi"
    folder.mkdir()
    (folder / "config.toml").write_text("offline = true\n")

    answer = served.run("lock")

    assert answer.code == 1
    assert "`offline = true` in pixi's configuration" in answer.err
    assert served.channel.log == []


@pytest.mark.parametrize(
    "fault", [Status(500), Status(429), Drop()], ids=["500", "429", "dropped"]
)
def test_a_fault_that_passes_is_not_seen(served: Served, fault: Fault) -> None:
    served.channel.faults.put("*/repodata_shards*", fault, times=1)

    served.good("lock", PIXI_JUPYTER_HTTP_RETRIES="2")

    assert "/app-1.0-0.conda" in (served.root / "pixi.lock").read_text()


def test_an_answer_that_broke_off_once_is_asked_for_again(served: Served) -> None:
    served.channel.faults.put("*/repodata_shards*", Truncated(10), times=1)

    served.good("lock", PIXI_JUPYTER_HTTP_RETRIES="1")

    assert "/app-1.0-0.conda" in (served.root / "pixi.lock").read_text()


@pytest.mark.parametrize("fault", [Gzip(), Closing()], ids=["gzip", "closing"])
def test_a_server_may_compress_and_close_as_it_likes(
    served: Served, fault: Fault
) -> None:
    served.channel.faults.put("*", fault)

    served.good("install", PIXI_JUPYTER_HTTP_RETRIES="3")

    assert (served.prefix / "share" / "base.txt").exists()


def test_a_redirect_is_followed_and_the_lock_keeps_the_channel(served: Served) -> None:
    served.channel.faults.put("/old/*", Redirect(served.channel.url + "moved"))
    served.channel.moved = {"/moved/old/": "/"}
    served.write("app", channel=f"{served.channel.url}old/")

    served.good("install")

    text = (served.root / "pixi.lock").read_text()
    assert f"{served.channel.url}old/noarch/app-1.0-0.conda" in text
    assert "moved" not in text
    assert (served.prefix / "share" / "base.txt").exists()


@pytest.mark.parametrize("pattern", ["*/repodata_shards*", "*/app-*.conda"])
def test_waiting_for_a_slow_server_can_be_cancelled(
    served: Served, pattern: str
) -> None:
    served.good("lock")
    before = served.disk()
    slow = served.channel.faults.put(pattern, Slow())
    process = served.start("add", "more")

    assert slow.reached.wait(30)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)

    assert process.returncode == 130, out + err
    assert "cancelled" in err
    assert served.disk() == before


def test_a_slow_server_is_waited_for(served: Served) -> None:
    slow = served.channel.faults.put("*/app-*.conda", Slow())
    process = served.start("install")

    assert slow.reached.wait(30)
    slow.release()
    _, err = process.communicate(timeout=30)

    assert process.returncode == 0, err
    assert (served.prefix / "share" / "app.txt").exists()


def test_a_folder_that_channels_do_not_have_is_not_missed_without_the_network(
    served: Served, mock_channel: Callable[..., MockChannel]
) -> None:
    other = mock_channel({"name": "far"})
    for channel in (served.channel, other):
        shutil.rmtree(channel.folder / "linux-64")
    served.write("app", "far", channel=f'{served.channel.url}", "{other.url}')
    served.good("lock")
    (served.root / "pixi.lock").unlink()
    served.channel.log.clear()

    served.good("lock", "--offline")
    listed = served.good("search", "far", "--offline", "--json")

    assert "/far-1.0-0.conda" in (served.root / "pixi.lock").read_text()
    assert "far-1.0-0.conda" in listed.out
    assert served.channel.log == []


def test_a_folder_that_was_never_asked_for_is_not_taken_for_absent(
    served: Served,
) -> None:
    served.good("lock")
    path = served.root / "pixi.toml"
    path.write_text(path.read_text().replace("linux-64", "osx-arm64"))

    answer = served.run("lock", "--offline")

    assert answer.code == 1
    assert "is not in the cache" in answer.err
