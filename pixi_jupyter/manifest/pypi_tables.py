"""Tables about PyPI: what cannot be meant, said where it stands.

Rules: pixi 0.77.0, pypi-dependencies and pypi-options (read 2026-11). What is right
is kept as written; uv's side of it is read when it is solved.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pixi_jupyter.manifest.layout import Keys
    from pixi_jupyter.manifest.locate import Source

_PLACES = ("git", "path", "url")
_REFERENCES = ("rev", "tag", "branch")
_TEXTS = (*_PLACES, *_REFERENCES, "version", "index", "subdirectory")
_KEYS = (*_TEXTS, "extras", "editable", "lfs", "markers", "env-markers")
_CLASHES = (
    (_PLACES, _PLACES),
    (_REFERENCES, _REFERENCES),
    (("version", "index"), _PLACES),
    (("editable",), ("git", "url")),
    ((*_REFERENCES, "lfs"), ("path", "url")),
)
_NEEDS = (
    ((*_REFERENCES, "lfs"), ("git",)),
    (("editable",), ("path",)),
    (("subdirectory",), _PLACES),
)
_PLAIN = re.compile(
    r"\*|(?:(?:[<>]=?|[!~=]=)\s*[0-9]{1,18}(?:\.[0-9]{1,18}){1,30})"
    r"|(?:(?:[<>]=?|[!=]=)\s*[0-9]{1,18})|(?:[!=]=\s*[0-9]{1,18}(?:\.[0-9]{1,18}){0,30}\.\*)"
)
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")


def check_pypi(table: Mapping[str, Any], source: Source, keys: Keys) -> None:
    """Check a table of PyPI requirements.

    Parameters
    ----------
    table
        Values by name, as written.
    source
        The manifest's text; is given what is wrong.
    keys
        Path of the table.
    """
    seen = set()
    for name, value in table.items():
        here = (*keys, name)
        with source.keep:
            if not _NAME.fullmatch(name):
                raise source.error(here, "this is no name of a package", at="key")
            plain = re.sub(r"[-_.]+", "-", name).lower()
            if plain in seen:
                reason = f"`{plain}` is there already, spelled differently"
                raise source.error(here, reason, at="key")
            seen.add(plain)
            if isinstance(value, str):
                _check_version(value, source, here)
            else:
                _check_table(value, source, here)


def check_pypi_options(table: Mapping[str, Any], source: Source, keys: Keys) -> None:
    """Check a table of options of which the keys are known to be right."""
    for number, link in enumerate(table.get("find-links", ())):
        if len(link) != 1 or not link.keys() <= {"path", "url"}:
            reason = "either `path` or `url` belongs here"
            here = (*keys, "find-links", number)
            source.faults.append(source.error(here, reason))
    overrides = table.get("dependency-overrides", {})
    check_pypi(overrides, source, (*keys, "dependency-overrides"))


def _check_version(text: str, source: Source, here: Keys) -> None:
    parts = [part.strip() for part in text.split(",")]
    if all(_PLAIN.fullmatch(part) for part in parts) or not text.strip():
        return
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        SpecifierSet(text)
    except InvalidSpecifier:
        is_bare = re.fullmatch(r"v?[0-9][0-9A-Za-z.+!]*", text.strip())
        hint = f'"=={text.strip()}"' if is_bare else ""
        reason = "this is no version specifier of PyPI (PEP 440)"
        raise source.error(here, reason, hint=hint) from None


def _check_table(table: Mapping[str, Any], source: Source, here: Keys) -> None:
    for key in table:
        if key not in _KEYS:
            close = nearest(key, _KEYS)
            hint = f"did you mean `{close}`?" if close else ""
            reason = "no such key belongs here"
            raise source.error((*here, key), reason, hint=hint, at="key")
    _check_sorts(table, source, here)
    for one, other in _clashing(table):
        reason = f"`{one}` cannot be used with `{other}`"
        raise source.error((*here, one), reason, at="key")
    for keys, places in _NEEDS:
        found = next((key for key in keys if key in table), None)
        if found and not any(place in table for place in places):
            words = ", ".join(f"`{place}`" for place in places)
            reason = f"`{found}` belongs to {words}"
            raise source.error((*here, found), reason, at="key")
    if "version" in table:
        _check_version(table["version"], source, (*here, "version"))


def _check_sorts(table: Mapping[str, Any], source: Source, here: Keys) -> None:
    for key in _TEXTS:
        if key in table and not isinstance(table[key], str):
            raise source.error((*here, key), "a string in quotes belongs here")
    for key in ("editable", "lfs"):
        if key in table and not isinstance(table[key], bool):
            raise source.error((*here, key), "true or false belongs here")
    extras = table.get("extras", [])
    if not isinstance(extras, list) or not all(isinstance(x, str) for x in extras):
        raise source.error((*here, "extras"), "an array of strings belongs here")


def _clashing(table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for one, others in _CLASHES:
        for first in one:
            for second in others:
                if first != second and first in table and second in table:
                    yield first, second
