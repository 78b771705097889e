"""Edits of a manifest that keep comments, order and style.

What pixi would write: pixi 0.77.0, add and remove (read 2026-11). An existing key
keeps its spelling and its place.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import (
    DependencyNotFoundError,
    EnvironmentNotFoundError,
    FeatureNotFoundError,
    ManifestEditError,
    ManifestParseError,
)
from pixi_jupyter.manifest.dialects import dialect_of
from pixi_jupyter.manifest.edits import append_item, format_value, remove, set_value
from pixi_jupyter.manifest.layout import LayoutError
from pixi_jupyter.manifest.locate import dotted
from pixi_jupyter.manifest.text import read_document, read_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

_TABLES = ("build-dependencies", "host-dependencies", "dependencies")
"""A name in an earlier one hides that in a later one."""


class ManifestDocument:
    """A manifest's text, to be changed in place.

    Parameters
    ----------
    text
        As in the file, line endings included.
    path
        Where it is; its name tells pixi.toml from pyproject.toml.

    Raises
    ------
    ManifestParseError
        If the text is not TOML.
    """

    def __init__(self, text: str, path: Path) -> None:
        self.path = path
        self._prefix = dialect_of(path).prefix
        self._mark = "\ufeff" if text.startswith("\ufeff") else ""
        # only where all lines end so; else a lone \n would be changed
        lines = text.count("\n")
        self._is_crlf = lines > 0 and text.count("\r\n") == lines
        text = text.removeprefix(self._mark)
        self._text = text.replace("\r\n", "\n") if self._is_crlf else text
        self._data = read_document(self._text, path)

    @classmethod
    def read(cls, path: Path) -> ManifestDocument:
        """Read a manifest to change it.

        Raises
        ------
        ManifestNotFoundError, ManifestParseError
        """
        return cls(read_text(path), path)

    @property
    def text(self) -> str:
        """The text as it is now; to be written without changing line endings."""
        text = self._text.replace("\n", "\r\n") if self._is_crlf else self._text
        return self._mark + text

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
        self._edit(
            lambda text: set_value(text, keys, value, prefix=self._prefix), keys, value
        )

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
        self._edit(lambda text: remove(text, keys), keys, None)

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
        at = (*keys, "version") if table else keys
        self._edit(
            lambda text: set_value(text, at, version, prefix=self._prefix), at, version
        )
        for key in set(without).intersection(table):
            gone = (*keys, key)
            self._edit(partial(remove, keys=gone), gone, None)

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
        section = "project" if "project" in self._at(self._prefix) else "workspace"
        keys = (*self._prefix, section, "platforms")
        there = self._at((*self._prefix, section)).get("platforms", [])
        names = [each if isinstance(each, str) else each.get("name") for each in there]
        if name not in names:
            self._edit(lambda text: append_item(text, keys, name), keys, [*there, name])

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

    def _edit(
        self, edit: Callable[[str], str], keys: tuple[str, ...], value: object
    ) -> None:
        """Take an edited text over, if it says just what was asked for."""
        wanted = dict(value) if isinstance(value, Mapping) else value
        try:
            text = edit(self._text)
            after = read_document(text.encode().decode(), self.path)
        except (LayoutError, ManifestParseError, UnicodeEncodeError):
            text, after = "", {}
        found = _value(after, keys)
        # a table that is written over several lines stays one
        is_right = found in (wanted, {"version": wanted})
        if not is_right or _without(self._data, keys) != _without(after, keys):
            line = "" if value is None else f"{keys[-1]} = {format_value(value)}"
            table = dotted(keys[:-1])
            raise ManifestEditError(self.path, table=table, key=keys[-1], line=line)
        self._text, self._data = text, after


def _value(data: object, keys: tuple[str, ...]) -> object:
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _without(data: Mapping[str, Any], keys: tuple[str, ...]) -> object:
    """Give a copy without one key and the tables that are empty without it."""
    whole: Any = {"": copy.deepcopy(dict(data))}
    path = ("", *keys)
    tables = [whole]
    for key in path[:-1]:
        inside = tables[-1].get(key)
        if isinstance(inside, list):
            # an environment may become a table when it gets tables of its own
            inside = tables[-1][key] = {"features": inside}
        if not isinstance(inside, dict):
            break
        tables.append(inside)
    for key, table in reversed(list(zip(path, tables, strict=False))):
        if key == path[-1] and len(tables) == len(path):
            table.pop(key, None)
        elif not table.get(key, True):
            del table[key]
    return whole
