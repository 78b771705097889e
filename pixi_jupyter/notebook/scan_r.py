"""What text in R loads and installs. It is read as text, never run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_COMMENT = re.compile(r"(?m)^[ \t]*#.*$")
_NAME = r"[A-Za-z][A-Za-z0-9.]+"
_LOADS = re.compile(
    rf"\b(?:library|require|requireNamespace|loadNamespace)\s*\(\s*[\"']?({_NAME})[\"']?\s*[,)]"
)
_INSTALLS = re.compile(
    r"\b(?:install\.packages|(?:BiocManager::)?install|pacman::p_load|p_load)"
    r"\s*\(([^()]{0,2000}(?:\([^()]{0,2000}\))?)"
)
_QUOTED = re.compile(rf"[\"']({_NAME})[\"']")
_PREFIXED = re.compile(rf"\b({_NAME}):::?[A-Za-z.]")
_FOREIGN = re.compile(
    r"\b(?:install_github|install_git|install_url)\s*\(\s*[\"']([^\"']{1,200})"
)

OWN = frozenset(
    [
        "base",
        "compiler",
        "datasets",
        "grDevices",
        "graphics",
        "grid",
        "methods",
        "parallel",
        "splines",
        "stats",
        "stats4",
        "tcltk",
        "tools",
        "utils",
    ]
)
"""Packages that R itself brings along."""
BIOCONDUCTOR = "bioconda has packages of Bioconductor, as bioconductor-NAME"


def packages_of(text: str) -> Iterator[tuple[str, str]]:
    """Give packages with the word that names each: library, install or ``::``."""
    plain = _COMMENT.sub("", text)
    for match in _LOADS.finditer(plain):
        yield match[1], f"library({match[1]})"
    for match in _INSTALLS.finditer(plain):
        for name in _QUOTED.findall(match[1].partition("repos")[0]):
            yield name, f'install.packages("{name}")'
    for name in dict.fromkeys(_PREFIXED.findall(plain)):
        yield name, f"{name}::"


def foreign_of(text: str) -> list[str]:
    """List what is installed from a repository or an address."""
    return _FOREIGN.findall(_COMMENT.sub("", text))
