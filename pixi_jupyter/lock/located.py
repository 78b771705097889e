"""Where in the manifest the reasons of a disagreement are written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pixi_jupyter.errors import ManifestError
from pixi_jupyter.manifest.dialects import source_of
from pixi_jupyter.manifest.layout import Layout, LayoutError, read_layout
from pixi_jupyter.manifest.locate import place_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pixi_jupyter.lock.disagreement import Disagreement
    from pixi_jupyter.manifest.compose import Composition
    from pixi_jupyter.manifest.layout import Keys


def _read(composition: Composition) -> str:
    try:
        return composition.manifest.path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def placed(
    found: Sequence[Disagreement], composition: Composition, text: str | None
) -> Iterator[Disagreement]:
    """Say of each disagreement where the manifest asks for what is not locked.

    Parameters
    ----------
    text
        Of the manifest; None reads it from disk.
    """
    if text is None:
        text = _read(composition)
    name = composition.manifest.path.name
    prefix = () if composition.manifest.kind == "pixi" else ("tool", "pixi")
    try:
        layout = read_layout(source_of(text, composition.manifest.path).text)
    except (LayoutError, ManifestError):
        layout = Layout("")
    for each in found:
        keys = each.keys
        if composition.manifest.kind == "script" and keys[:1] == ("project",):
            keys = keys[1:]  # what is in that table elsewhere stands at the top
        line = _line(layout, prefix, keys) if keys else None
        place = f"{name}:{line}" if line else name
        yield replace(each, place=place) if each.keys else each


def _line(layout: Layout, prefix: Keys, keys: Keys) -> int | None:
    """Find the line of a key, from the top of the file or below the prefix."""
    old = ("project", *keys[1:]) if keys[0] == "workspace" else keys
    for candidate in (keys, (*prefix, *keys), (*prefix, *old)):
        if entry := layout.find(candidate) or next(iter(layout.below(candidate)), None):
            return place_of(layout.text, entry.start).line
    return None
