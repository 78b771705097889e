"""Results as text for people and as JSON for programs.

Where pixi writes a verb's answer to stdout it goes there, where pixi writes it to
stderr it goes to stderr, so that scripts carry over.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pixi_jupyter.commands import changes, packages
from pixi_jupyter.commands.text import Line, Span, count, line, seconds, size, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pixi_jupyter.lock.diff import LockDiff
    from pixi_jupyter.verbs.add import AddResult
    from pixi_jupyter.verbs.change import Changed
    from pixi_jupyter.verbs.channel_build import ChannelBuildResult
    from pixi_jupyter.verbs.demo import DemoResult
    from pixi_jupyter.verbs.info import InfoResult
    from pixi_jupyter.verbs.init import InitResult
    from pixi_jupyter.verbs.install import InstallResult
    from pixi_jupyter.verbs.kernel import (
        KernelInstallResult,
        KernelListResult,
        KernelRemoveResult,
    )
    from pixi_jupyter.verbs.list import ListResult
    from pixi_jupyter.verbs.lock import LockResult
    from pixi_jupyter.verbs.remove import RemoveResult
    from pixi_jupyter.verbs.search import SearchResult
    from pixi_jupyter.workspace.environments import Installed


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a face shows of a result."""

    stdout: tuple[Line, ...] = ()
    stderr: tuple[Line, ...] = ()
    hint: str = ""
    """What to do next; ``{command}`` stands for the face's own word."""


def as_json(result: Any) -> str:  # noqa: ANN401  the result of any verb
    """Give a result as one JSON document."""
    return json.dumps(result.to_json(), indent=2, ensure_ascii=False)


def render(verb: str, result: Any, command: str = "pixi-jupyter") -> Rendered:  # noqa: ANN401
    """Give a result as lines of text.

    Parameters
    ----------
    command
        The word that starts a command in the face that shows the lines.
    """
    rendered = _RENDERERS[verb](result)
    if not rendered.hint:
        return rendered
    hint = line(Span("hint: ", "cyan"), rendered.hint.replace("{command}", command))
    return replace(rendered, stderr=(*rendered.stderr, hint))


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
            " is up to date, ",
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
    amount = ""
    if changed.diff is not None:
        environments = len(changes.environments_of(changed.diff))
        platforms = len(changes.platforms_of(changed.diff))
        # what was solved and stayed as it was is not in the difference
        if environments * platforms == changed.solved:
            amount = (
                f" {count(environments, 'environment')}"
                f" for {count(platforms, 'platform')}"
            )
    return f"Solved{amount} in {seconds(changed.solve_seconds)}"


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


def _changed(changed: Changed, asked: Iterable[str]) -> list[Line]:
    lines: list[Line] = []
    if solved := solved_words(changed):
        lines.append(line(Span(solved, "dim")))
    lines += [installed_line(each) for each in changed.installed]
    if changed.diff is not None and not changed.diff.is_empty:
        body = difference(changed.diff, asked=asked, here=here(changed))
        lines += [(), *body, ()]
    return lines


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
            line(Span("✔ ", "green"), "Added ", name, f"{spec} to {manifest}{where}")
        )
    return lines


def removed_lines(result: RemoveResult) -> list[Line]:
    """Say what was removed."""
    where = _table_words(result.feature, result.environment, ())
    return [
        line(
            Span("✔ ", "green"),
            "Removed ",
            Span(name, "bold"),
            f" from {result.changed.manifest}{where}",
        )
        for name in result.removed
    ]


def _noted(texts: Iterable[str]) -> list[Line]:
    return [line(Span("note: ", "cyan"), text) for text in texts]


def _add(result: AddResult) -> Rendered:
    lines = _changed(result.changed, [each.name for each in result.added])
    lines += added_lines(result)
    return Rendered(stderr=(*lines, *_noted(notes(result.changed))))


def _remove(result: RemoveResult) -> Rendered:
    lines = _changed(result.changed, result.removed)
    lines += removed_lines(result)
    return Rendered(stderr=(*lines, *_noted(notes(result.changed, result.removed))))


def _table_words(
    feature: str | None, environment: str | None, platforms: Sequence[str]
) -> str:
    words = f", feature {feature}" if feature else ""
    words += f", environment {environment}" if environment else ""
    return words + (f", for {', '.join(platforms)}" if platforms else "")


def _init(result: InitResult) -> Rendered:
    what = "Created" if result.created else "Added a workspace to"
    return Rendered(
        stderr=(line(Span("✔ ", "green"), f"{what} {result.path}"),),
        hint="{command} add python ipykernel",
    )


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


def _lock(result: LockResult) -> Rendered:
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


def _install(result: InstallResult) -> Rendered:
    lines = [installed_line(each) for each in result.installed]
    lines += _noted(install_notes(result))
    return Rendered(stderr=tuple(lines))


def install_notes(result: InstallResult) -> list[str]:
    """Say what else an install did, or could not do."""
    found = ["the lock was brought up to date"] if result.lock_written else []
    for each in result.installed:
        if each.outcome.repaired:
            names = ", ".join(each.outcome.repaired)
            found.append(f"repaired in {each.environment}: {names}")
    found += [f"{name} cannot run on this computer" for name in result.skipped]
    return found


_TITLES = {"name": "package", "size_bytes": "size"}
LIST_FIELDS = ("name", "version", "source", "size", "why")


def list_keys(result: ListResult) -> list[str]:
    """Give the keys of the columns to show."""
    fields = result.fields or LIST_FIELDS
    return ["size_bytes" if field == "size" else field for field in fields]


def title(key: str) -> str:
    """Give the heading of a column."""
    return _TITLES.get(key, key.replace("_", " "))


def list_words(result: ListResult) -> str:
    """Say how much there is, as ``148 packages, 9 of them explicit, 412.0 MB``."""
    packages = result.packages
    explicit = sum(1 for package in packages if package["is_explicit"])
    words = [count(len(packages), "package")]
    if 0 < explicit < len(packages):
        words.append(f"{explicit} of them explicit")
    if total := sum(package["size_bytes"] or 0 for package in packages):
        words.append(size(total))
    return ", ".join((*words, result.platform))


def _list(result: ListResult) -> Rendered:
    keys = list_keys(result)
    rows = [[title(key) for key in keys]]
    why = packages.why(result.packages) if "why" in keys else {}
    rows += [
        [cell(key, {**package, "why": why.get(package["name"])}) for key in keys]
        for package in result.packages
    ]
    explicit = [False, *(package["is_explicit"] for package in result.packages)]
    right = [number for number, key in enumerate(keys) if key == "size_bytes"]
    body = table(rows, right=right, bold=lambda number: explicit[number], header=True)
    heading = line(Span(result.environment, "bold"), f"   {list_words(result)}")
    return Rendered(stdout=tuple(body), stderr=(heading, ()))


def cell(key: str, package: Mapping[str, Any]) -> str:
    """Give one fact about a package as text."""
    value = package.get(key)
    if key == "size_bytes":
        return size(value)
    if key == "source":
        is_pypi = package.get("kind") == "pypi"
        return "PyPI" if is_pypi else packages.channel_name(value)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _search(result: SearchResult) -> Rendered:
    by_name: dict[str, list[dict[str, Any]]] = {}
    for found in result.found.values():
        for record in found:
            by_name.setdefault(record["name"], []).append(record)
    shown = result.limit_packages if result.limit_packages is not None else 5
    lines: list[Line] = []
    for number, (name, records) in enumerate(by_name.items()):
        if 0 <= shown <= number:
            lines.append(line(Span(f"and {len(by_name) - shown} more packages", "dim")))
            break
        lines += [*_found(name, records, result.limit), ()]
    note = line(Span(f"Using channels: {', '.join(result.channels)}", "dim"))
    return Rendered(
        stdout=tuple(lines[:-1] if lines and not lines[-1] else lines), stderr=(note,)
    )


def _found(name: str, records: list[dict[str, Any]], limit: int | None) -> list[Line]:
    newest = records[0]
    lines = [
        line(
            Span(f"{name} {newest['version']}", "bold"),
            Span(f"  {newest['build']}", "dim"),
        )
    ]
    facts = [
        ("Subdir", newest["subdir"]),
        ("License", newest.get("license") or ""),
        ("Size", size(newest.get("size"))),
        ("URL", newest["url"]),
        ("Needs", ", ".join(newest.get("depends") or ())),
    ]
    lines += table([[f"  {key}", value] for key, value in facts if value])
    versions = list(dict.fromkeys(record["version"] for record in records))[1:]
    limit = 5 if limit is None else limit
    kept = versions if limit < 0 else versions[:limit]
    if kept:
        more = (
            f" and {len(versions) - len(kept)} older"
            if len(versions) > len(kept)
            else ""
        )
        lines.append(line(f"  Others  {', '.join(kept)}{more}"))
    return lines


def _info(result: InfoResult) -> Rendered:
    lines: list[Line] = [line(Span("System", "bold"))]
    lines += table([[f"  {key}", value] for key, value in result.system_rows()])
    if rows := result.workspace_rows():
        lines += [(), line(Span("Workspace", "bold"))]
        lines += table([[f"  {key}", value] for key, value in rows])
    for name, facts in result.environment_rows():
        lines += [(), line(Span(f"Environment {name}", "bold"))]
        lines += table([[f"  {key}", value] for key, value in facts])
    return Rendered(stdout=tuple(lines))


def _kernel_install(result: KernelInstallResult) -> Rendered:
    rows = [[each.display_name, each.name] for each in result.kernels]
    return Rendered(
        stderr=tuple(
            line(Span("✔ ", "green"), "Kernel ", *body)
            for body in table(rows, bold=lambda _: True)
        )
    )


def _kernel_list(result: KernelListResult) -> Rendered:
    if not result.kernels:
        return Rendered(
            stderr=(line("No environment is registered as a kernel"),),
            hint="{command} kernel install",
        )
    rows = [["Kernel", "Name", "Environment", "State"]]
    rows += [
        [each.display_name, each.name, each.environment, each.state]
        for each in result.kernels
    ]
    return Rendered(stdout=tuple(table(rows, header=True)))


def _kernel_remove(result: KernelRemoveResult) -> Rendered:
    if not result.removed:
        return Rendered(stderr=(line("No kernel had to be removed"),))
    return Rendered(
        stderr=tuple(
            line(Span("✔ ", "green"), f"Removed kernel {name}")
            for name in result.removed
        )
    )


def _channel_build(result: ChannelBuildResult) -> Rendered:
    lines = [
        line(
            Span("✔ ", "green"),
            f"Channel {result.url} holds {count(result.packages, 'package')}, ",
            f"{result.built} made in {seconds(result.seconds)}",
        )
    ]
    lines += [line(Span(f"  left out {each}", "dim")) for each in result.skipped]
    return Rendered(stderr=tuple(lines))


def _demo(result: DemoResult) -> Rendered:
    rows = [
        ["channel", result.channel, seconds(result.seconds["channel"])],
        ["lock", result.lock, seconds(result.seconds["lock"])],
        [
            "environments",
            ", ".join(each["name"] for each in result.environments),
            seconds(result.seconds["install"]),
        ],
        ["notebook", result.notebook, seconds(result.seconds["kernel"])],
    ]
    lines = [
        line(Span("✔ ", "green"), "A notebook ran in its own locked environment"),
        (),
        *table([[f"  {a}", b, c] for a, b, c in rows], right=[2]),
        (),
        *(line(f"  Kernel  {each['display_name']}") for each in result.environments),
        (),
        line(Span("hint: ", "cyan"), f"jupyter lab {result.notebook}"),
        line("      with JupyterLab installed: pip install 'pixi-jupyter[lab]'"),
    ]
    return Rendered(stderr=tuple(lines))


_RENDERERS: dict[str, Callable[[Any], Rendered]] = {
    "add": _add,
    "channel_build": _channel_build,
    "demo": _demo,
    "info": _info,
    "init": _init,
    "install": _install,
    "kernel_install": _kernel_install,
    "kernel_list": _kernel_list,
    "kernel_remove": _kernel_remove,
    "list": _list,
    "lock": _lock,
    "remove": _remove,
    "search": _search,
}
