"""What a search found, as text.

One package is described, several are listed. Parts and their names: pixi 0.77.0,
`search` (read 2026-11).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from pixi_jupyter.commands import packages
from pixi_jupyter.commands.text import Line, Rendered, Span, count, line, size

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pixi_jupyter.verbs.search import SearchResult

_WIDTH = 19
_SHOWN = 5
_EXPORTS = ("noarch", "strong", "weak", "strong_constrains", "weak_constrains")


def search(result: SearchResult) -> Rendered:
    """Show what `search` found."""
    by_name = result.by_name()
    if len(by_name) == 1:
        [records] = by_name.values()
        lines = _described(records, _limit(result.limit))
    else:
        lines = _listed(result, by_name)
    names = ", ".join(packages.channel_name(url) for url in result.channels)
    context = line(Span(f"Using channels: {names}", "dim"))
    return Rendered(stdout=tuple(lines), stderr=(context,), beside_json=True)


def _limit(given: int | None) -> int | None:
    """Give how many are shown; None for all."""
    if given is None:
        return _SHOWN
    return None if given < 0 else given


def _listed(
    result: SearchResult, by_name: Mapping[str, Sequence[Mapping[str, Any]]]
) -> list[Line]:
    lines: list[Line] = []
    shown = list(by_name.items())[: _limit(result.limit_packages)]
    for name, records in shown:
        versions = count(len(records), "version")
        lines.append(line(Span(name, "bold"), f" ({versions})"))
        newest = records[: _limit(result.limit)]
        lines += [_row(record) for record in newest]
        if more := len(records) - len(newest):
            lines.append(line("  ", _more(more, "version", "-l")))
        lines.append(())
    if more := len(by_name) - len(shown):
        return [*lines, line(_more(more, "package", "-n"))]
    return lines[:-1]


def _row(record: Mapping[str, Any]) -> Line:
    channel = packages.channel_name(record.get("channel"))
    return line(
        "  ",
        Span(record["version"], "cyan"),
        f" {record['build']} [{record['subdir']}] ",
        Span(channel, "dim"),
    )


def _more(number: int, noun: str, option: str) -> Span:
    nouns = noun if number == 1 else f"{noun}s"
    return Span(f"... and {number:,} more {nouns} (use {option} to show more)", "dim")


def _described(records: Sequence[Mapping[str, Any]], limit: int | None) -> list[Line]:
    newest = records[0]
    versions: dict[str, list[Mapping[str, Any]]] = {}
    for record in records:
        versions.setdefault(record["version"], []).append(record)
    same = versions.pop(newest["version"])
    title = "-".join((newest["name"], newest["version"], newest["build"]))
    title += _builds(same)
    lines = [line(Span(title, "bold")), line("-" * len(title)), ()]
    lines += [line(f"{key:{_WIDTH}} {value}") for key, value in _facts(newest)]
    for heading, texts in (
        ("Track features", newest.get("track_features")),
        ("Package URLs", newest.get("purls")),
        ("Dependencies", newest.get("depends") or ()),
    ):
        if texts is not None:
            words = texts.split() if isinstance(texts, str) else texts
            lines += [(), line(f"{heading}:"), *(line(f" - {x}") for x in words)]
    lines += _run_exports(newest.get("run_exports"))
    return lines + _others(versions, limit)


def _facts(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    facts = (
        ("Name", record["name"]),
        ("Version", record["version"]),
        ("Build", record["build"]),
        ("Size", size(record.get("size")) or "Not found."),
        ("License", record.get("license")),
        ("Timestamp", _timestamp(record.get("timestamp"))),
        ("Subdir", record["subdir"]),
        ("NoArch", record.get("noarch")),
        ("File Name", record.get("fn")),
        ("URL", record["url"]),
        ("MD5", record.get("md5") or "Not available"),
        ("SHA256", record.get("sha256") or "Not available"),
    )
    return [(key, str(value)) for key, value in facts if value]


def _timestamp(milliseconds: float | None) -> str:
    if not milliseconds:
        return ""
    moment = dt.datetime.fromtimestamp(milliseconds / 1000, tz=dt.timezone.utc)
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _run_exports(exports: Mapping[str, Sequence[str]] | None) -> list[Line]:
    if exports is None:
        return [(), line("Run exports: not available in repodata")]
    lines: list[Line] = [(), line("Run exports:")]
    for kind in _EXPORTS:
        if texts := exports.get(kind):
            lines.append(line(f"  {kind.replace('_', ' ')}:"))
            lines += [line(f"   - {text}") for text in texts]
    return lines


def _others(
    versions: Mapping[str, Sequence[Mapping[str, Any]]], limit: int | None
) -> list[Line]:
    if not versions:
        return []
    width = max(len("Version"), *(len(version) for version in versions)) + 1
    lines: list[Line] = [(), line(f"Other Versions ({len(versions)}):")]
    lines.append(line(Span(f"{'Version':{width}} Build", "bold")))
    shown = list(versions.items())[:limit]
    for version, builds in shown:
        lines.append(line(f"{version:{width}} {builds[0]['build']}{_builds(builds)}"))
    if more := len(versions) - len(shown):
        lines.append(line(Span(f"... and {more:,} more", "dim")))
    return lines


def _builds(records: Sequence[Mapping[str, Any]]) -> str:
    """Say how many builds a version has besides the one that is named."""
    others = len(records) - 1
    return f" (+ {count(others, 'build')})" if others else ""
