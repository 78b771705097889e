"""What the sub-commands of `workspace` did or found, as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.commands import workspace_verbs
from pixi_jupyter.commands.html import elements
from pixi_jupyter.commands.html.elements import bold, escape, quiet
from pixi_jupyter.commands.plain import changed as plain_changed
from pixi_jupyter.commands.plain import workspace as plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from pixi_jupyter.commands.text import Line
    from pixi_jupyter.verbs.workspace_edit import EditResult, Listing
    from pixi_jupyter.verbs.workspace_export import ExportResult
    from pixi_jupyter.verbs.workspace_settings import ValueResult, VerifyResult


def edited(result: EditResult, command: str) -> str:
    """Say each thing that was done, then what it did to the lock."""
    del command
    rendered = plain.edit_lines(result)
    more = plain_changed.changed_lines(result.changed, ()) if result.changed else []
    return elements.box(
        *map(_line, rendered or plain.edited(result).stderr),
        *(_line(each) for each in more if each),
    )


def listing(result: Listing, command: str) -> str:
    """Give a list: each thing with what is known of it."""
    del command
    if not result.sections:
        nothing = plain.NOTHING.get(result.kind, "There is none")
        return elements.box(elements.paragraph(escape(nothing)))
    rows = [
        [
            bold(section.title) + (f" {quiet(escape(note))}" if note else ""),
            "<br>".join(
                f"{quiet(escape(key))} {escape(', '.join(values))}"
                for key, values in section.facts
            ),
        ]
        for section in result.sections
        for note in [section.note]
    ]
    return elements.box(elements.table((), rows))


def value(result: ValueResult, command: str) -> str:
    """Give one value."""
    del command
    shown = plain.value(result)
    return elements.box(*map(_line, (*shown.stdout, *shown.stderr)))


def verify(result: VerifyResult, command: str) -> str:
    """Say whether this program is the pixi that is needed."""
    del command
    required = escape(result.required or "any pixi")
    if result.fits:
        text = f"{elements.tick()}The workspace needs {required}, this is {result.have}"
        return elements.box(elements.paragraph(text))
    return elements.box(*map(_line, plain.verify(result).stderr))


def exported(result: ExportResult, command: str) -> str:
    """Give the text, or say which files hold it."""
    del command
    if result.text:
        return elements.box(elements.preformatted(result.text))
    return elements.box(*map(_line, plain.exported(result).stderr))


def _line(each: Line) -> str:
    return elements.paragraph(elements.spans(each))


_SHAPES: dict[str, Callable[[Any, str], str]] = {
    "edited": edited,
    "exported": exported,
    "listing": listing,
    "value": value,
    "verify": verify,
}

RENDERERS: dict[str, Callable[[Any, str], str]] = {
    verb: _SHAPES[name] for verb, name in workspace_verbs.RENDERERS.items()
}
"""By the verb."""
