from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from pixi_jupyter.notebook.copies import write_copy
from pixi_jupyter.notebook.files import read_notebook, write_notebook
from pixi_jupyter.notebook.metadata import (
    NotebookEnvironment,
    read_environment,
    write_environment,
)
from pixi_jupyter.notebook.places import working_copy
from pixi_jupyter.trust.store import is_trusted

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.asked import Asked

pytest_plugins = ["pytest_jupyter.jupyter_server"]

CARRIED = NotebookEnvironment(manifest="[workspace]\n", lock="version: 7\n")


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


@pytest.fixture
def path(jp_root_dir: Path) -> Path:
    data: dict[str, Any] = {
        "cells": [],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    write_environment(data, CARRIED)
    file = jp_root_dir / "a.ipynb"
    write_notebook(file, data)
    return file


@pytest.fixture
def save(
    server: Asked, jp_fetch: Callable[..., Any]
) -> Callable[[dict[str, Any]], Any]:
    def put(content: dict[str, Any]) -> Any:
        body = {"type": "notebook", "format": "json", "content": content}
        fetched = jp_fetch(
            "api", "contents", "a.ipynb", method="PUT", body=json.dumps(body)
        )
        return server.loop.run_until_complete(fetched)

    return put


def change(path: Path) -> NotebookEnvironment:
    """Do what `%pixi add` does to the working copy."""
    manifest = working_copy(path) / "pixi.toml"
    manifest.write_text("[workspace]\n# changed\n")
    return NotebookEnvironment(manifest=manifest.read_text(), lock=CARRIED.lock)


def test_what_was_added_travels_with_a_save(path: Path, save: Any) -> None:
    write_copy(path, CARRIED)
    read_first = read_notebook(path)
    changed = change(path)

    save(read_first)
    once = path.read_bytes()
    save(read_first)

    assert read_environment(read_notebook(path)) == changed
    assert path.read_bytes() == once
    assert is_trusted(changed.digest)


def test_a_notebook_without_a_working_copy_is_saved_as_it_is(
    path: Path, save: Any
) -> None:
    save(read_notebook(path))

    assert read_environment(read_notebook(path)) == CARRIED
    assert not is_trusted(CARRIED.digest)


def test_another_environment_in_its_place_is_not_overwritten(
    path: Path, save: Any
) -> None:
    write_copy(path, CARRIED)
    change(path)
    data = read_notebook(path)
    other = NotebookEnvironment(manifest="of somebody else")
    write_environment(data, other)

    save(data)

    assert read_environment(read_notebook(path)) == other
    assert not is_trusted(other.digest)


def test_a_notebook_is_saved_whatever_is_wrong_with_its_environment(
    path: Path, save: Any
) -> None:
    write_copy(path, CARRIED)
    data = read_notebook(path)
    data["metadata"]["pixi-jupyter"]["lock"] = "broken"
    data["metadata"]["mine"] = 1

    save(data)

    assert read_notebook(path)["metadata"]["mine"] == 1
