"""What there is to agree to, as text."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from pixi_jupyter.commands.text import Line, Rendered, Span, line
from pixi_jupyter.trust import words
from pixi_jupyter.trust.addresses import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pixi_jupyter.trust.models import Facts
    from pixi_jupyter.verbs.notebook_trust import NotebookTrustResult, TrustedNotebook


def notebook_trust(result: NotebookTrustResult) -> Rendered:
    """Show what was agreed to, or what there is."""
    lines: list[Line] = []
    for each in result.notebooks:
        if lines:
            lines.append(())
        lines += _notebook(each)
    asks = result.dry_run and any(
        each.state == "not_trusted" for each in result.notebooks
    )
    hint = "{command} notebook trust FILE   agrees to exactly this content"
    return Rendered(
        stdout=tuple(lines), hint=hint if asks and _is_possible(result) else ""
    )


def notebook_untrust(result: NotebookTrustResult) -> Rendered:
    """Show what was forgotten."""
    return Rendered(stderr=tuple(_forgotten(each) for each in result.notebooks))


def state_words(each: TrustedNotebook) -> str:
    """Say how it stands with a notebook, to follow its name."""
    if each.state == "nothing":
        return "carries no environment, there is nothing to agree to"
    if each.state == "made_here":
        return "has an environment that was made on this computer"
    if each.state == "trusted":
        was = "is" if each.is_new else "was already"
        return f"{was} trusted, with exactly this content"
    return "came from elsewhere and brings its own environment, not agreed to"


def refusals_of(facts: Facts) -> list[str]:
    """Say why nobody can agree to it, a sentence each."""
    return [*facts.forbidden, *(each.text for each in facts.refusals)]


def _is_possible(result: NotebookTrustResult) -> bool:
    return not any(each.facts and refusals_of(each.facts) for each in result.notebooks)


def _notebook(each: TrustedNotebook) -> Iterator[Line]:
    good = each.state in ("trusted", "made_here")
    sign = [Span("✔ ", "green")] if good else []
    yield line(*sign, Span(shown(str(each.path)), "bold"), f" {state_words(each)}")
    if each.facts is None:
        return
    yield line("Installing it uses:" if good else "Installing it would use:")
    yield ()
    for text in words.lines(each.facts):
        is_flagged = text.startswith("!")
        yield line(Span(text, "yellow")) if is_flagged else line(text)
    yield ()
    reasons = refusals_of(each.facts)
    if reasons and each.state != "made_here":
        yield line(Span("It is not installed:", "red"))
        for reason in reasons:
            for text in textwrap.wrap(
                reason, words.WIDTH - 4, break_on_hyphens=False, break_long_words=False
            ):
                yield line(f"  {text}")
    else:
        yield line(Span(words.AGREEMENT, "dim"))


def _forgotten(each: TrustedNotebook) -> Line:
    name = Span(shown(str(each.path)), "bold")
    if each.state == "nothing":
        return line(name, f" {state_words(each)}")
    if each.is_new:
        return line(Span("✔ ", "green"), name, " is not trusted any more")
    return line(name, " was not trusted")
