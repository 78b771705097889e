"""Take what another tool's file asks for into the workspace.

Where it goes, and in which form: pixi 0.77.0, `import` (read 2026-11). Nothing is
solved; the next command does that.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

from pixi_jupyter.adapters.files import read_file
from pixi_jupyter.errors import (
    ImportFileError,
    InvalidSpecError,
    ManifestEditError,
    UsageError,
)
from pixi_jupyter.exchange.environment_file import Imported, read_environment_file
from pixi_jupyter.exchange.requirements import read_requirements
from pixi_jupyter.manifest.dialects import dialect_of
from pixi_jupyter.manifest.edits import append_item, format_value, set_value
from pixi_jupyter.manifest.paths import value_at, with_value
from pixi_jupyter.manifest.text import read_document
from pixi_jupyter.platforms import SUBDIRS
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.change import apply_change, changing
from pixi_jupyter.verbs.request import LockingRequest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pixi_jupyter.events import Operation

_NAME = re.compile(r"[a-z0-9-]+")
_LARGEST = 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest(LockingRequest):
    """Which file, and where its content goes."""

    file: Path
    format: Literal["conda-env", "pypi-txt"] | None = None
    """None: whichever can read it."""
    environment: str | None = None
    """None: named as the feature, or as the file says."""
    feature: str | None = None
    """None: the content goes into the environment itself."""
    platforms: tuple[str, ...] = ()
    """Only for these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """What came of it."""

    file: Path
    manifest: str
    environment: str
    feature: str | None
    dependencies: tuple[str, ...]
    pypi: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "manifest_path": self.manifest,
            "environment": self.environment,
            "feature": self.feature,
            "dependencies": list(self.dependencies),
            "pypi_dependencies": list(self.pypi),
        }


async def import_file(request: ImportRequest, operation: Operation) -> ImportResult:
    """Add the content of a file to an environment, or to a feature of one.

    Raises
    ------
    ImportFileError
        If the file cannot be read, or says what a manifest cannot.
    UsageError
        If it is not clear which environment is meant, or a platform is none.
    ManifestParseError, ManifestEditError, WriteError
        Nothing was written.
    """
    for platform in request.platforms:
        if platform not in SUBDIRS:
            msg = f"{platform} is no platform"
            raise UsageError(msg, hints=("linux-64, osx-arm64, win-64 …",))
    found = read_import(request.file, request.format)
    name = request.environment or request.feature or found.name
    if not _NAME.fullmatch(name):
        what = (
            f"{name!r} cannot be the name of an environment"
            if name
            else (f"{request.file} does not say for which environment it is")
        )
        hint = f"{{command}} import {request.file} --environment NAME"
        raise UsageError(what, hints=(hint,))
    async with changing(request, operation) as workspace:
        path = workspace.manifest.path
        editor = _Editor(workspace.text, path)
        editor.take(found, request, name)
        edited = workspace.edited(editor.text)
        await apply_change(workspace, edited, None, operation)
        for warning in found.warnings:
            operation.warn(warning)
        return ImportResult(
            file=request.file,
            manifest=workspace.shown(path),
            environment=name,
            feature=request.feature,
            dependencies=tuple(found.dependencies),
            pypi=tuple(found.pypi),
        )


def read_import(
    path: Path, form: Literal["conda-env", "pypi-txt"] | None = None
) -> Imported:
    """Read a file of another tool.

    Raises
    ------
    ImportFileError
    """
    try:
        text = read_file(path, most_bytes=_LARGEST).decode("utf-8-sig")
    except OSError as error:
        raise ImportFileError(path, reasons=(error.strerror or str(error),)) from error
    except UnicodeDecodeError as error:
        raise ImportFileError(path, reasons=("this is not UTF-8",)) from error
    reasons = []
    for each in (form,) if form else ("conda-env", "pypi-txt"):
        try:
            if each == "conda-env":
                return read_environment_file(text)
            warnings: list[str] = []
            pypi = read_requirements(text, warnings)
            return Imported(pypi=pypi, warnings=tuple(warnings))
        except (ValueError, InvalidSpecError) as error:
            said = error.message if isinstance(error, InvalidSpecError) else str(error)
            reasons.append(f"as {each}: {said}")
    raise ImportFileError(path, reasons=reasons)


class _Editor:
    """A manifest's text while one thing after the other is put into it."""

    def __init__(self, text: str, path: Path) -> None:
        self._path = path
        self._prefix = dialect_of(path).prefix
        self._is_crlf = "\r\n" in text
        self._text = text.replace("\r\n", "\n")
        self._data: dict[str, Any] = read_document(self._text, path)

    @property
    def text(self) -> str:
        """As it is now."""
        return self._text.replace("\n", "\r\n") if self._is_crlf else self._text

    def take(self, found: Imported, request: ImportRequest, name: str) -> None:
        """Put everything where it belongs."""
        environment = (*self._prefix, "environments", name)
        above = environment
        if value_at(self._data, environment) is None and name != "default":
            self.set((*environment, "no-default-feature"), value=True)
        if request.feature:
            above = (*self._prefix, "feature", request.feature)
            self._use(environment, request.feature)
        if found.channels:
            self._add((*above, "channels"), found.channels)
        if request.platforms:
            self._add((*above, "platforms"), request.platforms)
        for target in self._targets(above, request.platforms):
            for key, table in (
                ("dependencies", found.dependencies),
                ("pypi-dependencies", found.pypi),
            ):
                for package, value in table.items():
                    self.set((*target, key, package), value)

    def _targets(
        self, above: tuple[str, ...], platforms: Sequence[str]
    ) -> Iterator[tuple[str, ...]]:
        if not platforms:
            yield above
        for platform in platforms:
            yield (*above, "target", platform)

    def _use(self, environment: tuple[str, ...], feature: str) -> None:
        """Put a feature last among those of an environment."""
        there = value_at(self._data, environment)
        keys = environment if isinstance(there, list) else (*environment, "features")
        self._add(keys, (feature,))

    def _add(self, keys: tuple[str, ...], items: Sequence[str]) -> None:
        """Add to a list what it does not have yet."""
        there = list(value_at(self._data, keys) or [])
        for item in items:
            if item in there:
                continue
            if there:
                self._take(append_item(self._text, keys, item), keys, [*there, item])
            else:
                self.set(keys, [item])
            there.append(item)

    def set(self, keys: tuple[str, ...], value: object) -> None:
        """Set one value.

        Raises
        ------
        ManifestEditError
        """
        self._take(set_value(self._text, keys, value, prefix=self._prefix), keys, value)

    def _take(self, text: str, keys: tuple[str, ...], value: object) -> None:
        """Take an edited text over, if it says just what was asked for."""
        found = read_document(text, self._path)
        if found != with_value(self._data, keys, value):
            line = f"{keys[-1]} = {format_value(value)}"
            table = ".".join(keys[:-1])
            raise ManifestEditError(self._path, table=table, key=keys[-1], line=line)
        self._text, self._data = text, found
