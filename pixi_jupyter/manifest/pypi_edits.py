"""Where a manifest asks for PyPI packages, and edits of it.

The place in a pyproject.toml: pixi 0.77.0, `add --pypi` (read 2026-11). What a table
of pixi cannot be told in `[project]` or `[dependency-groups]` goes into the table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import DependencyNotFoundError
from pixi_jupyter.manifest.locate import dotted
from pixi_jupyter.manifest.pyproject import normalised
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixi_jupyter.manifest.document import ManifestDocument

TABLE = "pypi-dependencies"


@dataclass(frozen=True, slots=True, kw_only=True)
class PypiEdits:
    """Edits of what one feature, or environment, asks of PyPI on a platform."""

    document: ManifestDocument
    feature: str | None = None
    environment: str | None = None
    platform: str | None = None

    @property
    def table(self) -> tuple[str, ...]:
        """The path of pixi's own table."""
        above = self.document.above(
            feature=self.feature, environment=self.environment, platform=self.platform
        )
        return (*above, TABLE)

    def array(self) -> tuple[str, ...] | None:
        """Give the path of the array of requirements beside it; None: there is none."""
        if self.document.kind == "pixi":
            return None
        if self.platform is not None or self.environment is not None:
            return None
        if self.document.kind == "script":
            return ("dependencies",)
        get = self.document.get
        if self.feature in (None, "default"):
            return ("project", "dependencies") if get("project") else None
        extras = get("project", "optional-dependencies") or {}
        if self.feature in extras:
            return ("project", "optional-dependencies", str(self.feature))
        return ("dependency-groups", str(self.feature))

    def written(self, name: str) -> Mapping[str, Any] | str | None:
        """Give what the manifest asks for: a value of a table, or a requirement."""
        if (key := self._key(name)) is not None:
            found: Mapping[str, Any] | str = self.document.get(*self.table, key)
            return found
        array, index = self._place(name)
        return None if index is None else str(self.document.get(*array)[index])

    def add(self, name: str, value: str | Mapping[str, Any], text: str | None) -> None:
        """Ask for a package.

        Parameters
        ----------
        value
            For a table.
        text
            PEP 508, for an array; None where it cannot say the same.

        Raises
        ------
        ManifestEditError
        """
        key, array = self._key(name), self.array()
        is_elsewhere = (
            key is None
            and self.document.get(*self.table)
            and (self.feature not in (None, "default"))
        )
        if text is None or array is None or key is not None or is_elsewhere:
            self._remove_from_array(name)
            self.document.set((*self.table, key or name), value)
            return
        array, index = self._place(name)
        if index is not None:
            self.document.set_item(array, index, text)
        else:
            self.document.set_items(array, [*(self.document.get(*array) or ()), text])

    def remove(self, name: str) -> None:
        """Ask for it no longer; an empty table stays.

        Raises
        ------
        DependencyNotFoundError, FeatureNotFoundError, EnvironmentNotFoundError
        ManifestEditError
        """
        key = self._key(name)
        _, index = self._place(name)
        if key is None and index is None:
            if self.array() is None or self.document.get(*(self.array() or ())) is None:
                self.document.check_is_there(self.feature, self.environment)
            raise DependencyNotFoundError(
                name,
                table=dotted(self.array() or self.table),
                available=self.names(),
                manifest=self.document.path.name,
            )
        if key is not None:
            self.document.unset((*self.table, key))
        self._remove_from_array(name)

    def names(self) -> list[str]:
        """List what is asked for, as it is written."""
        array = self.array()
        texts = self.document.get(*array) if array else None
        own = [_name_of(x) for x in texts or () if isinstance(x, str)]
        return [*(self.document.get(*self.table) or {}), *own]

    def _key(self, name: str) -> str | None:
        for spelled in self.document.get(*self.table) or {}:
            if normalised(spelled) == normalised(name):
                return str(spelled)
        return None

    def _place(self, name: str) -> tuple[tuple[str, ...], int | None]:
        """Find a requirement in the array."""
        array = self.array() or ()
        texts = self.document.get(*array) if array else ()
        for index, text in enumerate(texts or ()):
            if isinstance(text, str) and _name_of(text) == normalised(name):
                return array, index
        return array, None

    def _remove_from_array(self, name: str) -> None:
        array, index = self._place(name)
        if index is not None:
            items = list(self.document.get(*array))
            del items[index]
            self.document.set_items(array, items)


def _name_of(text: str) -> str:
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        return normalised(Requirement(text).name)
    except InvalidRequirement:
        return ""
