"""Which dependencies of a manifest can be raised, and what they are loosened to.

Rules: pixi 0.77.0, upgrade (read 2026-11). Versions alone are loosened, unless the
package is named: then a build, its number and its hashes go too. What the workspace's
own table, a path, git or a URL says stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pixi_jupyter.errors import FeatureNotFoundError
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pixi_jupyter.manifest.document import ManifestDocument
    from pixi_jupyter.manifest.models import Feature
    from pixi_jupyter.workspace.context import Workspace

_SOURCES = frozenset(("path", "git", "url"))
_PINNING = ("build", "build-number", "md5", "sha256")
"""Keys that say one build, which has no newer version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table of dependencies."""

    feature: str = "default"
    environment: str | None = None
    """Instead of a feature: inside this environment."""
    platform: str | None = None
    """The selector of a target; None for all platforms."""

    @property
    def title(self) -> str:
        """Where it is, in words, such as ``feature test, linux-64``."""
        where = f"feature {self.feature}"
        if self.environment is not None:
            where = f"environment {self.environment}"
        return f"{where}, {self.platform}" if self.platform else where

    @property
    def selectors(self) -> tuple[str, ...]:
        """The selector as a sequence, empty for all platforms."""
        return (self.platform,) if self.platform else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One dependency as it is written."""

    table: Table
    name: str
    """As spelled."""
    value: object
    """Version, or a table."""

    @property
    def key(self) -> str:
        """The name as such names are compared."""
        return self.name.lower()

    @property
    def version(self) -> str:
        """The version that is asked for."""
        if isinstance(self.value, Mapping):
            return str(self.value.get("version", "*"))
        return str(self.value)

    @property
    def is_inherited(self) -> bool:
        """Whether `[workspace.dependencies]` says its version."""
        return isinstance(self.value, Mapping) and "workspace" in self.value

    @property
    def is_source(self) -> bool:
        """Whether it names a place and no version."""
        return isinstance(self.value, Mapping) and bool(_SOURCES & self.value.keys())

    def dropped(self, named: Iterable[str]) -> tuple[str, ...]:
        """List the keys that are taken out, if it is among `named` (lower case)."""
        if not isinstance(self.value, Mapping) or self.name.lower() not in named:
            return ()
        build = str(self.value.get("build", ""))
        # a pattern says which kind of build, not which one
        is_pattern = "*" in build or (build.startswith("^") and build.endswith("$"))
        return tuple(
            key
            for key in _PINNING
            if key in self.value and not (key == "build" and is_pattern)
        )

    def admits(self, version: str) -> bool:
        """Tell whether it says just this version already."""
        return version == self.version

    def write(
        self, document: ManifestDocument, version: str, named: Iterable[str] = ()
    ) -> None:
        """Write another version; of one that is among `named`, no build stays.

        Raises
        ------
        ManifestEditError
        """
        document.change_dependency(
            self.name,
            version,
            without=self.dropped(named),
            feature=self.table.feature,
            environment=self.table.environment,
            platform=self.table.platform,
        )


def tables_of(
    workspace: Workspace, feature: str | None, environment: str | None
) -> Iterator[Table]:
    """List the tables of a feature, or those inside an environment, or all.

    Raises
    ------
    FeatureNotFoundError, EnvironmentNotFoundError
    """
    manifest = workspace.manifest
    if feature is not None and feature not in manifest.features:
        known = list(manifest.features)
        raise FeatureNotFoundError(
            feature, available=known, manifest=manifest.path.name
        )
    if environment is not None:
        workspace.composition.environment(environment)
    for name, each in manifest.features.items():
        if environment is None and feature in (None, name):
            yield from _tables(each, Table(feature=name))
    for name, definition in manifest.environments.items():
        if definition.inline and feature is None and environment in (None, name):
            yield from _tables(definition.inline, Table(environment=name))


def _tables(feature: Feature, table: Table) -> Iterator[Table]:
    yield table
    for selector, _ in feature.targets:
        yield Table(
            feature=table.feature, environment=table.environment, platform=selector
        )


def entries_of(document: ManifestDocument, tables: Iterable[Table]) -> Iterator[Entry]:
    """List dependencies, those of a target only where no table of all has them."""
    of_all: dict[tuple[str, str | None], set[str]] = {}
    for table in tables:
        found = document.dependencies(
            feature=table.feature,
            environment=table.environment,
            platform=table.platform,
        )
        known = of_all.setdefault((table.feature, table.environment), set())
        if table.platform is None:
            known.update(name.lower() for name in found)
        for name, value in found.items():
            if table.platform is None or name.lower() not in known:
                yield Entry(table=table, name=name, value=value)
