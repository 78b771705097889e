"""Whether one environment was solved as the manifest now says it should be.

The checks that hold for all its platforms, in the order of pixi 0.77.0 (read
2026-11): channels, platforms, strategy, channel priority, newest date.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.lock.disagreement import Finding
from pixi_jupyter.lock.models import LockedPlatform
from pixi_jupyter.lock.platforms import customised
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from pixi_jupyter.adapters.rattler import RepoDataRecord
    from pixi_jupyter.lock.models import LockedEnvironment
    from pixi_jupyter.manifest.compose import Environment, SolveGroup
    from pixi_jupyter.platforms import Platform, VirtualPackage

STRATEGIES = {
    "highest": "highest",
    "lowest": "lowest-version",
    "lowest-direct": "lowest-version-direct",
}
"""The lock's word for each of the manifest's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """An environment as it is asked for, and as it was solved."""

    environment: Environment
    group: SolveGroup
    locked: LockedEnvironment
    platforms: Mapping[str, LockedPlatform]
    """Of the lock, by name."""
    records: Iterable[RepoDataRecord]
    """Of all its platforms."""
    urls: Callable[[str], str]
    virtual_packages: Callable[[Platform], Iterable[VirtualPackage]]


def check_environment(solved: Solved) -> list[Finding]:
    """List what was solved in another way than it would be now."""
    return [
        *_channels(solved),
        *_platforms(solved),
        *_options(solved),
        *_newer(solved),
    ]


def _channels(solved: Solved) -> Iterator[Finding]:
    names = solved.group.channels
    wanted = tuple(solved.urls(name) for name in names)
    have = solved.locked.channel_urls
    if wanted == have:
        return
    keys = ("workspace", "channels")
    if have and wanted[: len(have)] == have:
        text = f"{', '.join(names[len(have) :])} came after the channels of the lock"
        yield Finding("channels", text, keys)
        return
    short = dict(zip(wanted, names, strict=True))
    before = ", ".join(short.get(url, url) for url in have) or "none"
    text = f"the channels are {', '.join(names)}, the lock was solved with {before}"
    yield Finding("channels", text, keys, keeps_hints=False)


def _platforms(solved: Solved) -> Iterator[Finding]:
    keys = ("workspace", "platforms")
    names = {platform.name: platform for platform in solved.environment.platforms}
    subdirs = {platform.subdir for platform in names.values()}
    for name in solved.locked.packages:
        known = solved.platforms.get(name) or LockedPlatform(name, name)
        if name in names:
            if text := _definition(solved, names[name], known):
                yield Finding("virtual-packages", text, keys, keeps_hints=False)
        elif known.subdir not in subdirs:
            text = f"{name} is in the lock, the manifest does not have it"
            yield Finding("platform-removed", text, keys, solve=False)


def _definition(solved: Solved, platform: Platform, known: LockedPlatform) -> str:
    if known.subdir != platform.subdir:
        return (
            f"{platform.name} is {platform.subdir},"
            f" the lock was solved for {known.subdir}"
        )
    wanted = customised(platform.subdir, solved.virtual_packages(platform))
    have = customised(known.subdir, known.virtual_packages)
    if wanted == have:
        return ""
    mine, other = (
        ", ".join(" ".join(filter(None, parts)) for parts in found) or "its defaults"
        for found in (wanted, have)
    )
    return f"{platform.name} has {mine}, the lock was solved with {other}"


def _options(solved: Solved) -> Iterator[Finding]:
    options, group = solved.locked.options, solved.group
    wanted = STRATEGIES[group.solve_strategy]
    strategy = options.get("strategy", "highest")
    if strategy != wanted:
        text = f"the lock was solved for {strategy} versions, not {wanted}"
        keys = ("workspace", "solve-strategy")
        yield Finding("strategy", text, keys, keeps_hints=False)
    priority = options.get("channel-priority", "strict")
    if priority != group.channel_priority:
        text = (
            f"the lock was solved with channel priority {priority},"
            f" not {group.channel_priority}"
        )
        keys = ("workspace", "channel-priority")
        yield Finding("channel-priority", text, keys, keeps_hints=False)


def _newer(solved: Solved) -> Iterator[Finding]:
    cutoffs = solved.group.cutoffs()
    names = {solved.urls(name).rstrip("/"): name for name in solved.group.channels}
    for record in solved.records:
        made, url = record.timestamp, record.channel.rstrip("/")
        cutoff = cutoffs.of(record.name.normalized, names.get(url, url))
        if made is not None and cutoff is not None and made > cutoff:
            text = (
                f"{record.name.normalized} {record.version} is of {made:%Y-%m-%d},"
                f" nothing newer than {cutoff:%Y-%m-%d} is wanted"
            )
            keys = ("workspace", "exclude-newer")
            yield Finding("exclude-newer", text, keys, keeps_hints=False)
            return
