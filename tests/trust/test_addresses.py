"""Addresses: two ways to write one are one, and what can be read in two ways is none."""

from __future__ import annotations

import pytest

from pixi_jupyter.trust.addresses import (
    address,
    has_hidden,
    has_secret,
    inside_any,
    same,
    shown,
)


@pytest.mark.parametrize(
    "other",
    [
        "https://conda.example/met/",
        "HTTPS://CONDA.example/met",
        "https://conda.example:443/met",
        "https://conda.example./met",
        "https://conda.example/%6det",
    ],
)
def test_one_place_may_be_written_in_several_ways(other: str) -> None:
    assert same("https://conda.example/met", other)


@pytest.mark.parametrize(
    "other",
    [
        "http://conda.example/met",
        "https://conda.example.evil.example/met",
        "https://conda.example:8443/met",
        "https://conda.example/metal",
        "https://conda.example/MET",
        "https://xn--conda-9na.example/met",
    ],
)
def test_another_place_is_not_the_same(other: str) -> None:
    assert not same("https://conda.example/met", other)


@pytest.mark.parametrize(
    "url",
    [
        "https://conda.example/a/../b",
        "https://conda.example/a/%2e%2e/b",
        "https://conda.example/a/%2E./b",
        "https://conda.example/a%2f..%2fb",
        "https://conda.example/a//b",
        "https://conda.example\\@evil.example/a",
        "https://conda.example/a b",
        "https://conda.ex\u0430mple/a",
        "https://conda.example/\u202egnp",
        "https://conda.example/a\nb",
        "https:///a",
        "https://conda.example:port/a",
        "https://[::1/a",
        "conda-forge",
        "",
    ],
)
def test_what_can_be_read_in_two_ways_is_no_address(url: str) -> None:
    assert address(url) is None


def test_below_means_whole_folders() -> None:
    places = ["https://conda.example/lab"]

    assert inside_any("https://conda.example/lab/met", places)
    assert not inside_any("https://conda.example/laboratory", places)
    assert not inside_any("https://conda.example/lab/../other", places)


@pytest.mark.parametrize(
    "url",
    [
        "https://me:secret@conda.example/x",
        "https://token@conda.example/x",
        "https://conda.example/t/abc-123/x",
        "https://conda.example/x?token=abc",
        "git+https://me:secret@git.example/x",
        "ssh://git:secret@git.example/x",
    ],
)
def test_secrets_are_seen_and_never_shown(url: str) -> None:
    assert has_secret(url)
    assert "********" in shown(url)
    assert "secret" not in shown(url)
    assert "abc" not in shown(url)


def test_the_usual_name_of_git_is_no_secret() -> None:
    assert not has_secret("git+ssh://git@git.example/lab/x")


@pytest.mark.parametrize("character", ["\x1b", "\x00", "\u202e", "\u200b", "\u2066"])
def test_what_cannot_be_seen_is_found_and_shown_escaped(character: str) -> None:
    text = f"num{character}py"

    assert has_hidden(text)
    assert has_hidden(text, lines=True)
    assert shown(text).isprintable()
    assert character not in shown(text)


def test_letters_of_other_languages_are_no_harm_in_words_and_seen_in_addresses() -> (
    None
):
    assert not has_hidden("Hitzewellen in Köln, 東京")
    assert shown("Köln") == "Köln"
    assert shown("https://k\u00f6ln.example") == "https://k\\xf6ln.example"


def test_a_long_text_is_cut() -> None:
    assert len(shown("x" * 100_000)) <= 200
