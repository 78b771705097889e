"""What there is to agree to, as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.commands.html import elements
from pixi_jupyter.commands.html.elements import bold, code, escape, quiet
from pixi_jupyter.commands.plain.notebook_trust import refusals_of, state_words
from pixi_jupyter.trust import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from pixi_jupyter.trust.models import Facts
    from pixi_jupyter.trust.words import Entry
    from pixi_jupyter.verbs.notebook_trust import NotebookTrustResult, TrustedNotebook


def notebook_trust(result: NotebookTrustResult, command: str) -> str:
    """Show what was agreed to, or what there is."""
    parts = [_notebook(each) for each in result.notebooks]
    if result.dry_run:
        parts.append(elements.footer([code(f"{command} notebook trust FILE")]))
    return elements.box(*parts)


def notebook_untrust(result: NotebookTrustResult, command: str) -> str:
    """Show what was forgotten."""
    del command
    parts = []
    for each in result.notebooks:
        if each.state == "nothing":
            said = state_words(each)
        else:
            said = "is not trusted any more" if each.is_new else "was not trusted"
        sign = elements.tick() if each.is_new else ""
        parts.append(elements.paragraph(f"{sign}{bold(each.path)} {escape(said)}"))
    return elements.box(*parts)


def _notebook(each: TrustedNotebook) -> str:
    good = each.state in ("trusted", "made_here")
    head = f"{bold(each.path)} {escape(state_words(each))}"
    head = elements.paragraph((elements.tick() if good else "") + head)
    return head if each.facts is None else head + _facts(each, each.facts)


def _facts(each: TrustedNotebook, facts: Facts) -> str:
    table = elements.table((), [_row(entry) for entry in words.entries(facts)])
    reasons = refusals_of(facts)
    if not reasons or each.state == "made_here":
        return table + elements.footer([escape(words.AGREEMENT)])
    rows = [[elements.mark("✘", "red") + f" {escape(x)}"] for x in reasons]
    return (
        table
        + elements.paragraph(bold("It is not installed:"))
        + elements.table((), rows)
    )


def _row(entry: Entry) -> list[str]:
    sign = elements.mark("!", "yellow") + " " if entry.is_flagged else ""
    name = bold(entry.label) if entry.is_flagged else escape(entry.label)
    said = "<br>".join(map(escape, entry.lines))
    note = f"<br>{quiet(escape(entry.note))}" if entry.note else ""
    return [sign + name, said + note]


RENDERERS: dict[str, Callable[[Any, str], str]] = {
    "notebook_trust": notebook_trust,
    "notebook_untrust": notebook_untrust,
}
