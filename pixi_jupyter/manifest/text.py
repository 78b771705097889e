"""The text of a manifest as it is in the file."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from pixi_jupyter.adapters.files import read_file
from pixi_jupyter.errors import (
    ManifestConflictError,
    ManifestNotFoundError,
    ManifestParseError,
)
from pixi_jupyter.manifest.layout import DEEPEST
from pixi_jupyter.manifest.locate import Source, place_of

LARGEST = 16_000_000
"""Bytes; what is larger is no manifest, and would be read for minutes."""

_LARGEST_NUMBER = 2**63
_MARK = re.compile(r"^(?:<{7}|\|{7}|>{7})(?: .*)?$|^={7}$", re.MULTILINE)


def read_text(path: Path) -> str:
    """Read the text of a manifest as it is, line endings included.

    Raises
    ------
    ManifestNotFoundError, ManifestParseError
    """
    try:
        data = read_file(path, most_bytes=LARGEST)
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


def read_document(
    text: str, path: Path, source: Source | None = None
) -> dict[str, Any]:
    """Read a text as TOML.

    Parameters
    ----------
    source
        Of this text, where it is a part of a file.

    Raises
    ------
    ManifestParseError

    Notes
    -----
    What is TOML 1.0 is read by the standard library, ten times as fast as by
    tomlkit, which is imported only for what is not: TOML 1.1, and mistakes.
    """
    text = text.removeprefix("\ufeff")
    source = source or Source(text=text, path=shown(path))
    data = _quickly(text)
    if data is None:
        from pixi_jupyter.adapters.toml import TomlError, parse_toml

        try:
            data = parse_toml(text).unwrap()
        except TomlError as error:
            if lines := conflict_lines(text):
                raise ManifestConflictError(shown(path), lines=lines) from error
            raise source.syntax_error(error) from error
    _check_limits(data, source)
    return data


def _quickly(text: str) -> dict[str, Any] | None:
    """Read what is TOML 1.0 and nothing strange; None for all else."""
    if sys.version_info >= (3, 11):
        import tomllib

        try:
            return tomllib.loads(text)
        except (ValueError, RecursionError):
            pass
    return None


def conflict_lines(text: str) -> tuple[tuple[int, str], ...]:
    """Find the marks that a merge left in a text.

    Returns
    -------
    tuple
        Number and text of each line; empty where they are no conflict.
    """
    if "<<<<<<<" not in text and ">>>>>>>" not in text:
        return ()
    found = [
        (text.count("\n", 0, mark.start()) + 1, mark[0].rstrip("\r"))
        for mark in _MARK.finditer(text.replace("\r\n", "\n"))
    ]
    is_conflict = {line[0] for _, line in found} & {"<", ">"}
    return tuple(found) if is_conflict else ()


def _check_limits(data: dict[str, Any], source: Source) -> None:
    """Refuse what no later step can be expected to carry.

    Raises
    ------
    ManifestParseError
    """
    level: list[tuple[tuple[str | int, ...], Any]] = [((), data)]
    for _ in range(DEEPEST + 1):
        below: list[tuple[tuple[str | int, ...], Any]] = []
        for keys, value in level:
            if isinstance(value, dict):
                below += [((*keys, key), each) for key, each in value.items()]
            elif isinstance(value, list):
                below += [((*keys, key), each) for key, each in enumerate(value)]
            elif isinstance(value, int) and abs(value) > _LARGEST_NUMBER:
                raise source.error(keys, "this number is too large")
        level = below
        if not level:
            return
    from pixi_jupyter.adapters.toml import TOO_DEEP, TomlError

    raise source.syntax_error(TomlError(TOO_DEEP))


def shown(path: Path) -> Path:
    """Give a path as a person in the current folder would write it."""
    try:
        here = Path.cwd()
    except OSError:
        return path
    inside = here in path.parents and here != Path(here.anchor)
    return path.relative_to(here) if inside else path
