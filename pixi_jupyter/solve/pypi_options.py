"""`[pypi-options]` of several features, as one.

Rules: pixi 0.77.0, merging of pypi-options (read 2026-11).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pixi_jupyter.adapters.uv import UvOptions
from pixi_jupyter.errors import FeatureConflictError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pixi_jupyter.manifest.merge import Merged

_SINGLE = (
    "index-url",
    "index-strategy",
    "prerelease-mode",
    "skip-wheel-filename-check",
)
_LISTS = ("extra-index-urls", "find-links")
_CHOICES = ("no-build", "no-binary", "no-build-isolation")


@dataclass(frozen=True, slots=True, kw_only=True)
class PypiOptions:
    """What holds for the PyPI packages of an environment."""

    uv: UvOptions = field(default_factory=UvOptions)
    find_links: tuple[Mapping[str, str], ...] = ()
    """As written: each with ``path`` or ``url``."""
    overrides: Mapping[str, object] = field(default_factory=dict)
    """Requirements as written, by name."""

    def lock_tables(self, default_index: str) -> dict[str, Any]:
        """Give what a lock says of an environment that has PyPI packages.

        Returns
        -------
        dict
            indexes, find_links and options, of which the last is to be merged.
        """
        first = self.uv.index_url or default_index
        prerelease = self.uv.prerelease
        is_default = prerelease in (None, "if-necessary-or-explicit")
        return {
            "indexes": (first, *self.uv.extra_index_urls),
            "find_links": self.find_links or None,
            "options": {} if is_default else {"pypi-prerelease-mode": prerelease},
        }


def merged_options(merged: Merged) -> PypiOptions:
    """Unite the options of the features, and lay them over the workspace's.

    Raises
    ------
    FeatureConflictError
        If two features want what only one can have.
    """
    written = merged.manifest.metadata.get("pypi-options") or {}
    base: Mapping[str, Any] = written if isinstance(written, dict) else {}
    parts = [(each.name, each.pypi_options) for each in merged.parts]
    found: dict[str, Any] = {
        key: _single(merged, key, parts, base.get(key)) for key in _SINGLE
    }
    tables = [base, *(options for _, options in parts)]
    for key in _LISTS:
        found[key] = _united([x for table in tables for x in _list(table, key)])
    for key in _CHOICES:
        found[key] = _widest([table[key] for table in tables if key in table])
    overrides: dict[str, object] = {}
    for table in (*tables[1:], base):
        given = table.get("dependency-overrides")
        for name, value in (given if isinstance(given, dict) else {}).items():
            overrides.setdefault(name, value)
    return _options(found, overrides, merged.manifest.root)


def _options(
    found: Mapping[str, Any], overrides: Mapping[str, object], root: Path
) -> PypiOptions:
    links = tuple(found["find-links"])
    return PypiOptions(
        uv=UvOptions(
            index_url=found["index-url"],
            extra_index_urls=tuple(found["extra-index-urls"]),
            find_links=tuple(_place(link, root) for link in links),
            index_strategy=found["index-strategy"],
            no_build=found["no-build"],
            no_binary=found["no-binary"],
            no_build_isolation=found["no-build-isolation"],
            prerelease=found["prerelease-mode"],
            skip_wheel_filename_check=bool(found["skip-wheel-filename-check"]),
        ),
        find_links=links,
        overrides=overrides,
    )


def _place(link: Mapping[str, str], root: Path) -> str:
    return link["url"] if "url" in link else str((root / link["path"]).absolute())


def _single(
    merged: Merged,
    key: str,
    parts: Sequence[tuple[str, Mapping[str, Any]]],
    base: object,
) -> object:
    says = {name: options[key] for name, options in parts if key in options}
    if len({str(value) for value in says.values()}) > 1:
        raise FeatureConflictError(
            merged.name,
            key=f"pypi-options.{key}",
            features=tuple(says),
            values=tuple(map(str, says.values())),
            manifest=merged.manifest.path.name,
        )
    return next(iter(says.values()), base)


def _list(table: Mapping[str, Any], key: str) -> list[Any]:
    found = table.get(key)
    return list(found) if isinstance(found, list | tuple) else []


def _united(items: list[Any]) -> list[Any]:
    return [item for number, item in enumerate(items) if item not in items[:number]]


def _widest(values: list[Any]) -> bool | tuple[str, ...]:
    if any(value is True for value in values):
        return True
    names = _united([x for value in values if value is not False for x in value])
    return tuple(map(str, names)) or False
