"""What the sub-commands of `workspace` did or found, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.commands.plain.changed import changed_lines, noted, notes
from pixi_jupyter.commands.text import Rendered, Span, line, table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pixi_jupyter.commands.text import Line
    from pixi_jupyter.verbs.workspace_edit import (
        Edit,
        EditResult,
        Listing,
        Section,
    )
    from pixi_jupyter.verbs.workspace_export import ExportResult
    from pixi_jupyter.verbs.workspace_settings import ValueResult, VerifyResult

_SAID = {
    "added": "Added",
    "updated": "Updated",
    "removed": "Removed",
    "moved": "Moved",
}
_WITHIN = {"removed": "from", "added": "to"}
_TITLES = {
    "environment": "Environments:",
    "feature": "Features:",
    "platform": "Platforms:",
}
_USES = {
    "environments": "Used in environments",
    "features": "Used in features",
    "inline": "Declared inline in environments",
}
NOTHING = {
    "activation": "Nothing is done when an environment is activated",
    "preview": "No preview flag is on",
    "registered": "No workspace has a name on this computer",
}
"""What is said of an empty list."""


def edited(result: EditResult) -> Rendered:
    """Show what was done to a manifest, as pixi does: one line for each thing."""
    changed = result.changed
    lines = changed_lines(changed, ()) if changed else []
    lines += edit_lines(result)
    if not result.edits:
        lines.append(line("Nothing had to be changed"))
    touched = any(each.action != "kept" for each in result.edits)
    more = notes(changed) if changed is not None and touched else ()
    return Rendered(stderr=(*lines, *noted(more)))


def edit_lines(result: EditResult) -> list[Line]:
    """Say each thing that was done, or that needed nothing."""
    return [_edit_line(each, result) for each in result.edits]


def _edit_line(edit: Edit, result: EditResult) -> Line:
    where = _where(result, _WITHIN.get(edit.action, "in"))
    what = f"{edit.kind} " if edit.name else edit.kind
    if edit.action == "kept":
        told = f" is {edit.value}" if edit.value else ""
        return line(f"{what}", Span(edit.name, "bold"), f"{told} already{where}")
    sign = "=" if edit.kind == "variable" else " to " if not edit.name else " "
    value = f"{sign}{edit.value}" if edit.value else ""
    if edit.name and edit.value and edit.kind != "variable":
        value = f" ({edit.value})"
    return line(
        Span("✔ ", "green"),
        f"{_SAID[edit.action]} {what}",
        Span(edit.name, "bold"),
        f"{value}{where}",
    )


def _where(result: EditResult, word: str) -> str:
    found = f" {word} feature {result.feature}" if result.feature else ""
    found += f" {word} environment {result.environment}" if result.environment else ""
    return found + (f" for {result.target}" if result.target else "")


def listing(result: Listing) -> Rendered:
    """Show a list in pixi's lines."""
    if not result.sections:
        return Rendered(stderr=(line(NOTHING.get(result.kind, "There is none")),))
    return Rendered(stdout=tuple(listing_lines(result)))


def listing_lines(result: Listing) -> list[Line]:
    """Give the lines of a list that is not empty."""
    match result.kind:
        case "channel":
            return [each for section in result.sections for each in _bullets(section)]
        case "preview":
            return [line(section.title) for section in result.sections]
        case "registered":
            return table([(s.title, s.facts[0][1][0]) for s in result.sections])
        case "activation":
            return [each for section in result.sections for each in _tree(section)]
        case "platform":
            return list(_platforms(result))
        case _:
            entries = [each for section in result.sections for each in _entry(section)]
            return [line(_TITLES[result.kind]), *entries]


def _bullets(section: Section) -> Iterable[Line]:
    yield line(Span("Environment: ", "bold"), section.title)
    for name in section.facts[0][1]:
        yield line(f"- {name}")


def _tree(section: Section) -> Iterable[Line]:
    yield line(Span(section.title, "bold"))
    for key, values in section.facts:
        yield line(f"  {key}:")
        for value in values:
            yield line(f"    - {value}" if key == "scripts" else f"    {value}")


def _entry(section: Section) -> Iterable[Line]:
    yield line("- ", Span(section.title, "bold"), ":" if section.facts else "")
    for key, values in section.facts:
        yield line(f"    {key}: {', '.join(values)}")


def _platforms(result: Listing) -> Iterable[Line]:
    host, *rows = result.sections
    yield line("Your current machine was detected as:")
    yield line(f"    {', '.join(host.facts[0][1])}")
    if rows:
        yield ()
        yield line(Span("Platforms:", "bold"))
    for section in rows:
        known = dict(section.facts)
        yield line(Span(section.title, "bold"), f": {', '.join(known['platform'])}")
        for key, words in _USES.items():
            if key in known:
                yield line(f"    {words}: {', '.join(known[key])}")


def value(result: ValueResult) -> Rendered:
    """Show one value, and nothing where there is none."""
    if result.value is None:
        return Rendered(stderr=(line(f"The workspace has no {result.key}"),))
    return Rendered(stdout=(line(result.value),))


def verify(result: VerifyResult) -> Rendered:
    """Say what is wrong; nothing where nothing is, as pixi."""
    return Rendered(stderr=tuple(line(each) for each in result.words))


def exported(result: ExportResult) -> Rendered:
    """Show the text, or which files hold it."""
    if result.text:
        return Rendered(stdout=tuple(line(each) for each in result.text.splitlines()))
    done = [
        line(Span("✔ ", "green"), "Wrote ", Span(str(path), "bold"))
        for path in result.files
    ]
    nothing = line("There is nothing to export, no file was written")
    return Rendered(stderr=tuple(done) or (nothing,))
