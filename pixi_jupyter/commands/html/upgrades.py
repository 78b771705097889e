"""What `update` and `upgrade` moved, as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.commands.html import changed, elements
from pixi_jupyter.commands.html.elements import escape, quiet
from pixi_jupyter.commands.plain import upgrades as plain

if TYPE_CHECKING:
    from pixi_jupyter.verbs.update import UpdateResult
    from pixi_jupyter.verbs.upgrade import UpgradeResult


def update(result: UpdateResult, command: str) -> str:
    """Say what moved in the lock, and what to do next."""
    hint, _, why = plain.update_hint(result).partition("   ")
    next_step = elements.code(hint.replace("{command}", command))
    return elements.box(
        elements.paragraph(elements.spans(plain.update_line(result))),
        changed.consequences(
            result.changed, asked=result.packages, notes=plain.update_notes(result)
        ),
        elements.paragraph(next_step + quiet(f" {escape(why)}")) if hint else "",
    )


def upgrade(result: UpgradeResult, command: str) -> str:
    """Say what the manifest asks for now, and what came of it."""
    del command
    lines = [
        elements.paragraph(elements.spans(plain.upgraded_line(each, result)))
        for each in result.upgraded
    ]
    if not lines:
        lines = [elements.paragraph(elements.spans(plain.unchanged_line(result)))]
    return elements.box(
        *lines,
        changed.consequences(
            result.changed,
            asked=[each.name for each in result.upgraded],
            notes=plain.upgrade_notes(result),
        ),
    )
