"""YAML as pixi writes it: versions and dates stay text."""

from __future__ import annotations

import pytest

from pixi_jupyter.adapters.yaml import YamlError, parse_yaml


def test_versions_and_dates_stay_text() -> None:
    found = parse_yaml("a: 1.10\nb: 2020-01-01\nc: 5\nd: true\n")

    assert found == {"a": "1.10", "b": "2020-01-01", "c": 5, "d": True}


def test_names_and_hashes_stay_text() -> None:
    found = parse_yaml(f"on: no\nyes: y\nmd5: {'0' * 32}\nsize: 12\noctal: 010\n")

    assert found == {
        "on": "no",
        "yes": "y",
        "md5": "0" * 32,
        "size": 12,
        "octal": "010",
    }


def test_a_text_that_is_no_yaml_says_where() -> None:
    with pytest.raises(YamlError, match="line 2"):
        parse_yaml("a: 1\n\t- b")


@pytest.mark.parametrize(
    "text",
    ["a: &x [1]\nb: *x\n", "a: &x\n- *x\n", "a: &x {b: 1}\nc: [*x, *x]\n"],
    ids=["twice", "itself", "in a list"],
)
def test_a_text_that_refers_to_itself_is_refused(text: str) -> None:
    with pytest.raises(YamlError, match="parts of itself"):
        parse_yaml(text)


@pytest.mark.parametrize("start", ["[", "{a: ", "- ", "a: [", "? "])
def test_depth_does_not_end_the_process(start: str) -> None:
    with pytest.raises(YamlError, match="too deeply"):
        parse_yaml(start * 200_000)


def test_a_merge_key_is_a_key() -> None:
    assert parse_yaml("<<: {a: 1}\nb: 2\n") == {"<<": {"a": 1}, "b": 2}


def test_what_is_only_long_is_read() -> None:
    assert parse_yaml("- a[b]\n" * 1000) == ["a[b]"] * 1000
