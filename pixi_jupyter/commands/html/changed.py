"""What `add`, `remove`, `lock` and `install` did, as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.commands import changes
from pixi_jupyter.commands.html import elements
from pixi_jupyter.commands.html.elements import bold, escape, quiet, tick
from pixi_jupyter.commands.plain import changed as plain
from pixi_jupyter.commands.plain import environments
from pixi_jupyter.commands.text import count, seconds, size

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pixi_jupyter.commands.changes import Cell, ChangeRow
    from pixi_jupyter.lock.diff import LockDiff
    from pixi_jupyter.verbs.add import AddResult
    from pixi_jupyter.verbs.change import Changed
    from pixi_jupyter.verbs.install import InstallResult
    from pixi_jupyter.verbs.lock import LockResult
    from pixi_jupyter.verbs.reinstall import ReinstallResult
    from pixi_jupyter.verbs.remove import RemoveResult
    from pixi_jupyter.workspace.environments import Installed

_MARKS = {
    "added": ("+", "green"),
    "removed": ("\u2212", "red"),
    "downgraded": ("\u2193", "yellow"),
    "upgraded": ("\u2191", ""),
    "changed": ("~", ""),
}


def add(result: AddResult, command: str) -> str:
    """Say what was added, and what came of it."""
    del command
    where = _where(result.feature, result.environment, result.platforms)
    manifest = escape(result.changed.manifest) + where
    new = [
        bold(each.name) + ("" if each.spec == "*" else f" {_unbroken(each.spec)}")
        for each in result.added
        if not each.was_there
    ]
    old = [bold(each.name) for each in result.added if each.was_there]
    verb = "is" if len(old) == 1 else "are"
    return elements.box(
        elements.paragraph(
            f"{_done(result.changed, 'Added')}{_listed(new)} to {manifest}"
        )
        if new
        else "",
        elements.paragraph(f"{_listed(old)} {verb} already in {manifest}")
        if old
        else "",
        consequences(
            result.changed,
            asked=[each.name for each in result.added],
            notes=plain.notes(result.changed),
        ),
    )


def remove(result: RemoveResult, command: str) -> str:
    """Say what was removed, and what came of it."""
    del command
    where = _where(result.feature, result.environment, ())
    names = _listed([bold(name) for name in result.removed])
    return elements.box(
        elements.paragraph(
            f"{_done(result.changed, 'Removed')}{names} from "
            f"{escape(result.changed.manifest)}{where}"
        ),
        consequences(
            result.changed,
            asked=result.removed,
            notes=plain.notes(result.changed, result.removed),
        ),
    )


def _done(changed: Changed, verb: str) -> str:
    return f"Would be {verb.lower()}: " if changed.dry_run else f"{tick()}{verb} "


def lock(result: LockResult, command: str) -> str:
    """Say whether the lock fits, and what changed in it."""
    why = ""
    # a check has told its reasons before it solved
    if result.reasons and not result.check:
        title = "It was out of date, " + count(len(result.reasons), "reason")
        why = elements.details(title, elements.preformatted("\n".join(result.reasons)))
    wants_lock = result.unsolved or (result.dry_run and not result.is_current)
    next_step = elements.paragraph(
        elements.code(f"{command} lock")
        + quiet(" (keeps every version that still fits)")
    )
    return elements.box(
        elements.paragraph(elements.spans(environments.lock_line(result))),
        difference(result.diff),
        why,
        next_step if wants_lock else "",
    )


def install(result: InstallResult, command: str) -> str:
    """Say for each environment what was done to its prefix."""
    del command
    return elements.box(
        *(
            elements.paragraph(
                (tick() if each.changed else "")
                + elements.spans(plain.installed_line(each))
            )
            + _names(each)
            for each in result.installed
        ),
        *map(elements.note, environments.install_notes(result)),
    )


def reinstall(result: ReinstallResult, command: str) -> str:
    """Say for each environment what was linked again."""
    del command
    return elements.box(
        *(
            elements.paragraph(elements.spans(line))
            for line in environments.reinstall_lines(result)
        ),
        *map(elements.note, environments.reinstall_notes(result)),
    )


def difference(
    diff: LockDiff, *, asked: Iterable[str] = (), here: Iterable[Cell] = ()
) -> str:
    """Give what changed as a table; what came along is folded where it is much."""
    rows = changes.change_rows(diff, asked=asked, here=here)
    shown, folded = changes.fold(rows)
    cut = elements.split(len(shown))
    return "".join(
        (
            _table(shown[:cut]),
            _columns(shown[cut:]) if shown[cut:] else "",
            elements.details(plain.more(folded), _columns(folded)) if folded else "",
        )
    )


def consequences(
    changed: Changed, *, asked: Iterable[str], notes: Iterable[str]
) -> str:
    """Say what a change did to lock and prefixes."""
    if changed.diff is None:
        return "".join(map(elements.note, notes))
    diff, here = changed.diff, plain.here(changed)
    parts = [_measure(each, diff) for each in changed.installed]
    if changed.solved:
        parts.append(f"solved in {_unbroken(seconds(changed.solve_seconds))}")
    platforms = changes.platforms_of(diff)
    if platforms:
        verb = "would be locked" if changed.dry_run else "locked"
        parts.append(f"{verb} for {', '.join(map(_unbroken, platforms))}")
    return "".join(
        (
            difference(diff, asked=asked, here=here),
            elements.footer(parts),
            *map(elements.note, notes),
        )
    )


def _measure(each: Installed, diff: LockDiff) -> str:
    name = escape(each.environment)
    if not each.changed:
        return f"{name} is up to date"
    outcome = each.outcome
    words = [changes.tally(diff, (each.environment, each.platform.name))]
    if outcome.fetched:
        words.append(f"{_unbroken(size(outcome.fetched_bytes))} downloaded")
    words.append(_unbroken(seconds(outcome.seconds)))
    return f"{name}: {', '.join(filter(None, words))}"


def _table(rows: Sequence[ChangeRow]) -> str:
    moved = any(row.before and row.after for row in rows)
    sized = any(row.size_bytes for row in rows)
    head = ["", "Package", *(("Before", "After") if moved else ("Version",))]
    head += ["Channel", *(("Size",) if sized else ())]
    body = []
    for row in rows:
        name = bold(row.name) if row.is_explicit else escape(row.name)
        # beside the name, which is in sight however narrow the output is
        name += " " + quiet(f"({escape(row.note)})") if row.note else ""
        versions = [row.before, row.after] if moved else [row.version]
        body.append(
            [
                elements.mark(*_MARKS[row.kind]),
                name,
                *(_unbroken(text) or quiet("\u2013") for text in versions),
                quiet(escape(row.channel)),
                *((_unbroken(size(row.size_bytes)),) if sized else ()),
            ]
        )
    return elements.table(head, body, right=[head.index("Size")] if sized else [])


def _columns(rows: Sequence[ChangeRow]) -> str:
    channels = {row.channel for row in rows}
    return elements.columns(
        [
            (
                f"{row.sign} {row.name}",
                row.version,
                # one name for all would only be noise
                row.channel if len(channels) > 1 else "",
                size(row.size_bytes),
                row.note,
            )
            for row in rows
        ],
        right=[3],
    )


def _names(each: Installed) -> str:
    """Name what was changed, where it was not all."""
    outcome = each.outcome
    told = [
        ("changed", outcome.changed_names),
        ("removed", outcome.removed),
        ("added", outcome.added if len(outcome.added) < each.packages else ()),
    ]
    return elements.facts((word, ", ".join(names)) for word, names in told if names)


def _where(
    feature: str | None, environment: str | None, platforms: Sequence[str]
) -> str:
    words = f", feature {escape(feature)}" if feature else ""
    words += f", environment {escape(environment)}" if environment else ""
    shown = ", ".join(map(_unbroken, platforms))
    return words + (f", for {shown}" if platforms else "")


def _unbroken(text: str) -> str:
    """Keep a version or a platform on one line."""
    return f'<span style="white-space:nowrap">{escape(text)}</span>' if text else ""


def _listed(markup: Sequence[str]) -> str:
    if len(markup) <= 1:
        return "".join(markup)
    return f"{', '.join(markup[:-1])} and {markup[-1]}"
