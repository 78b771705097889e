"""Locks and installs, as text."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from pixi_jupyter.commands.plain.changed import difference, installed_line, noted
from pixi_jupyter.commands.text import Line, Rendered, Span, count, line, seconds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pixi_jupyter.verbs.init import InitResult
    from pixi_jupyter.verbs.install import InstallResult
    from pixi_jupyter.verbs.lock import LockResult
    from pixi_jupyter.verbs.reinstall import ReinstallResult

_FEW = 6
"""So many packages are named."""


def lock_line(result: LockResult) -> Line:
    """Say what became of the lock."""
    amount = (
        f"{count(result.environments, 'environment')} for"
        f" {count(result.platforms, 'platform')}"
    )
    path = Span(result.path, "bold")
    if result.unsolved:
        return line(path, f" was not solved ({result.unsolved})")
    if result.is_current:
        return line(Span("✔ ", "green"), path, f" is up to date, {amount}")
    took = f"{amount}, solved in {seconds(result.seconds)}"
    if result.dry_run:
        return line(path, f" would be written anew: {took}")
    return line(Span("✔ ", "green"), "Locked ", path, f": {took}")


def lock(result: LockResult) -> Rendered:
    """Show what `lock` decided."""
    lines: list[Line] = list(difference(result.diff))
    if lines:
        lines = [(), *lines, ()]
    wants_lock = result.unsolved or (result.dry_run and not result.is_current)
    return Rendered(
        stderr=(*lines, lock_line(result)),
        hint="{command} lock   keeps every version that still fits"
        if wants_lock
        else "",
    )


def install(result: InstallResult) -> Rendered:
    """Show what `install` did."""
    lines = [installed_line(each) for each in result.installed]
    lines += noted(install_notes(result))
    is_part = any(each.left_out for each in result.installed)
    hint = "{command} install   brings the rest" if is_part else ""
    return Rendered(stderr=tuple(lines), hint=hint)


def install_notes(result: InstallResult) -> list[str]:
    """Say what else an install did, or could not do."""
    found = ["the lock was brought up to date"] if result.lock_written else []
    for each in result.installed:
        if each.outcome.repaired:
            names = ", ".join(each.outcome.repaired)
            found.append(f"repaired in {each.environment}: {names}")
        if each.left_out:
            found.append(f"left out of {each.environment}: {_named(each.left_out)}")
    found += [f"{name} cannot run on this computer" for name in result.skipped]
    return found


def reinstall(result: ReinstallResult) -> Rendered:
    """Show what `reinstall` did."""
    lines = reinstall_lines(result)
    return Rendered(stderr=(*lines, *noted(reinstall_notes(result))))


def reinstall_lines(result: ReinstallResult) -> list[Line]:
    """Say for each environment which packages were linked again."""
    seconds_of = {e.environment: e.outcome.seconds for e in result.installed}
    lines = []
    for each in result.reinstalled:
        name = Span(each.environment, "bold")
        verb = "reinstall" if each.again else "install"
        what = _named(each.again or each.added)
        if not what:
            lines.append(line(name, " has no such package"))
        elif result.dry_run:
            lines.append(line(f"Would {verb} {what} in ", name))
        else:
            took = seconds(seconds_of[each.environment])
            tick = Span("✔ ", "green")
            done = f"{verb.capitalize()}ed {what} in "
            lines.append(line(tick, done, name, f", {took}"))
    return lines


def _named(packages: Sequence[str]) -> str:
    if len(packages) <= _FEW:
        return ", ".join(packages)
    return count(len(packages), "package")


def reinstall_notes(result: ReinstallResult) -> list[str]:
    """Say what else a reinstall did, or could not do."""
    found = ["the lock was brought up to date"] if result.lock_written else []
    verb = "would also be " if result.dry_run else "also "
    for each in result.reinstalled:
        for names, word in (
            (each.added if each.again else (), "installed"),
            (each.changed, "updated"),
            (each.removed, "removed"),
        ):
            if names:
                where = f"{verb}{word} in {each.environment}"
                found.append(f"{where}: {_named(names)}")
    return found + [f"{name} cannot run on this computer" for name in result.skipped]


def init(result: InitResult) -> Rendered:
    """Show what `init` made."""
    if not result.changed:
        return Rendered(stderr=tuple(line(text) for text in init_lines(result)))
    return Rendered(
        stderr=tuple(line(Span("✔ ", "green"), text) for text in init_lines(result)),
        hint=init_hint(result),
    )


def init_hint(result: InitResult) -> str:
    """Say what to do next."""
    name = shlex.quote(str(result.path))
    if result.is_notebook:
        return "%pixi add PACKAGE   in its kernel, Pixi: this notebook"
    if result.is_script:
        return f"{{command}} add --script {name} PACKAGE"
    return "{command} add python ipykernel"


def init_lines(result: InitResult) -> list[str]:
    """Say what was made, a sentence each."""
    if not result.changed:
        return [f"Nothing to do: {result.path} is a workspace already"]
    added = "Added a block to" if result.is_script else "Added a workspace to"
    if result.is_notebook:
        added = "Added an environment to"
    what = "Created" if result.created else added
    lines = [f"{what} {result.path}"]
    if result.editable:
        lines.append(f"Added package {result.editable} as an editable dependency")
    if result.environments:
        noun = "environment" if len(result.environments) == 1 else "environments"
        lines.append(f"Added {noun} {', '.join(result.environments)}")
    return lines
