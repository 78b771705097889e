from __future__ import annotations

import base64
import json
import lzma
from typing import Any

import pytest

from pixi_jupyter.errors import NotebookMetadataError
from pixi_jupyter.notebook import packing
from pixi_jupyter.notebook.metadata import (
    KEY,
    NotebookEnvironment,
    Reference,
    read_environment,
    read_reference,
    remove_environment,
    write_environment,
    write_reference,
)

ENVIRONMENT = NotebookEnvironment(
    manifest='[workspace]\nname = "tides"\n\r\n# é\n', lock="version: 7\n" * 99
)


def empty() -> dict[str, Any]:
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}


def carrying(environment: NotebookEnvironment = ENVIRONMENT) -> dict[str, Any]:
    notebook = empty()
    write_environment(notebook, environment)
    return notebook


@pytest.mark.parametrize(
    "environment",
    [
        ENVIRONMENT,
        NotebookEnvironment(manifest="a", environment="test"),
        NotebookEnvironment(manifest="", lock="", overlay="x"),
        NotebookEnvironment(manifest="a\rb\x0cc\u2028d\n", lock="e"),
    ],
    ids=["usual", "not solved", "empty", "odd lines"],
)
def test_what_is_written_is_read(environment: NotebookEnvironment) -> None:
    notebook = json.loads(json.dumps(carrying(environment)))

    assert read_environment(notebook) == environment


def test_a_notebook_without_the_key_carries_nothing() -> None:
    assert read_environment(empty()) is None
    assert read_environment({}) is None
    assert read_reference(empty()) is None


def test_a_reference_is_no_environment() -> None:
    notebook = empty()

    write_reference(notebook, Reference(environment="gpu", workspace="climate"))

    assert read_environment(notebook) is None
    assert read_reference(notebook) == Reference(environment="gpu", workspace="climate")


def test_removal_keeps_the_reference_and_other_keys() -> None:
    notebook = empty()
    notebook["metadata"] = {"a": 1, "z": 2}
    write_reference(notebook, Reference(environment="gpu", workspace="climate"))
    write_environment(notebook, ENVIRONMENT)

    remove_environment(notebook)

    assert notebook["metadata"].keys() == {"a", "z", KEY}
    assert read_environment(notebook) is None
    assert read_reference(notebook) is not None


def test_removal_of_all_leaves_no_key() -> None:
    notebook = carrying()

    remove_environment(notebook)

    assert notebook == empty()


def test_sorted_metadata_stays_sorted() -> None:
    notebook = empty()
    notebook["metadata"] = {"kernelspec": {}, "toc": {}}

    write_environment(notebook, ENVIRONMENT)

    assert list(notebook["metadata"]) == ["kernelspec", KEY, "toc"]


def test_an_equal_lock_keeps_its_bytes() -> None:
    notebook = carrying()
    # as another version of the compressor would have written it
    text = (ENVIRONMENT.lock or "").encode()
    other = base64.b85encode(lzma.compress(text, preset=0)).decode()
    notebook["metadata"][KEY]["lock"]["data"] = other

    write_environment(notebook, ENVIRONMENT)

    assert notebook["metadata"][KEY]["lock"]["data"] == other


def test_a_lock_that_only_claims_to_be_equal_is_written() -> None:
    notebook = carrying()
    other = base64.b85encode(lzma.compress(b"version: 6\n")).decode()
    notebook["metadata"][KEY]["lock"]["data"] = other

    write_environment(notebook, ENVIRONMENT)

    assert read_environment(notebook) == ENVIRONMENT


def test_the_digest_tells_the_parts_apart() -> None:
    digests = {
        NotebookEnvironment(manifest="a", lock="b").digest,
        NotebookEnvironment(manifest="ab", lock="").digest,
        NotebookEnvironment(manifest="ab").digest,
        NotebookEnvironment(manifest="a", overlay="b").digest,
    }

    assert len(digests) == 4


def test_the_digest_is_the_same_under_another_name() -> None:
    one = NotebookEnvironment(manifest="a", environment="test")
    assert one.digest == NotebookEnvironment(manifest="a").digest


BOMB = base64.b85encode(lzma.compress(b"0" * (packing.LARGEST_TEXT + 1), preset=1))
# ten bytes whose header asks for a dictionary of 1.5 GB
GREEDY = base64.b85encode(
    lzma.compress(
        b"0", filters=[{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 3 << 29}]
    )
)
WHOLE = lzma.compress(b"a")


@pytest.mark.parametrize(
    ("key", "value", "where"),
    [
        ("version", 2, "version"),
        ("version", True, "version"),
        ("version", "1", "version"),
        ("environment", "../../etc", "environment"),
        ("environment", "a\x1b[2J", "environment"),
        ("environment", "a\u202eb", "environment"),
        ("environment", "x" * 201, "environment"),
        ("environment", 7, "environment"),
        ("manifest", {"a": 1}, "manifest"),
        ("manifest", ["a", 1], "manifest"),
        ("manifest", "x" * 1_000_001, "manifest"),
        ("digest", "0" * 64, "digest"),
        ("lock", "text", "lock"),
        ("lock.encoding", "pickle", "lock.encoding"),
        ("lock.sha256", "0" * 64, "lock.sha256"),
        ("lock.data", ["é"], "lock.data"),
        ("lock.data", 7, "lock.data"),
        ("lock.data", ["00000"], "lock.data"),
        ("lock.data", base64.b85encode(WHOLE[:-4]).decode(), "lock.data"),
        ("lock.data", base64.b85encode(WHOLE + WHOLE).decode(), "lock.data"),
        ("lock.data", BOMB.decode(), "lock.data"),
        ("lock.data", GREEDY.decode(), "lock.data"),
        ("lock.data", ["0" * 10_000_010], "lock.data"),
    ],
)
def test_what_breaks_a_rule_is_refused_with_its_key(
    key: str, value: object, where: str
) -> None:
    notebook = carrying()
    table = notebook["metadata"][KEY]
    *path, last = key.split(".")
    for name in path:
        table = table[name]
    table[last] = value

    with pytest.raises(NotebookMetadataError) as caught:
        read_environment(notebook, path="a.ipynb")

    assert caught.value.where == f"{KEY}.{where}"
    assert "a.ipynb" in caught.value.message


def test_a_lock_without_a_manifest_is_refused() -> None:
    notebook = carrying()
    del notebook["metadata"][KEY]["manifest"]

    with pytest.raises(NotebookMetadataError, match="no manifest"):
        read_environment(notebook)


def test_nothing_of_this_computer_is_in_the_metadata() -> None:
    keys = carrying()["metadata"][KEY].keys()

    assert keys == {"version", "environment", "manifest", "lock", "digest"}
