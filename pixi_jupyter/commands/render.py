"""Results as text for people and as JSON for programs.

Where pixi writes a verb's answer to stdout it goes there, where pixi writes it to
stderr it goes to stderr, so that scripts carry over.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pixi_jupyter.lock.diff import Change, ChangeKind, LockDiff
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
class Span:
    """A piece of text in one style."""

    text: str
    style: str = ""
    """bold, dim, green, yellow, red, cyan, or empty."""


Line: TypeAlias = tuple[Span, ...]
"""A line of text; its style is lost without harm."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a face shows of a result."""

    stdout: tuple[Line, ...] = ()
    stderr: tuple[Line, ...] = ()


def line(*parts: str | Span) -> Line:
    """Make a line of plain texts and spans."""
    return tuple(part if isinstance(part, Span) else Span(part) for part in parts)


def plain(lines: Iterable[Line]) -> str:
    """Give lines as text without any style."""
    return "\n".join("".join(span.text for span in each).rstrip() for each in lines)


def as_json(result: Any) -> str:  # noqa: ANN401  the result of any verb
    """Give a result as one JSON document."""
    return json.dumps(result.to_json(), indent=2, ensure_ascii=False)


def render(verb: str, result: Any) -> Rendered:  # noqa: ANN401
    """Give a result as lines of text."""
    return _RENDERERS[verb](result)


def table(
    rows: Sequence[Sequence[str]],
    *,
    right: Iterable[int] = (),
    bold: Callable[[int], bool] | None = None,
    header: bool = False,
) -> list[Line]:
    """Align rows into columns two blanks apart.

    Parameters
    ----------
    right
        Columns that are aligned to the right.
    bold
        Tells for a row whether its first cell is bold.
    header
        Whether the first row is a heading.
    """
    if not rows:
        return []
    right = set(right)
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for number, row in enumerate(rows):
        cells = [
            text.rjust(width) if i in right else text.ljust(width)
            for i, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        if header and number == 0:
            lines.append(line(Span("  ".join(cells).rstrip(), "dim")))
            continue
        style = "bold" if bold and bold(number) else ""
        lines.append(line(Span(cells[0], style), "  " + "  ".join(cells[1:]).rstrip()))
    return lines


def size(count: int | None) -> str:
    """Give bytes in decimal units, as `9.4 MB`."""
    if count is None:
        return ""
    value = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000 or unit == "GB":  # noqa: PLR2004  decimal units
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return ""


def seconds(value: float) -> str:
    """Give a time as `1.8 s`."""
    return f"{value:.1f} s"


def count(number: int, noun: str) -> str:
    """Give a number with its noun, as `3 environments`."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


_SIGNS = {
    "added": ("+", "green"),
    "removed": ("-", "red"),
    "upgraded": ("~", ""),
    "downgraded": ("~", "yellow"),
    "changed": ("~", ""),
}
_ORDER = ("removed", "downgraded", "upgraded", "changed", "added")


def difference(diff: LockDiff) -> list[Line]:
    """Show what changed in a lock, once for all that changed alike."""
    grouped: dict[tuple[ChangeKind, str, str, str], list[Change]] = {}
    for change in diff.changes:
        key = (
            change.kind,
            change.name,
            _version(change.before),
            _version(change.after),
        )
        grouped.setdefault(key, []).append(change)
    everywhere = {(c.environment, c.platform) for c in diff.changes}
    rows, styles = [], []
    keys = sorted(
        grouped,
        key=lambda key: (
            not any(change.explicit for change in grouped[key]),
            _ORDER.index(key[0]),
            key[1],
        ),
    )
    for kind, name, before, after in keys:
        key = (kind, name, before, after)
        versions = f"{before} -> {after}" if before and after else before or after
        places = {(c.environment, c.platform) for c in grouped[key]}
        notes = ["downgrade"] if kind == "downgraded" else []
        if places != everywhere:
            notes.append(_places(places))
        rows.append((name, versions, "  ".join(notes)))
        styles.append((_SIGNS[kind], any(c.explicit for c in grouped[key])))
    return [
        line(Span(f" {sign} ", style), *body)
        for body, ((sign, style), _) in zip(
            table(rows, bold=lambda number: styles[number][1]), styles, strict=True
        )
    ]


def _places(places: Iterable[tuple[str, str]]) -> str:
    environments: dict[str, list[str]] = {}
    for environment, platform in sorted(places):
        environments.setdefault(environment, []).append(platform)
    return "; ".join(
        f"{name} on {', '.join(platforms)}" for name, platforms in environments.items()
    )


def _version(fields: Any) -> str:  # noqa: ANN401  a record's fields or None
    return str(fields.get("version") or "") if fields else ""


def _installed(each: Installed) -> Line:
    if not each.changed:
        return line(
            "Environment ",
            Span(each.environment, "bold"),
            " is up to date, ",
            count(each.packages, "package"),
        )
    fetched = (
        f", {each.outcome.fetched} of them fetched, {size(each.outcome.fetched_bytes)}"
        if each.outcome.fetched
        else ""
    )
    return line(
        "Installed ",
        Span(each.environment, "bold"),
        f", {count(each.packages, 'package')} in {seconds(each.outcome.seconds)}",
        Span(fetched, "dim"),
    )


def _changed(changed: Changed) -> list[Line]:
    lines: list[Line] = []
    if changed.solved:
        lines.append(
            line(
                f"Solved {count(changed.solved, 'combination')} of environment and"
                f" platform in {seconds(changed.solve_seconds)}"
            )
        )
    lines += [_installed(each) for each in changed.installed]
    if changed.diff is not None and not changed.diff.is_empty:
        lines += [(), *difference(changed.diff), ()]
    return lines


def _add(result: AddResult) -> Rendered:
    lines = _changed(result.changed)
    where = _table_words(result.feature, result.environment, result.platforms)
    for each in result.added:
        if each.was_there:
            lines.append(
                line(
                    Span(each.name, "bold"), f" is already in {result.changed.manifest}"
                )
            )
            continue
        spec = "" if each.spec == "*" else f" {each.spec}"
        lines.append(
            line(
                Span("✔ ", "green"),
                "Added ",
                Span(each.name, "bold"),
                spec,
                f" to {result.changed.manifest}{where}",
            )
        )
    return Rendered(stderr=tuple(lines))


def _remove(result: RemoveResult) -> Rendered:
    lines = _changed(result.changed)
    where = _table_words(result.feature, result.environment, ())
    for name in result.removed:
        lines.append(
            line(
                Span("✔ ", "green"),
                "Removed ",
                Span(name, "bold"),
                f" from {result.changed.manifest}{where}",
            )
        )
    return Rendered(stderr=tuple(lines))


def _table_words(
    feature: str | None, environment: str | None, platforms: Sequence[str]
) -> str:
    words = f", feature {feature}" if feature else ""
    words += f", environment {environment}" if environment else ""
    return words + (f", for {', '.join(platforms)}" if platforms else "")


def _init(result: InitResult) -> Rendered:
    what = "Created" if result.created else "Added a workspace to"
    return Rendered(
        stderr=(
            line(Span("✔ ", "green"), f"{what} {result.path}"),
            line(Span("hint: ", "cyan"), "pixi-jupyter add python ipykernel"),
        )
    )


def _lock(result: LockResult) -> Rendered:
    lines: list[Line] = list(difference(result.diff))
    if lines:
        lines = [(), *lines, ()]
    amount = (
        f"{count(result.environments, 'environment')} for"
        f" {count(result.platforms, 'platform')}"
    )
    if result.unsolved:
        lines.append(line(f"{result.path} was not solved ({result.unsolved})"))
    elif result.is_current:
        lines.append(
            line(Span("✔ ", "green"), f"{result.path} is up to date, {amount}")
        )
    elif result.dry_run:
        lines.append(line(f"{result.path} would be updated, {amount}"))
    else:
        lines.append(
            line(
                Span("✔ ", "green"),
                f"Locked {amount} in {seconds(result.seconds)}: {result.path}",
            )
        )
    return Rendered(stderr=tuple(lines))


def _install(result: InstallResult) -> Rendered:
    return Rendered(stderr=tuple(_installed(each) for each in result.installed))


_TITLES = {"size_bytes": "Size"}


def _list(result: ListResult) -> Rendered:
    fields = result.fields or ("name", "version", "build", "size", "kind", "source")
    keys = ["size_bytes" if field == "size" else field for field in fields]
    rows = [[_TITLES.get(key, key.replace("_", " ").capitalize()) for key in keys]]
    rows += [[_cell(key, package) for key in keys] for package in result.packages]
    explicit = [False, *(package["is_explicit"] for package in result.packages)]
    right = [number for number, key in enumerate(keys) if key == "size_bytes"]
    body = table(rows, right=right, bold=lambda number: explicit[number], header=True)
    heading = line(Span(f"Environment {result.environment}, {result.platform}", "dim"))
    return Rendered(stdout=tuple(body), stderr=(heading,))


def _cell(key: str, package: dict[str, Any]) -> str:
    value = package.get(key)
    if key == "size_bytes":
        return size(value)
    if key == "source" and isinstance(value, str):
        return value.rstrip("/").rsplit("/", 1)[-1]
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
            stderr=(
                line("No environment is registered as a kernel"),
                line(Span("hint: ", "cyan"), "pixi-jupyter kernel install"),
            )
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
