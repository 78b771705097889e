"""Secrets in URLs: what is hidden, and that nothing else is."""

from __future__ import annotations

from typing import Any

import pytest

from pixi_jupyter.errors import ChannelError, OfflineError
from pixi_jupyter.events import Event, Operation
from pixi_jupyter.redaction import credentials_of, redacted, without_secrets


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://ann:pw@c.example/x", "https://ann:********@c.example/x"),
        ("https://tok@c.example/x", "https://********@c.example/x"),
        ("https://ann:p%40w@c.example", "https://ann:********@c.example"),
        ("https://ann:a@b@c.example/x", "https://ann:********@c.example/x"),
        ("https://c.example/t/tok-1/x/", "https://c.example/t/********/x/"),
        ("https://c.example/t/tok-1", "https://c.example/t/********"),
        ("s3://k:v@bucket/x", "s3://k:********@bucket/x"),
        ("https://c.example/x?token=1&a=2", "https://c.example/x?token=********&a=2"),
        (
            "see (https://a:b@c.example/x) and 'http://d:e@f.example'",
            "see (https://a:********@c.example/x) and 'http://d:********@f.example'",
        ),
        (
            '{"url": "https://a:b@c.example/"}',
            '{"url": "https://a:********@c.example/"}',
        ),
    ],
)
def test_secrets_are_hidden(text: str, shown: str) -> None:
    assert redacted(text) == shown
    assert redacted(shown) == shown


@pytest.mark.parametrize(
    "text",
    [
        "numpy >=2",
        "mail ann:pw@host",
        "https://c.example/tests/t.conda",
        "https://c.example/a@b/t@c",
        "https://c.example/x?platform=linux-64&name=a",
        "file:///home/ann/t",
        "git+https://c.example/x@main",
    ],
)
def test_all_else_is_left_alone(text: str) -> None:
    assert redacted(text) == text
    assert without_secrets(text) == text


def test_a_url_loses_its_secrets_and_gives_them_back() -> None:
    assert without_secrets("https://a:b@c.example/x/") == "https://c.example/x/"
    assert without_secrets("https://c.example/t/tok/x/") == "https://c.example/x/"
    assert credentials_of("https://a:p%40w@c.example/x/") == ("a", "p@w")
    assert credentials_of("https://c.example/t/tok/x/") is None


def test_no_error_holds_a_secret() -> None:
    url = "https://ann:hunter2@c.example/"

    errors: list[Any] = [
        ChannelError(url, reason=f"no answer from {url}", hints=(url,)),
        OfflineError(url, reason=url),
    ]

    for error in errors:
        assert "hunter2" not in f"{error} {error.args} {error.to_wire()}"


def test_no_event_holds_a_secret() -> None:
    heard: list[Event] = []
    operation = Operation(heard.append)

    operation.say("fetch", "https://ann:hunter2@c.example/")
    operation.warn("https://c.example/t/hunter2/x")

    assert len(heard) == 2
    assert not any("hunter2" in str(event) for event in heard)
