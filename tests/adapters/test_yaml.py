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
