"""The files a workspace can be written in, and where pixi's tables are in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import NotSupportedYetError
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
    return PYPROJECT if path.name == "pyproject.toml" else PIXI
