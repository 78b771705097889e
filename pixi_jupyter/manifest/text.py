"""The text of a manifest as it is in the file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from pixi_jupyter.errors import ManifestNotFoundError, ManifestParseError
from pixi_jupyter.manifest.locate import Source, place_of


def read_text(path: Path) -> str:
    """Read the text of a manifest as it is, line endings included.

    Raises
    ------
    ManifestNotFoundError, ManifestParseError
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise ManifestNotFoundError(path, named=True) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise ManifestParseError(shown(path), reason=reason) from error
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        place = place_of(before, len(before))
        raise ManifestParseError(
            shown(path),
            reason="this is not UTF-8",
            line=place.line,
            column=place.column,
            source_line=place.source_line,
        ) from error


def read_document(text: str, path: Path) -> dict[str, Any]:
    """Read a text as TOML.

    Raises
    ------
    ManifestParseError

    Notes
    -----
    What is TOML 1.0 is read by the standard library, ten times as fast as by
    tomlkit, which is imported only for what is not: TOML 1.1, and mistakes.
    """
    text = text.removeprefix("\ufeff")
    if sys.version_info >= (3, 11):
        import tomllib

        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError:
            pass
    from pixi_jupyter.adapters.toml import TomlError, parse_toml

    try:
        return parse_toml(text).unwrap()
    except TomlError as error:
        raise Source(text=text, path=shown(path)).syntax_error(error) from error


def shown(path: Path) -> Path:
    """Give a path as a person in the current folder would write it."""
    try:
        here = Path.cwd()
    except OSError:
        return path
    inside = here in path.parents and here != Path(here.anchor)
    return path.relative_to(here) if inside else path
