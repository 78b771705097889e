"""Notebooks that are scanned, and what comes of it."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from pixi_jupyter.events import Operation
from pixi_jupyter.verbs.notebook_scan import (
    NotebookScanRequest,
    NotebookScanResult,
    notebook_scan,
)

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST = """\
[workspace]
name = "study"
channels = ["{channel}"]
platforms = ["linux-64"]

[dependencies]
numpy = ">=1"  # kept
"""


def save(path: Path, *cells: str, **metadata: Any) -> Path:
    """Write a notebook."""
    written = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": metadata,
        "cells": [{"cell_type": "code", "source": text} for text in cells],
    }
    path.write_text(json.dumps(written), encoding="utf-8")
    return path


def scan(*files: Path, **options: Any) -> NotebookScanResult:
    """Scan without a network."""
    options = {"offline": True, "cwd": files[0].parent, **options}
    request = NotebookScanRequest(files=files, **options)
    return asyncio.run(notebook_scan(request, Operation()))


def taken(result: NotebookScanResult) -> dict[str, Any]:
    """Give what goes into the manifest, by kind and name."""
    return {f"{x.kind} {x.name}": x.value for x in result.taken}


def doubts(result: NotebookScanResult) -> dict[str, str]:
    """Give what is unsure."""
    return {each.what: each.why for each in result.doubts}
