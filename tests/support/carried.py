"""Environments as notebooks carry them, with anything wrong that a test wants."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pixi_jupyter.notebook.metadata import NotebookEnvironment, write_environment

if TYPE_CHECKING:
    from pathlib import Path

FORGE = "https://conda.anaconda.org/conda-forge/"
MET = "https://conda.uni.example/met/"
INDEX = "https://python.example/simple"
HASH = "a" * 64
MANIFEST = """\
[workspace]
name = "heat"
channels = ["conda-forge"]
platforms = ["linux-64"]

[dependencies]
numpy = "*"
"""


def conda(url: str, **fields: Any) -> str:
    """Give the row of a conda package."""
    return _row("conda", url, {"sha256": HASH, "size": 9_000_000, **fields})


def pypi(url: str, name: str, **fields: Any) -> str:
    """Give the row of a PyPI package."""
    given = {"name": name, "version": "1.0", "sha256": HASH, **fields}
    return _row("pypi", url, given)


def _row(kind: str, url: str, fields: dict[str, Any]) -> str:
    lines = [f"- {kind}: {json.dumps(url) if _is_strange(url) else url}"]
    lines += [
        f"  {key}: {json.dumps(value)}"
        for key, value in fields.items()
        if value is not None
    ]
    return "\n".join(lines) + "\n"


def _is_strange(url: str) -> bool:
    return not url.isascii() or not url.isprintable() or url.startswith(("'", '"'))


NUMPY = conda(f"{FORGE}linux-64/numpy-2.3.1-py312_0.conda")


def lock(
    *rows: str,
    channels: tuple[str, ...] = (FORGE,),
    indexes: tuple[str, ...] = (),
    platform: str = "linux-64",
) -> str:
    """Give the text of a lock with these rows."""
    lines = ["version: 7", "platforms:", f"- name: {platform}", "environments:"]
    lines += ["  default:", "    channels:"]
    lines += [f"    - url: {json.dumps(url)}" for url in channels]
    if indexes:
        lines += ["    indexes:", *(f"    - {json.dumps(url)}" for url in indexes)]
    lines += ["    packages:", f"      {platform}:"]
    lines += ["      " + row.split("\n", 1)[0] for row in rows]
    return "\n".join(lines) + "\npackages:\n" + "".join(rows)


def carried(
    manifest: str = MANIFEST, lock_text: str | None = None, **more: Any
) -> NotebookEnvironment:
    """Give an environment; a good one where nothing is said."""
    text = lock(NUMPY) if lock_text is None else lock_text
    return NotebookEnvironment(manifest=manifest, lock=text, **more)


def notebook(path: Path, environment: NotebookEnvironment | None) -> Path:
    """Write a notebook that carries it."""
    data: dict[str, Any] = {
        "cells": [],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    if environment is not None:
        write_environment(data, environment)
    path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    return path
