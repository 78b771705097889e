"""What `update` and `upgrade` moved, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.commands import changes
from pixi_jupyter.commands.plain import changed as plain
from pixi_jupyter.commands.text import Line, Rendered, Span, line

if TYPE_CHECKING:
    from pixi_jupyter.verbs.update import UpdateResult
    from pixi_jupyter.verbs.upgrade import UpgradedDependency, UpgradeResult


def update(result: UpdateResult) -> Rendered:
    """Show what `update` did."""
    return Rendered(
        stderr=(
            *plain.changed_lines(result.changed, result.packages),
            update_line(result),
            *plain.noted(update_notes(result)),
        ),
        hint=update_hint(result),
    )


def update_line(result: UpdateResult) -> Line:
    """Say what became of the lock."""
    path = Span(result.path, "bold")
    if not _moved(result):
        return line(Span("✔ ", "green"), path, " stays as it is, nothing newer fits")
    if result.dry_run:
        return line(path, " would be updated")
    return line(Span("✔ ", "green"), "Updated ", path)


def update_notes(result: UpdateResult) -> list[str]:
    """Say what held versions back, and why some went down."""
    found = changes.reasons(result.changed.diff) if result.changed.diff else []
    found += [
        f"{name} is solved together with {mate}, which was not named and stays"
        for name, mate in result.held
    ]
    return found


def update_hint(result: UpdateResult) -> str:
    """Say what to do next; ``{command}`` stands for the face's own word."""
    if not _moved(result):
        return "{command} upgrade   goes beyond what the manifest allows"
    return (
        "" if result.dry_run else "{command} install   brings environments up to date"
    )


def _moved(result: UpdateResult) -> bool:
    diff = result.changed.diff
    return result.written or (diff is not None and not diff.is_empty)


def upgrade(result: UpgradeResult) -> Rendered:
    """Show what `upgrade` did."""
    lines = plain.changed_lines(result.changed, [each.name for each in result.upgraded])
    lines += [upgraded_line(each, result) for each in result.upgraded]
    if not result.upgraded:
        lines.append(unchanged_line(result))
    return Rendered(stderr=(*lines, *plain.noted(upgrade_notes(result))))


def upgraded_line(each: UpgradedDependency, result: UpgradeResult) -> Line:
    """Say what a dependency was, and is now."""
    before = "" if each.before == "*" else f" {each.before}"
    verb = "Would upgrade " if result.dry_run else "Upgraded "
    tick = [] if result.dry_run else [Span("✔ ", "green")]
    where = f", {words}" if (words := table_words(each)) else ""
    whose = " of PyPI" if each.kind == "pypi" else ""
    change = f"{whose}{before} to {each.after}{where}"
    return line(*tick, verb, Span(each.name, "bold"), change)


def table_words(each: UpgradedDependency) -> str:
    """Say in which table it stands; nothing for the workspace's own."""
    table = each.table
    is_own = table.feature == "default" and not table.environment
    return (table.platform or "") if is_own else table.title


def unchanged_line(result: UpgradeResult) -> Line:
    """Say that the manifest stays."""
    manifest = result.changed.manifest
    if result.changed.diff is None:
        return line(f"Nothing was upgraded in {manifest}")
    return line(Span("✔ ", "green"), f"{manifest} stays as it is, nothing newer fits")


def upgrade_notes(result: UpgradeResult) -> list[str]:
    """Say what was left, and what else there is to know."""
    if result.changed.diff is None:
        return list(result.notes)
    if result.dry_run:
        found = changes.reasons(result.changed.diff)
        return [*found, *result.notes, "nothing was written"]
    return [*plain.notes(result.changed), *result.notes]
