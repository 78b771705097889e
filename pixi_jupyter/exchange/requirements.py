"""PyPI requirements, one by one and as pip's requirements.txt, read.

What of it counts, and what is refused: pixi 0.77.0, `import` (read 2026-11).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_COMMENT = re.compile(r"(?:^|\s)#.*$")
_HASH = re.compile(r"\s+--hash[= ]\S+")
_BARE_URL = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*://|^\.{0,2}/|^[A-Za-z]:\\")


def read_requirements(text: str, warnings: list[str]) -> dict[str, Any]:
    """Read a requirements.txt.

    Parameters
    ----------
    warnings
        Where sentences are put about what does not come along.

    Returns
    -------
    dict
        Values of ``[pypi-dependencies]``, by name.

    Raises
    ------
    ValueError
        If a line is no requirement, or one without a name.
    """
    found: dict[str, Any] = {}
    for line in _lines(text):
        option = line.split()[0].partition("=")[0]
        if option in ("-c", "--constraint"):
            warnings.append(f"{line}: constraints are left out")
        elif option.startswith("-r") or option == "--requirement":
            msg = f"{line}: a file within the file; import it by itself"
            raise ValueError(msg)
        elif option.startswith("-"):
            warnings.append(f"{line} is left out")
        else:
            name, value = pypi_dependency(_HASH.sub("", line), warnings)
            found[name] = value
    return found


def _lines(text: str) -> Iterator[str]:
    joined = text.removeprefix("\ufeff").replace("\\\r\n", " ").replace("\\\n", " ")
    for line in joined.splitlines():
        if plain := _COMMENT.sub("", line).strip():
            yield plain


def pypi_dependency(text: str, warnings: list[str]) -> tuple[str, Any]:
    """Give name and value of a requirement, as a manifest says it.

    Raises
    ------
    ValueError
        If it is none, or has no name.
    """
    from packaging.requirements import InvalidRequirement, Requirement

    text = text.strip()
    if text.startswith("-"):
        msg = f"{text} is an option of pip, not a requirement"
        raise ValueError(msg)
    if _BARE_URL.match(text):
        msg = f"{text} has no name; write NAME @ {text}"
        raise ValueError(msg)
    try:
        requirement = Requirement(text)
    except InvalidRequirement as error:
        msg = f"{text} is no requirement"
        raise ValueError(msg) from error
    if requirement.marker:
        # a manifest has no place for it
        warnings.append(f"{text} is imported without its condition")
    value: dict[str, Any] = {}
    if requirement.url:
        value = _source(requirement.url)
    elif requirement.extras:
        value = {"version": str(requirement.specifier) or "*"}
    if requirement.extras:
        value["extras"] = sorted(requirement.extras)
    return requirement.name, value or str(requirement.specifier) or "*"


def _source(url: str) -> dict[str, Any]:
    """Give what a manifest says of a URL, a repository or a path."""
    from urllib.parse import parse_qs, unquote

    where, _, fragment = url.partition("#")
    if where.startswith("git+"):
        where = where.removeprefix("git+")
        before, at, rev = where.rpartition("@")
        # an @ before the host is a user's
        is_rev = bool(at) and "/" in before.partition("://")[2]
        found = {"git": before if is_rev else where, **({"rev": rev} if is_rev else {})}
        if subdirectory := parse_qs(fragment).get("subdirectory"):
            found["subdirectory"] = subdirectory[0]
        return found
    if where.startswith("file://"):
        return {"path": unquote(where.removeprefix("file://"))}
    return {"url": url}
