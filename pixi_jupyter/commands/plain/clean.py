"""What was removed, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.commands.plain.changed import noted
from pixi_jupyter.commands.text import Line, Rendered, Span, line, size

if TYPE_CHECKING:
    from pixi_jupyter.verbs.clean import CleanResult


def clean(result: CleanResult) -> Rendered:
    """Show what is gone, and what the disk gained."""
    verb = "Would remove " if result.dry_run else "Removed "
    lines: list[Line] = [
        line(verb, result.shown(each.path), Span(f", {size(each.freed_bytes)}", "dim"))
        for each in result.removed
    ]
    forget = "Would forget " if result.dry_run else "Forgot "
    lines += [
        line(forget, name, Span(f", {place} is gone", "dim"))
        for name, place in result.pruned
    ]
    tick = "" if result.dry_run or not result.removed else "✔ "
    lines.append(line(Span(tick, "green"), *sum_line(result)))
    hint = ""
    if any(each.kind == "environment" for each in result.removed) and not (
        result.dry_run
    ):
        hint = "{command} install   makes an environment again"
    return Rendered(stderr=(*lines, *noted(clean_notes(result))), hint=hint)


def sum_line(result: CleanResult) -> Line:
    """Say what the disk gained in all."""
    if not result.removed:
        return line("No file was removed" if result.pruned else "Nothing to remove")
    verb = "Would free " if result.dry_run else "Freed "
    return line(verb, Span(size(result.freed_bytes), "bold"))


def clean_notes(result: CleanResult) -> list[str]:
    """Say what stays, and why."""
    found = [f"{result.shown(path)} stays, {reason}" for path, reason in result.kept]
    if result.shared_bytes:
        amount = size(result.shared_bytes)
        where = "the package cache" if result.root else "environments"
        found.append(f"{amount} more are linked from elsewhere, as from {where}")
    return found
