"""Environments that notebooks carry, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.commands.plain.changed import noted
from pixi_jupyter.commands.text import Line, Rendered, Span, count, line, seconds, size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pixi_jupyter.verbs.notebook_embed import Embedded, NotebookEmbedResult
    from pixi_jupyter.verbs.notebook_extract import NotebookExtractResult
    from pixi_jupyter.verbs.notebook_install import (
        NotebookInstalled,
        NotebookInstallResult,
    )


def notebook_embed(result: NotebookEmbedResult) -> Rendered:
    """Show what notebooks carry now."""
    lines: list[Line] = []
    for each in result.notebooks:
        lines.append(line(Span("✔ ", "green"), *embedded_line(each)))
        lines.append(line(Span(f"  {embedded_words(each)}", "dim")))
        lines += noted(each.notes)
    return Rendered(stderr=tuple(lines))


def embedded_line(each: Embedded) -> Line:
    """Say which environment a notebook carries."""
    verb = "carries" if each.changed else "carries already"
    whose = f" of {each.workspace}" if each.workspace else ""
    return line(
        Span(each.path.name, "bold"), f" {verb} ", Span(each.environment, "bold"), whose
    )


def embedded_words(each: Embedded) -> str:
    """Say how much that is."""
    amount = f"{count(each.packages, 'package')} for {_names(each.platforms)}"
    if not each.platforms:
        amount = "not locked yet"
    return f"{amount}, {size(each.bytes)} in the notebook; {each.why}"


def notebook_extract(result: NotebookExtractResult) -> Rendered:
    """Show which files were written."""
    return Rendered(
        stderr=tuple(
            line(Span("✔ ", "green"), "Wrote ", Span(str(path), "bold"))
            for path in result.files
        ),
        hint=f"{{command}} install --manifest-path {result.files[0]} --frozen"
        if result.files
        else "",
    )


def notebook_install(result: NotebookInstallResult) -> Rendered:
    """Show what was installed."""
    lines: list[Line] = []
    for each in result.notebooks:
        lines.append(line(Span("✔ ", "green"), *installed_line(each)))
        lines.append(line(Span(f"  {each.installed.prefix}", "dim")))
    return Rendered(stderr=tuple(lines))


def installed_line(each: NotebookInstalled) -> Line:
    """Say what was done for a notebook."""
    name, packages = Span(each.path.name, "bold"), each.installed.packages
    amount = count(packages, "package")
    if not each.installed.changed:
        return line(name, f" is ready, {amount}, nothing had to be installed")
    how = "as locked" if not each.opened.solved_for else "solved here"
    return line(name, f" is ready, {amount} {how}, in {seconds(each.seconds)}")


def _names(names: Sequence[str]) -> str:
    return ", ".join(names)
