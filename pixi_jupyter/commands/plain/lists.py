"""Packages, channels and this computer, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.commands import packages
from pixi_jupyter.commands.text import Line, Rendered, Span, count, line, size, table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixi_jupyter.verbs.info import InfoResult
    from pixi_jupyter.verbs.list import ListResult


_TITLES = {"name": "package", "size_bytes": "size"}

LIST_FIELDS = ("name", "version", "source", "size", "why")


def list_keys(result: ListResult) -> list[str]:
    """Give the keys of the columns to show."""
    fields = result.fields or LIST_FIELDS
    return ["size_bytes" if field == "size" else field for field in fields]


def title(key: str) -> str:
    """Give the heading of a column."""
    return _TITLES.get(key, key.replace("_", " "))


def list_words(result: ListResult) -> str:
    """Say how much there is, as ``148 packages, 9 of them explicit, 412.0 MB``."""
    packages = result.packages
    explicit = sum(1 for package in packages if package["is_explicit"])
    words = [count(len(packages), "package")]
    if 0 < explicit < len(packages):
        words.append(f"{explicit} of them explicit")
    if total := sum(package["size_bytes"] or 0 for package in packages):
        words.append(size(total))
    return ", ".join((*words, result.platform))


def list_packages(result: ListResult) -> Rendered:
    """Show the packages of an environment."""
    keys = list_keys(result)
    rows = [[title(key) for key in keys]]
    why = packages.why(result.packages) if "why" in keys else {}
    rows += [
        [cell(key, {**package, "why": why.get(package["name"])}) for key in keys]
        for package in result.packages
    ]
    explicit = [False, *(package["is_explicit"] for package in result.packages)]
    right = [number for number, key in enumerate(keys) if key == "size_bytes"]
    body = table(rows, right=right, bold=lambda number: explicit[number], header=True)
    heading = line(Span(result.environment, "bold"), f"   {list_words(result)}")
    return Rendered(stdout=tuple(body), stderr=(heading, ()))


def cell(key: str, package: Mapping[str, Any]) -> str:
    """Give one fact about a package as text."""
    value = package.get(key)
    if key == "size_bytes":
        return size(value)
    if key == "source":
        is_pypi = package.get("kind") == "pypi"
        return "PyPI" if is_pypi else packages.channel_name(value)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def info(result: InfoResult) -> Rendered:
    """Show what `info` tells."""
    lines: list[Line] = [line(Span("System", "bold"))]
    lines += table([[f"  {key}", value] for key, value in result.system_rows()])
    if rows := result.workspace_rows():
        lines += [(), line(Span("Workspace", "bold"))]
        lines += table([[f"  {key}", value] for key, value in rows])
    for name, facts in result.environment_rows():
        lines += [(), line(Span(f"Environment {name}", "bold"))]
        lines += table([[f"  {key}", value] for key, value in facts])
    return Rendered(stdout=tuple(lines))
