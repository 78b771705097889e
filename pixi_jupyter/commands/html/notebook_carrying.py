"""Environments that notebooks carry, as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.commands.html import elements
from pixi_jupyter.commands.html.elements import bold, code, escape, quiet, spans, tick
from pixi_jupyter.commands.plain import notebook_carrying as plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from pixi_jupyter.verbs.notebook_embed import NotebookEmbedResult
    from pixi_jupyter.verbs.notebook_extract import NotebookExtractResult
    from pixi_jupyter.verbs.notebook_install import NotebookInstallResult


def notebook_embed(result: NotebookEmbedResult, command: str) -> str:
    """Show what notebooks carry now."""
    del command
    parts = []
    for each in result.notebooks:
        parts.append(elements.paragraph(tick() + spans(plain.embedded_line(each))))
        parts.append(elements.paragraph(quiet(escape(plain.embedded_words(each)))))
        parts += [elements.note(escape(text)) for text in each.notes]
    return elements.box(*parts)


def notebook_extract(result: NotebookExtractResult, command: str) -> str:
    """Show which files were written."""
    files = [elements.paragraph(f"{tick()}Wrote {bold(x)}") for x in result.files]
    if result.files:
        words = f"{command} install --manifest-path {result.files[0]} --frozen"
        files.append(elements.paragraph(code(words)))
    return elements.box(*files)


def notebook_install(result: NotebookInstallResult, command: str) -> str:
    """Show what was installed."""
    del command
    parts = []
    for each in result.notebooks:
        parts.append(elements.paragraph(tick() + spans(plain.installed_line(each))))
        parts.append(elements.paragraph(quiet(escape(each.installed.prefix))))
    return elements.box(*parts)


RENDERERS: dict[str, Callable[[Any, str], str]] = {
    "notebook_embed": notebook_embed,
    "notebook_extract": notebook_extract,
    "notebook_install": notebook_install,
}
