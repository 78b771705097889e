"""From the text of a manifest to its model.

Rules: pixi 0.77.0, manifest reference and validation (read 2026-11).

What pixi knows and this version does not act on:

* kept in `Manifest.metadata`: authors, license, license-file, readme, homepage,
  repository, documentation, preview, build-variants (and -files, and per target), and
  `[package]` in `Manifest.package`;
* read, and refused when it would have to be built: `[dev]`, and dependencies on a path,
  git or url.

All that is wrong in a file is said at once: readers keep their errors in the `Source`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pixi_jupyter._version import PIXI_VERSION
from pixi_jupyter.errors import InvalidSpecError, RequiresPixiError
from pixi_jupyter.manifest.cutoff import check_cutoff
from pixi_jupyter.manifest.dialects import SCRIPT, dialect_of, source_of
from pixi_jupyter.manifest.features import FeatureReader
from pixi_jupyter.manifest.models import Manifest
from pixi_jupyter.manifest.platform_entries import read_platforms
from pixi_jupyter.manifest.project_tables import with_project
from pixi_jupyter.manifest.pyproject import Project, normalised, read_project
from pixi_jupyter.manifest.rules import check, doubts
from pixi_jupyter.manifest.specs import SpecReader
from pixi_jupyter.manifest.text import read_document, read_text
from pixi_jupyter.manifest.validate import validate
from pixi_jupyter.manifest.versions import matches
from pixi_jupyter.manifest.workspace_tables import (
    check_package,
    check_workspace,
    workspace_doubts,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from pixi_jupyter.manifest.dialects import Dialect
    from pixi_jupyter.manifest.locate import Source
    from pixi_jupyter.manifest.models import Feature

__all__ = ["parse_manifest", "read_manifest", "read_text"]

_SECTIONS = ("workspace", "project")
_METADATA = (
    "authors",
    "license",
    "license-file",
    "readme",
    "homepage",
    "repository",
    "documentation",
    "conda-pypi-map",
    "pypi-options",
    "s3-options",
    "preview",
    "build-variants",
    "build-variants-files",
    "dependencies",
    "target",
)


def read_manifest(path: Path) -> Manifest:
    """Read a manifest.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    ManifestNotFoundError
        If there is no such file.
    ManifestParseError, RequiresPixiError
    """
    return parse_manifest(read_text(path), path)


def parse_manifest(
    text: str, path: Path, *, channels: Sequence[str] = ("conda-forge",)
) -> Manifest:
    """Read the text of a manifest.

    Parameters
    ----------
    text
        Its text.
    path
        Where it is or will be; its name tells pixi.toml from pyproject.toml, and
        both from a script.
    channels
        Of a script that names none.

    Raises
    ------
    ScriptBlockNotFoundError
    ManifestParseError
        If it breaks rules; points at the first place, and has all others.
    RequiresPixiError
        If it asks for another version of pixi; said before anything else, because
        what else seems wrong may only be newer.
    """
    dialect = dialect_of(path)
    whole = source_of(text, path)
    source = replace(whole, prefix=dialect.prefix)
    document = read_document(whole.text, path, whole)
    if dialect is SCRIPT:
        from pixi_jupyter.manifest.script_tables import as_project

        document = as_project(document, whole, path, channels)
    tables = dialect.tables(document)
    if tables is None:
        raise whole.error((), f"there is no [{'.'.join(dialect.prefix)}]")
    _check_version(tables, source)
    checked = validate(tables, source)
    section = _section(checked, source)
    project = Project(name=path.stem)
    with source.keep:
        project = read_project(document, whole) if dialect.prefix else Project()
    manifest = _Builder(checked, section, project, source, dialect).build(path)
    check(manifest, source)
    source.raise_faults()
    doubtful = doubts(manifest, source, checked)
    return replace(manifest, warnings=(*manifest.warnings, *doubtful))


def _check_version(tables: Mapping[str, Any], source: Source) -> None:
    for name in _SECTIONS:
        section = tables.get(name)
        required = section.get("requires-pixi") if isinstance(section, dict) else None
        if not isinstance(required, str):
            continue
        try:
            fits = matches(PIXI_VERSION, required)
        except InvalidSpecError as error:
            keys = (name, "requires-pixi")
            raise source.error(keys, f"this is no version: {error.reason}") from error
        if not fits:
            raise RequiresPixiError(required, have=PIXI_VERSION, manifest=source.path)


def _section(tables: Mapping[str, Any], source: Source) -> str:
    """Tell which of the two names of the workspace's table is used."""
    given = [name for name in _SECTIONS if name in tables]
    if len(given) > 1:
        reason = "[project] is the old name of [workspace]; only one can be there"
        source.faults.append(source.error(("project",), reason, at="key"))
    if given:
        return given[0]
    there = ", ".join(f"[{name}]" for name in tables)
    reason = f"there is no [workspace]{', only ' if there else ''}{there}"
    hint = '[workspace] with channels = ["conda-forge"]'
    source.faults.insert(0, source.error((), reason, hint=hint))
    source.raise_faults()
    raise AssertionError


class _Builder:
    """Makes the model of one manifest from its checked tables."""

    def __init__(
        self,
        tables: Mapping[str, Any],
        section: str,
        project: Project,
        source: Source,
        dialect: Dialect,
    ) -> None:
        self.tables, self.section, self.project = tables, section, project
        self.source, self.dialect = source, dialect
        self.workspace: Mapping[str, Any] = tables[section]
        self.warnings: list[str] = []
        preview = self.workspace.get("preview", False)
        self.builds = preview is True or "pixi-build" in (preview or ())
        pool = self.workspace.get("dependencies", {})
        self.reader = FeatureReader(
            source,
            SpecReader(source, pool, builds_packages=self.builds),
            builds_packages=self.builds,
            warnings=self.warnings,
        )

    def build(self, path: Path) -> Manifest:
        if self.section == "project":
            self.warnings.append("[project] is deprecated; its name is [workspace]")
        workspace, keys = self.workspace, (self.section,)
        check_workspace(workspace, self.source, keys)
        if "package" in self.tables:
            package = self.tables["package"]
            check_package(package, self.source, builds_packages=self.builds)
        self.warnings += workspace_doubts(workspace)
        features = self._features()
        return Manifest(
            path=path.absolute(),
            kind=self.dialect.kind,
            name=self._name() or path.absolute().parent.name,
            version=workspace.get("version") or self.project.version,
            description=workspace.get("description") or self.project.description,
            metadata=self._metadata(),
            channels=self.reader.channels(
                workspace.get("channels", []), (*keys, "channels")
            ),
            platforms=read_platforms(
                workspace.get("platforms", []), self.source, (*keys, "platforms")
            ),
            channel_priority=workspace.get("channel-priority", "strict"),
            solve_strategy=workspace.get("solve-strategy", "highest"),
            exclude_newer=workspace.get("exclude-newer"),
            package_cutoffs=self._cutoffs("exclude-newer", str.lower),
            pypi_cutoffs=self._cutoffs("pypi-exclude-newer", normalised),
            requires_pixi=workspace.get("requires-pixi"),
            features=features,
            environments=self.reader.environments(
                self.tables.get("environments", {}), features
            ),
            package=self.tables.get("package"),
            warnings=tuple(dict.fromkeys(self.warnings)),
        )

    def _name(self) -> str | None:
        package = self.tables.get("package", {}).get("name")
        name = self.workspace.get("name") or self.project.name
        if name is None and self.dialect.prefix:
            reason = "neither this nor [project] gives a `name`"
            fault = self.source.error((self.section,), reason, at="key")
            self.source.faults.append(fault)
        if name is None and isinstance(package, str):
            name = package
        return name

    def _metadata(self) -> dict[str, object]:
        found = {key: self.workspace[key] for key in _METADATA if key in self.workspace}
        if self.project.authors:
            found.setdefault("authors", self.project.authors)
        return found

    def _cutoffs(self, key: str, named: Callable[[str], str]) -> dict[str, str]:
        found = self.tables.get(key, {})
        for name, text in found.items():
            check_cutoff(text, self.source, (key, name))
        return {named(name): text for name, text in found.items()}

    def _features(self) -> dict[str, Feature]:
        root = {
            key: value
            for key, value in self.tables.items()
            if key not in ("exclude-newer", "feature")
        }
        # the default feature speaks for the workspace where priorities are compared
        root |= {
            key: self.workspace[key]
            for key in ("channel-priority", "solve-strategy")
            if key in self.workspace
        }
        found = {"default": self.reader.feature("default", root, ())}
        for name, table in self.tables.get("feature", {}).items():
            keys = ("feature", name)
            if name == "default":
                reason = "the default feature is what stands outside of [feature]"
                self.source.faults.append(self.source.error(keys, reason, at="key"))
                continue
            found[name] = self.reader.feature(name, table, keys)
        if self.dialect.prefix:
            return with_project(found, self.project, self.source)
        return found
