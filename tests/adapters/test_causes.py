"""Texts of py-rattler about the network, in our words."""

from __future__ import annotations

import pytest

from pixi_jupyter.adapters.rattler.causes import (
    channel_failure,
    download_failure,
    host_of,
    is_broken_cache,
    is_cut,
)
from pixi_jupyter.errors import ChannelAccessError, ChannelError, OfflineError

CHANNELS = ["https://a.example/x/", "https://b.example/", "https://b.example/y/"]


def test_the_channel_that_failed_is_named_alone() -> None:
    text = "error sending request for url (https://b.example/y/noarch/repodata.json)"

    error = channel_failure(CHANNELS, text)

    assert isinstance(error, ChannelError)
    assert error.channel == "https://b.example/y/"
    assert error.details[0] == "b.example cannot be reached"


def test_a_text_that_names_nobody_names_all() -> None:
    error = channel_failure(CHANNELS, "something quite new")

    assert isinstance(error, ChannelError)
    assert error.channel == ", ".join(CHANNELS)
    assert error.details == ("something quite new",)


def test_a_status_decides_the_kind() -> None:
    text = "HTTP status client error (401 Unauthorized) for url (https://a.example/x/z)"

    closed = channel_failure(CHANNELS, text)
    empty = channel_failure(CHANNELS, "No usable repodata cache for https://a.example/")

    assert isinstance(closed, ChannelAccessError)
    assert (closed.host, closed.status) == ("a.example", 401)
    assert isinstance(empty, OfflineError)


def test_a_package_is_named_by_its_url_where_the_text_has_one() -> None:
    text = (
        "failed to fetch a-1-0.conda\n"
        "Caused by: failed to interact with the package cache layer.\n"
        "Caused by: HTTP status client error (404 Not Found) for url"
        " (https://u:********@a.example/x/a-1-0.conda)"
    )

    error = download_failure("a-1-0.conda", text)

    assert error.url == "https://a.example/x/a-1-0.conda"
    assert error.details[0] == "the channel does not have it any more"
    assert "package cache layer" not in str(error)


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("invalid type: integer `120`, expected struct Shard", True),
        ("IO error while reading data: failed to fill whole buffer", True),
        ("missing field `packages`", True),
        ("failed to decode zstd shard from 'https://a.example/s' (2 bytes)", False),
        ("error decoding response body", False),
    ],
)
def test_a_broken_cache_is_told_from_a_broken_answer(
    text: str, *, broken: bool
) -> None:
    assert is_broken_cache(text) is broken
    assert not is_cut(text)


def test_a_host_is_given_with_its_port_and_without_its_user() -> None:
    assert host_of("at https://u:p@a.example:8443/x and more") == "a.example:8443"
    assert host_of("nowhere") == ""
