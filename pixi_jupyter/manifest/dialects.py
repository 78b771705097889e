"""The files a workspace can be written in, and where pixi's tables are in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import NotSupportedYetError
from pixi_jupyter.manifest.locate import Source
from pixi_jupyter.manifest.script_place import is_script
from pixi_jupyter.manifest.text import shown
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pixi_jupyter.manifest.models import ManifestKind


@dataclass(frozen=True, slots=True)
class Dialect:
    """One sort of manifest."""

    kind: ManifestKind
    prefix: tuple[str, ...]
    """Where pixi's tables begin."""

    def tables(self, document: Mapping[str, Any]) -> dict[str, Any] | None:
        """Give pixi's tables of a document; None where it has none."""
        found: Any = document
        for key in self.prefix:
            found = found.get(key) if isinstance(found, dict) else None
        return found if isinstance(found, dict) else None


PIXI = Dialect("pixi", ())
PYPROJECT = Dialect("pyproject", ("tool", "pixi"))
SCRIPT = Dialect("script", ("tool", "pixi"))
"""The block of a script, whose fields of PEP 723 are those of `[project]`."""


def dialect_of(path: Path) -> Dialect:
    """Tell from a file's name what it is written in.

    Raises
    ------
    NotSupportedYetError
        For conda.toml.
    """
    if path.name == "conda.toml":
        what = "A workspace in conda.toml"
        raise NotSupportedYetError(what, where=str(path), hint="{command} init")
    if is_script(path):
        return SCRIPT
    return PYPROJECT if path.name == "pyproject.toml" else PIXI


def source_of(text: str, path: Path) -> Source:
    """Give the TOML in the text of a manifest, seen from its top.

    Raises
    ------
    ScriptBlockNotFoundError, ManifestParseError
        If it is a script's, and has no block.
    """
    if dialect_of(path) is not SCRIPT:
        return Source(text=text.removeprefix("\ufeff"), path=shown(path))
    from pixi_jupyter.manifest.script_block import MARGIN, read_block

    view = read_block(text, shown(path)).view
    return Source(text=view, path=shown(path), margin=MARGIN)
