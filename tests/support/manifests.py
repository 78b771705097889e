"""Manifests as texts, read without a disk."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from pixi_jupyter.errors import PixiJupyterError
from pixi_jupyter.manifest.compose import compose
from pixi_jupyter.manifest.document import ManifestDocument
from pixi_jupyter.manifest.parse import parse_manifest

if TYPE_CHECKING:
    from pixi_jupyter.manifest.compose import Composition
    from pixi_jupyter.manifest.models import Manifest

FOLDER = Path("tides").absolute()
WORKSPACE = """\
[workspace]
channels = ["conda-forge"]
name = "tides"
platforms = ["linux-64", "osx-arm64", "win-64"]
"""


def parse(text: str, *, file: str = "pixi.toml") -> Manifest:
    """Read a manifest; one without a workspace table gets a usual one."""
    return parse_manifest(whole(text, file=file), FOLDER / file)


def composed(text: str, *, file: str = "pixi.toml") -> Composition:
    """Read a manifest and work out its environments."""
    return compose(parse(text, file=file))


def refusal(text: str, *, file: str = "pixi.toml") -> PixiJupyterError:
    """Give the error that a manifest is refused with."""
    with pytest.raises(PixiJupyterError) as caught:
        parse(text, file=file)
    return caught.value


def document(text: str, *, file: str = "pixi.toml") -> ManifestDocument:
    """Open a manifest for edits, as it is."""
    return ManifestDocument(text, FOLDER / file)


def whole(text: str, *, file: str = "pixi.toml") -> str:
    """Put a usual workspace table before a text that has none."""
    text = dedent(text)
    if "workspace]" in text or "project]" in text or file != "pixi.toml":
        return text
    return f"{WORKSPACE}\n{text}"
