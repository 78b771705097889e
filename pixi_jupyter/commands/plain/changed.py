"""What a change did to manifest, lock and prefixes, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.commands import changes
from pixi_jupyter.commands.text import (
    Line,
    Rendered,
    Span,
    count,
    line,
    seconds,
    size,
    table,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pixi_jupyter.lock.diff import LockDiff
    from pixi_jupyter.verbs.add import AddResult
    from pixi_jupyter.verbs.change import Changed
    from pixi_jupyter.verbs.remove import RemoveResult
    from pixi_jupyter.workspace.environments import Installed


_STYLES = {"added": "green", "removed": "red", "downgraded": "yellow"}


def difference(
    diff: LockDiff,
    *,
    asked: Iterable[str] = (),
    here: Iterable[changes.Cell] = (),
) -> list[Line]:
    """Show what changed in a lock, once for all that changed alike.

    Parameters
    ----------
    asked
        Names of packages in the command.
    here
        What was installed; empty where nothing was.
    """
    shown, folded = changes.fold(changes.change_rows(diff, asked=asked, here=here))
    body = table(
        [
            (row.name, row.version, row.channel, size(row.size_bytes), row.note)
            for row in shown
        ],
        right=[3],
        bold=lambda number: shown[number].is_explicit,
    )
    lines = [
        line(Span(f" {row.sign} ", _STYLES.get(row.kind, "")), *spans)
        for row, spans in zip(shown, body, strict=True)
    ]
    if folded:
        lines.append(line(Span(f"   {more(folded)}", "dim")))
    return lines


def more(folded: Sequence[changes.ChangeRow]) -> str:
    """Say how much is not shown, as ``and 139 more come with these, 48.0 MB``."""
    total = sum(row.size_bytes or 0 for row in folded)
    amount = f", {size(total)}" if total else ""
    if any(row.kind != "added" for row in folded):
        kinds = changes.count_kinds(row.kind for row in folded)
        return f"and {len(folded)} more: {kinds}{amount}"
    verb = "comes" if len(folded) == 1 else "come"
    return f"and {len(folded)} more {verb} with these{amount}"


def installed_line(each: Installed) -> Line:
    """Say what was done to a prefix."""
    if not each.changed:
        return line(
            "Environment ",
            Span(each.environment, "bold"),
            " is as it should be, " if each.left_out else " is up to date, ",
            count(each.packages, "package"),
        )
    outcome = each.outcome
    whole = outcome.fetched == each.packages
    fetched = f"{'all' if whole else outcome.fetched} of them downloaded"
    return line(
        "Installed ",
        Span(each.environment, "bold"),
        f", {count(each.packages, 'package')} in {seconds(outcome.seconds)}",
        Span(
            f", {fetched}, {size(outcome.fetched_bytes)}" if outcome.fetched else "",
            "dim",
        ),
    )


def solved_words(changed: Changed) -> str:
    """Say what was solved, as ``Solved 3 environments for 3 platforms in 1.8 s``."""
    if not changed.solved:
        return ""
    environments = {environment for environment, _ in changed.solved}
    platforms = {platform for _, platform in changed.solved}
    return (
        f"Solved {count(len(environments), 'environment')}"
        f" for {count(len(platforms), 'platform')}"
        f" in {seconds(changed.solve_seconds)}"
    )


def here(changed: Changed) -> list[changes.Cell]:
    """List what was installed, as (environment, platform)."""
    return [(each.environment, each.platform.name) for each in changed.installed]


def notes(changed: Changed, gone: Iterable[str] = ()) -> list[str]:
    """Say what else there is to know of a change.

    Parameters
    ----------
    gone
        Names that were taken out of the manifest.
    """
    if changed.diff is None:
        return ["the lock was left as it is"]
    if changed.dry_run:
        return [*changes.reasons(changed.diff), "nothing was written"]
    touched = {change.name for change in changed.diff.changes}
    found = [
        f"{name} stays locked, something else asks for it"
        for name in gone
        if name.lower() not in touched
    ]
    found += changes.reasons(changed.diff)
    for each in changed.installed:
        if names := _caught_up(each, changed.diff):
            found.append(f"{each.environment} also got what was locked before: {names}")
    if not changed.diff.is_empty and not changed.installed:
        found.append("it is locked, no environment was installed")
    return found


def _caught_up(each: Installed, diff: LockDiff) -> str:
    """Name what was brought up to date in a prefix that was behind its lock."""
    outcome = each.outcome
    if len(outcome.added) >= each.packages:
        return ""
    done = {*outcome.added, *outcome.changed_names, *outcome.removed}
    cell = (each.environment, each.platform.name)
    now = {c.name for c in diff.changes if (c.environment, c.platform) == cell}
    return ", ".join(sorted(done - now))


def changed_lines(changed: Changed, asked: Iterable[str]) -> list[Line]:
    """Say what a change did to lock and prefixes."""
    lines: list[Line] = []
    if solved := solved_words(changed):
        lines.append(line(Span(solved, "dim")))
    lines += [installed_line(each) for each in changed.installed]
    if changed.diff is not None and not changed.diff.is_empty:
        body = difference(changed.diff, asked=asked, here=here(changed))
        lines += [(), *body, ()]
    return lines


def noted(texts: Iterable[str]) -> list[Line]:
    """Give sentences as notes."""
    return [line(Span("note: ", "cyan"), text) for text in texts]


def added_lines(result: AddResult) -> list[Line]:
    """Say what was added, or was there already."""
    manifest = result.changed.manifest
    where = _table_words(result.feature, result.environment, result.platforms)
    lines = []
    for each in result.added:
        name = Span(each.name, "bold")
        if each.was_there:
            lines.append(line(name, f" is already in {manifest}{where}"))
            continue
        spec = "" if each.spec == "*" else f" {each.spec}"
        lines.append(
            line(*_done(result.changed, "Added"), name, f"{spec} to {manifest}{where}")
        )
    return lines


def _done(changed: Changed, verb: str) -> tuple[Span | str, ...]:
    """Begin a sentence about something that was done, or that would be."""
    if changed.dry_run:
        return (f"Would be {verb.lower()}: ",)
    return Span("✔ ", "green"), f"{verb} "


def removed_lines(result: RemoveResult) -> list[Line]:
    """Say what was removed."""
    where = _table_words(result.feature, result.environment, ())
    return [
        line(
            *_done(result.changed, "Removed"),
            Span(name, "bold"),
            f" from {result.changed.manifest}{where}",
        )
        for name in result.removed
    ]


def add(result: AddResult) -> Rendered:
    """Show what `add` did."""
    lines = changed_lines(result.changed, [each.name for each in result.added])
    lines += added_lines(result)
    return Rendered(stderr=(*lines, *noted(notes(result.changed))))


def remove(result: RemoveResult) -> Rendered:
    """Show what `remove` did."""
    lines = changed_lines(result.changed, result.removed)
    lines += removed_lines(result)
    return Rendered(stderr=(*lines, *noted(notes(result.changed, result.removed))))


def _table_words(
    feature: str | None, environment: str | None, platforms: Sequence[str]
) -> str:
    words = f", feature {feature}" if feature else ""
    words += f", environment {environment}" if environment else ""
    return words + (f", for {', '.join(platforms)}" if platforms else "")
