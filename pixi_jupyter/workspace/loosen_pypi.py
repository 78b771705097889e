"""Which requirements on PyPI can be raised, and how another version is written.

Rules: pixi 0.77.0, upgrade (read 2026-11). Versions alone are loosened: extras,
markers, index and place stay, and what is a path, git or a URL stays whole.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pixi_jupyter.manifest.pypi_edits import PypiEdits
from pixi_jupyter.manifest.pyproject import normalised
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pixi_jupyter.manifest.document import ManifestDocument
    from pixi_jupyter.workspace.loosen import Table

_PLACES = frozenset(("path", "git", "url"))


@dataclass(frozen=True, slots=True, kw_only=True)
class PypiEntry:
    """One requirement as it is written."""

    table: Table
    name: str
    """As spelled."""
    value: Mapping[str, object] | str
    """Version or table; of an array the requirement's text."""
    index: int | None = None
    """Its place in an array of requirements as PEP 508 writes them, if it is there."""
    is_double: bool = False
    """Whether the array has more than one of its name."""

    @property
    def key(self) -> str:
        """The name as such names are compared."""
        return normalised(self.name)

    @property
    def is_text(self) -> bool:
        """Whether it stands in an array."""
        return self.index is not None

    @property
    def version(self) -> str:
        """The version that is asked for."""
        if self.is_text:
            from packaging.requirements import Requirement

            return str(Requirement(str(self.value)).specifier) or "*"
        if isinstance(self.value, Mapping):
            return str(self.value.get("version", "*"))
        return self.value

    @property
    def is_inherited(self) -> bool:
        """Whether another table says its version; of PyPI never."""
        return False

    @property
    def is_source(self) -> bool:
        """Whether it names a place and no version."""
        if self.is_text:
            return " @ " in str(self.value) or self.is_double
        return isinstance(self.value, Mapping) and bool(_PLACES & self.value.keys())

    def dropped(self, named: Iterable[str]) -> tuple[str, ...]:
        """List the keys that are taken out: none."""
        del named
        return ()

    def admits(self, version: str) -> bool:
        """Tell whether it says just this version already, in any spelling."""
        from packaging.specifiers import SpecifierSet

        before, after = ("" if x == "*" else x for x in (self.version, version))
        return SpecifierSet(before) == SpecifierSet(after)

    def write(
        self, document: ManifestDocument, version: str, named: Iterable[str] = ()
    ) -> None:
        """Write another version.

        Raises
        ------
        ManifestEditError
        """
        del named
        edits = _edits(document, self.table)
        if self.index is not None:
            text = _with_version(str(self.value), version)
            document.set_item(edits.array() or (), self.index, text)
            return
        keys = (*edits.table, self.name)
        if isinstance(self.value, Mapping):
            keys = (*keys, "version")
        document.set(keys, version)


def _with_version(text: str, version: str) -> str:
    """Give a requirement of PEP 508 with another version, spelled as it was."""
    from packaging.requirements import Requirement

    found = Requirement(text)
    head, semicolon, marker = text.partition(";")
    named = re.match(r"\s*[\w.-]+\s*(?:\[[^\]]*\])?", head)
    name = named[0].rstrip() if named else found.name
    blank = head[len(head.rstrip()) :] if semicolon else ""
    asked = "" if version == "*" else version.replace(", ", ",")
    return f"{name}{asked}{blank}{semicolon}{marker}"


def pypi_entries_of(
    document: ManifestDocument, tables: Iterable[Table]
) -> Iterator[PypiEntry]:
    """List requirements, those of a target only where no table of all has them."""
    of_all: dict[tuple[str, str | None], set[str]] = {}
    for table in tables:
        known = of_all.setdefault((table.feature, table.environment), set())
        found = list(_entries(document, table))
        if table.platform is None:
            known.update(entry.key for entry in found)
        for entry in found:
            if table.platform is None or entry.key not in known:
                yield entry


def _entries(document: ManifestDocument, table: Table) -> Iterator[PypiEntry]:
    edits = _edits(document, table)
    inside = document.get(*edits.table) or {}
    for name, value in inside.items():
        yield PypiEntry(table=table, name=name, value=value)
    hidden = {normalised(name) for name in inside}
    texts = list(_texts(document, edits))
    times = Counter(normalised(name) for name, _, _ in texts)
    for name, text, index in texts:
        if normalised(name) not in hidden:
            hidden.add(normalised(name))
            is_double = times[normalised(name)] > 1
            yield PypiEntry(
                table=table, name=name, value=text, index=index, is_double=is_double
            )


def _texts(
    document: ManifestDocument, edits: PypiEdits
) -> Iterator[tuple[str, str, int]]:
    from packaging.requirements import InvalidRequirement, Requirement

    array = edits.array()
    for index, text in enumerate((document.get(*array) if array else None) or ()):
        if not isinstance(text, str):
            continue  # a group that is included
        try:
            yield Requirement(text).name, text, index
        except InvalidRequirement:
            continue


def _edits(document: ManifestDocument, table: Table) -> PypiEdits:
    return PypiEdits(
        document=document,
        feature=table.feature,
        environment=table.environment,
        platform=table.platform,
    )
