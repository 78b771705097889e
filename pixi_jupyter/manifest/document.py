"""Edits of a manifest that keep comments, order and style.

What pixi would write: pixi 0.77.0, add and remove (read 2026-11). An existing key
keeps its spelling and its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import (
    DependencyNotFoundError,
    EnvironmentNotFoundError,
    FeatureNotFoundError,
)
from pixi_jupyter.manifest.dialects import SCRIPT, dialect_of
from pixi_jupyter.manifest.editable import EditableText
from pixi_jupyter.manifest.locate import dotted
from pixi_jupyter.manifest.text import read_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_TABLES = ("build-dependencies", "host-dependencies", "dependencies")
"""A name in an earlier one hides that in a later one."""


class ManifestDocument(EditableText):
    """A manifest's text, to be changed in place.

    Parameters
    ----------
    text
        As in the file, line endings included.
    path
        Where it is; its name tells pixi.toml from pyproject.toml and from a script.

    Raises
    ------
    ManifestParseError
        If the text is not TOML.
    ScriptBlockNotFoundError
    """

    def __init__(self, text: str, path: Path) -> None:
        dialect = dialect_of(path)
        self.kind, self._script = dialect.kind, None
        if dialect is SCRIPT:
            from pixi_jupyter.manifest.script_block import read_block

            self._script = read_block(text, path)
        toml = text if self._script is None else self._script.toml
        super().__init__(toml, path, dialect.prefix)

    @property
    def text(self) -> str:
        """The text as it is now; to be written without changing line endings."""
        text = super().text
        return text if self._script is None else self._script.with_toml(text)

    @classmethod
    def read(cls, path: Path) -> ManifestDocument:
        """Read a manifest to change it.

        Raises
        ------
        ManifestNotFoundError, ManifestParseError
        """
        return cls(read_text(path), path)

    @property
    def section(self) -> tuple[str, ...]:
        """The path of the workspace's own table, under either of its names."""
        is_old = "project" in self._at(self._prefix)
        return (*self._prefix, "project" if is_old else "workspace")

    def above(
        self,
        *,
        feature: str | None = None,
        environment: str | None = None,
        platform: str | None = None,
    ) -> tuple[str, ...]:
        """Give the path of the tables of a feature, an environment or neither."""
        return self._above(feature or "default", environment, platform)

    def check_is_there(self, feature: str | None, environment: str | None) -> None:
        """Refuse a feature or environment that the manifest does not have.

        Raises
        ------
        EnvironmentNotFoundError, FeatureNotFoundError
        """
        self._check_is_there(feature or "default", environment)

    def add_dependency(
        self,
        name: str,
        value: str | Mapping[str, object],
        *,
        feature: str = "default",
        environment: str | None = None,
        platform: str | None = None,
    ) -> None:
        """Set what the manifest asks of a conda package.

        Parameters
        ----------
        name
            Of the package; one that is there keeps its spelling and its form.
        value
            Version, or table with ``version``, ``channel`` and so on.
        feature
            Whose table; it is made where it is missing.
        environment
            Instead of a feature: the tables inside this environment, which is made
            where it is missing.
        platform
            Only for this platform (a target selector).

        Raises
        ------
        ManifestEditError
            If the text cannot be changed without changing more than this.
        """
        above = self._above(feature, environment, platform)
        keys = self._existing(name, above) or (*above, "dependencies", name)
        self.set(keys, value)

    def remove_dependency(
        self,
        name: str,
        *,
        feature: str = "default",
        environment: str | None = None,
        platform: str | None = None,
    ) -> None:
        """Take a conda package out of a table; an empty table stays.

        Raises
        ------
        DependencyNotFoundError
        EnvironmentNotFoundError, FeatureNotFoundError
            If there is no such environment or feature.
        ManifestEditError
            If the text cannot be changed without changing more than this.
        """
        above = self._above(feature, environment, platform)
        keys = self._existing(name, above)
        if keys is None:
            self._check_is_there(feature, environment)
            raise DependencyNotFoundError(
                name,
                table=dotted((*above, "dependencies")),
                available=[each for key in _TABLES for each in self._at((*above, key))],
                manifest=self.path.name,
            )
        self.unset(keys)

    def change_dependency(
        self,
        name: str,
        version: str,
        *,
        without: Iterable[str] = (),
        feature: str = "default",
        environment: str | None = None,
        platform: str | None = None,
    ) -> None:
        """Set the version of a conda package, and take keys out of its table.

        Raises
        ------
        ManifestEditError
            If the text cannot be changed without changing more than this.
        """
        above = self._above(feature, environment, platform)
        keys = self._existing(name, above) or (*above, "dependencies", name)
        table = self._at(keys)
        self.set((*keys, "version") if table else keys, version)
        for key in set(without).intersection(table):
            self.unset((*keys, key))

    def dependencies(
        self,
        *,
        feature: str = "default",
        environment: str | None = None,
        platform: str | None = None,
    ) -> Mapping[str, object]:
        """Give a table of conda packages as written: version or table by name."""
        above = self._above(feature, environment, platform)
        table = (*above, "dependencies")
        return {
            name: value
            for name, value in self._at(table).items()
            if self._existing(name, above) == (*table, name)
        }

    def has_dependency(
        self,
        name: str,
        *,
        feature: str = "default",
        environment: str | None = None,
        platform: str | None = None,
    ) -> bool:
        """Tell whether a table asks for a conda package."""
        above = self._above(feature, environment, platform)
        return self._existing(name, above) is not None

    def add_platform(self, name: str) -> None:
        """Add a subdir to the platforms of the workspace, unless it is there.

        Raises
        ------
        ManifestEditError
            If the text cannot be changed without changing more than this.
        """
        keys = (*self.section, "platforms")
        there = self.get(*keys) or []
        names = [each if isinstance(each, str) else each.get("name") for each in there]
        if name not in names:
            self.set_items(keys, [*there, name])

    def _above(
        self, feature: str, environment: str | None, platform: str | None
    ) -> tuple[str, ...]:
        """Give the path of the table that has `dependencies` in it."""
        place: tuple[str, ...] = ()
        if environment is not None:
            place = ("environments", environment)
        elif feature != "default":
            place = ("feature", feature)
        target = () if platform is None else ("target", platform)
        return (*self._prefix, *place, *target)

    def _existing(self, name: str, above: tuple[str, ...]) -> tuple[str, ...] | None:
        for table in _TABLES:
            for spelled in self._at((*above, table)):
                if spelled.lower() == name.lower():
                    return (*above, table, spelled)
        return None

    def _at(self, keys: tuple[str, ...]) -> Mapping[str, Any]:
        found: Any = self._data
        for key in keys:
            found = found.get(key) if isinstance(found, dict) else None
        return found if isinstance(found, dict) else {}

    def _check_is_there(self, feature: str, environment: str | None) -> None:
        if environment is not None:
            known = self._at((*self._prefix, "environments"))
            if environment not in known and environment != "default":
                raise EnvironmentNotFoundError(
                    environment,
                    available=dict.fromkeys(("default", *known)),
                    manifest=self.path.name,
                )
        elif feature != "default":
            known = self._at((*self._prefix, "feature"))
            if feature not in known:
                raise FeatureNotFoundError(
                    feature, available=known, manifest=self.path.name
                )
