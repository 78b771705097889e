"""What a pyproject.toml says outside of pixi's tables, as pixi understands it.

Rules: pixi 0.77.0, pyproject.toml (read 2026-11); PEP 621 (project metadata), PEP 735
(dependency groups). Requirements are kept as written, their names are read.
"""

from __future__ import annotations

import re
from dataclasses import field
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import nearest
from pixi_jupyter.manifest.models import ProjectRequirements
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pixi_jupyter.manifest.layout import Keys
    from pixi_jupyter.manifest.locate import Source

_REQUIREMENT = re.compile(
    r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[([^\]]*)\])?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """Metadata and requirements of a Python project."""

    name: str | None = None
    version: str | None = None
    description: str | None = None
    authors: object = None
    """As written."""
    python: str | None = None
    """``requires-python``, as a conda version."""
    requirements: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """PEP 508 texts by normalised name."""
    groups: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """The same of each optional dependency and dependency group."""


def normalised(name: str) -> str:
    """Give the form in which PyPI names are compared (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def with_table(
    table: Mapping[str, object], requirements: Mapping[str, tuple[str, ...]]
) -> dict[str, object]:
    """Lay the requirements of a project beside those of pixi's own table."""
    found: dict[str, object] = dict(table)
    spelled = {normalised(name): name for name in table}
    for name, texts in requirements.items():
        key = spelled.get(name, name)
        found[key] = ProjectRequirements(texts=texts, table=table.get(key))
    return found


def read_project(document: Mapping[str, Any], source: Source) -> Project:
    """Read `[project]`, `[dependency-groups]` and the name in `[tool.poetry]`.

    Parameters
    ----------
    document
        The whole file.
    source
        Its text, without a prefix.

    Raises
    ------
    ManifestParseError
    """
    return _ProjectReader(document, source).read()


class _ProjectReader:
    def __init__(self, document: Mapping[str, Any], source: Source) -> None:
        self.source = source
        self.project = self.table(document, "project", ())
        tool = self.table(document, "tool", ())
        self.poetry = self.table(tool, "poetry", ("tool",))
        self.extras = self.table(self.project, "optional-dependencies", ("project",))
        self.groups = self.table(document, "dependency-groups", ())

    def read(self) -> Project:
        python = self.text("requires-python")
        deps = self.project.get("dependencies", [])
        groups = {
            name: self.expanded(self.extra_texts(name, ())) for name in self.extras
        }
        for name in self.groups:
            merged = dict(groups.get(name, {}))
            for each, texts in self.expanded(self.group_texts(name, ())).items():
                merged[each] = (*merged.get(each, ()), *texts)
            groups[name] = merged
        return Project(
            name=self.text("name") or self.poetry.get("name"),
            version=self.text("version") or self.poetry.get("version"),
            description=self.text("description") or self.poetry.get("description"),
            authors=self.project.get("authors") or self.poetry.get("authors"),
            python=python and re.sub(r"\s+", "", python).removeprefix("=="),
            requirements=self.expanded(self.strings(deps, ("project", "dependencies"))),
            groups=groups,
        )

    def table(
        self, inside: Mapping[str, Any], key: str, above: Keys
    ) -> Mapping[str, Any]:
        found = inside.get(key, {})
        if not isinstance(found, dict):
            raise self.source.error((*above, key), "a table belongs here")
        return found

    def text(self, key: str) -> str | None:
        found = self.project.get(key)
        if found is not None and not isinstance(found, str):
            raise self.source.error(("project", key), "a string in quotes belongs here")
        return found

    def strings(self, value: object, keys: Keys) -> list[str]:
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise self.source.error(keys, "an array of strings belongs here")
        for number, text in enumerate(value):
            if not _REQUIREMENT.match(text):
                reason = "a requirement belongs here, such as 'requests >=2'"
                raise self.source.error((*keys, number), reason)
        return value

    def expanded(self, texts: list[str]) -> dict[str, tuple[str, ...]]:
        """Sort requirements by the name they are about."""
        found: dict[str, tuple[str, ...]] = {}
        for text in texts:
            name = _name_and_extras(text)[0]
            found[name] = (*found.get(name, ()), text)
        return found

    def extra_texts(self, name: str, above: tuple[str, ...]) -> list[str]:
        """List the requirements of an extra, with those of extras it refers to."""
        own = normalised(str(self.project.get("name", "")))
        keys = ("project", "optional-dependencies", name)
        found: list[str] = []
        for text in self.strings(self.extras[name], keys):
            about, extras = _name_and_extras(text)
            if about != own:
                found.append(text)
                continue
            for extra in extras:
                if extra in self.extras and extra not in (*above, name):
                    found += self.extra_texts(extra, (*above, name))
        return found

    def group_texts(self, name: str, above: tuple[str, ...]) -> list[str]:
        """List the requirements of a group, with those of groups it includes."""
        keys = ("dependency-groups", name)
        items = self.groups[name]
        if not isinstance(items, list):
            raise self.source.error(keys, "an array belongs here")
        found: list[str] = []
        for number, item in enumerate(items):
            here = (*keys, number)
            match item:
                case str():
                    found += self.strings([item], keys)
                case {"include-group": str() as other, **rest} if not rest:
                    found += self.group_texts(
                        self.group_named(other, (*above, name), here), (*above, name)
                    )
                case _:
                    reason = "a requirement or `include-group` belongs here"
                    raise self.source.error(here, reason)
        return found

    def group_named(self, name: str, above: tuple[str, ...], here: Keys) -> str:
        for known in self.groups:
            if normalised(known) == normalised(name):
                if known in above:
                    reason = f"group `{known}` includes itself"
                    raise self.source.error(here, reason)
                return known
        close = nearest(name, self.groups)
        hint = f"did you mean `{close}`?" if close else ""
        raise self.source.error(here, f"there is no group `{name}`", hint=hint)


def groups_within(document: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Give each extra and dependency group, and those that it takes in.

    Parameters
    ----------
    document
        A pyproject.toml, of which nothing was checked.

    Returns
    -------
    dict
        Names as they are written; each first in its own row.
    """
    project = document.get("project")
    project = project if isinstance(project, dict) else {}
    within: dict[str, list[str]] = {}
    for table, asked in (
        (project.get("optional-dependencies"), _extras_of(project.get("name"))),
        (document.get("dependency-groups"), _included),
    ):
        rows = table if isinstance(table, dict) else {}
        known = {normalised(name): name for name in rows}
        for name, items in rows.items():
            words = [word for item in items for word in asked(item)]
            named = [str(known.get(normalised(word), name)) for word in words]
            within.setdefault(name, [name]).extend(named)
    return {name: _reached(name, within) for name in within}


def _extras_of(project: object) -> Callable[[object], list[str]]:
    """Tell which extras of its own a project's requirement names."""

    def asked(item: object) -> list[str]:
        found = _REQUIREMENT.match(item) if isinstance(item, str) else None
        if found is None or normalised(found[1]) != normalised(str(project or "")):
            return []
        return [each.strip() for each in (found[2] or "").split(",") if each.strip()]

    return asked


def _included(item: object) -> list[str]:
    return [str(item["include-group"])] if isinstance(item, dict) and item else []


def _reached(name: str, within: Mapping[str, list[str]]) -> tuple[str, ...]:
    found, coming = [], [name]
    while coming:
        here = coming.pop(0)
        if here not in found:
            found.append(here)
            coming += within.get(here, [])
    return tuple(found)


def _name_and_extras(text: str) -> tuple[str, list[str]]:
    found = _REQUIREMENT.match(text)
    assert found  # noqa: S101  checked when the array was read
    extras = [extra.strip() for extra in (found[2] or "").split(",") if extra.strip()]
    return normalised(found[1]), extras
