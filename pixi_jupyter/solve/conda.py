"""Solving requirements into conda records, several environments at a time.

What the solver is given, and the part of a group's solution that belongs to one
environment: as pixi 0.77.0 (read 2026-11).
"""

from __future__ import annotations

import asyncio
import os
import re
from itertools import count
from typing import TYPE_CHECKING

from pixi_jupyter.errors import UnsatisfiableError
from pixi_jupyter.platforms import (
    Platform,
    VirtualPackage,
    baseline,
    host_subdir,
    override,
)
from pixi_jupyter.solve.missing import looked_up, spec_name
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from pixi_jupyter.adapters.rattler import RepoDataRecord, Session
    from pixi_jupyter.events import Operation
    from pixi_jupyter.manifest.models import ChannelPriority, SolveStrategy

_LINUX, _OSX, _WIN = ("linux-",), ("osx-",), ("win-",)
_ANY = (*_LINUX, *_OSX, *_WIN, "emscripten-", "wasi-", "zos-")
_CARRIERS = {
    "__archspec": _ANY,
    "__cuda": (*_LINUX, *_WIN),
    "__cuda_arch": (*_LINUX, *_WIN),
    "__eglibc": _LINUX,
    "__glibc": _LINUX,
    "__linux": _LINUX,
    "__musl": _LINUX,
    "__osx": _OSX,
    "__unix": (*_LINUX, *_OSX, "emscripten-", "wasi-", "zos-"),
    "__win": _WIN,
}
"""The virtual packages that conda knows, and the subdirs that can have them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SolveRequest:
    """What is to be solved for one environment, or group, on one platform."""

    environment: str
    """For people; of a solve group all its environments."""
    platform: Platform
    channels: tuple[str, ...]
    """URLs, in priority order."""
    specs: tuple[str, ...]
    """Match specs."""
    constraints: tuple[str, ...] = ()
    """Match specs that hold for what comes in anyway."""
    locked: tuple[RepoDataRecord, ...] = ()
    """Records that are preferred over newer ones."""
    channel_priority: ChannelPriority = "strict"
    strategy: SolveStrategy = "highest"
    exclude_newer: datetime | None = None
    """Aware."""
    cutoff: Callable[[str, str], datetime | None] | None = None
    """In its place: gives it for a name in the channel of a URL."""
    virtual_packages: tuple[VirtualPackage, ...] | None = None
    """None: those of the platform."""


def solver_virtual_packages(
    platform: Platform, environ: Mapping[str, str] = os.environ
) -> tuple[VirtualPackage, ...]:
    """Give the virtual packages that a platform is solved with.

    Those of the platform, with ``CONDA_OVERRIDE_*`` laid over them as far as its
    subdir can have them; a microarchitecture only where this machine's is meant.
    """
    mine = platform.virtual_packages
    before = {package.name: package for package in mine}
    found: dict[str, VirtualPackage] = {}
    for package in override(mine, environ):
        if package == before.get(package.name) or _can_have(platform, package, environ):
            found[package.name] = package
    for name, package in before.items():
        if name not in found and not _can_have(platform, package, environ):
            found[name] = package
    order = [*before, *sorted(found.keys() - before.keys())]
    return tuple(found[name] for name in order if name in found)


def _can_have(
    platform: Platform, package: VirtualPackage, environ: Mapping[str, str]
) -> bool:
    if package.name == "__archspec":
        host = host_subdir(environ)
        return _machine(platform.subdir) == _machine(host)
    return platform.subdir.startswith(_CARRIERS.get(package.name, ()))


def _machine(subdir: str) -> str:
    return next((p.build for p in baseline(subdir) if p.name == "__archspec"), "")


async def solve(
    request: SolveRequest, session: Session, operation: Operation
) -> list[RepoDataRecord]:
    """Find the records of one environment on one platform, sorted by name.

    Parameters
    ----------
    request
        Where nothing is asked for, nothing is read.
    operation
        Is told that this solve has begun.

    Raises
    ------
    PackageNotFoundError
        If no channel has a package that is asked for, in any version.
    UnsatisfiableError
        If the requirements contradict each other.
    InvalidSpecError, ChannelError, OfflineError

    Notes
    -----
    Reads repodata. Can be cancelled; a solver at work then ends by itself.
    """
    if not request.specs:
        return []
    operation.say("solve", _title(request))
    packages = request.virtual_packages
    if packages is None:
        packages = request.platform.virtual_packages
    try:
        found = await session.solve(
            request.channels,
            request.specs,
            subdir=request.platform.subdir,
            virtual_packages=[each for each in packages if each.name in _CARRIERS],
            locked=request.locked,
            options={
                "constraints": request.constraints,
                "channel_priority": request.channel_priority,
                "strategy": request.strategy,
                "exclude_newer": request.exclude_newer,
                "cutoff": request.cutoff,
            },
            label=(request.environment, request.platform.name),
        )
    except UnsatisfiableError as error:
        raise await looked_up(error, request, session) from error
    finally:
        while session.notes:
            operation.warn(session.notes.pop())
    return sorted(found, key=lambda record: record.name.normalized)


_GRACE_SECONDS = 0.25
"""How long a failure waits for those of the requests before it."""


async def solve_all(
    requests: Sequence[SolveRequest],
    session: Session,
    operation: Operation,
    *,
    concurrency: int,
) -> list[list[RepoDataRecord]]:
    """Solve several requests at once; all or none.

    Parameters
    ----------
    requests
        In the order in which the results are wanted.
    concurrency
        How many solves run at a time.

    Raises
    ------
    SolveError, OfflineError
        The first failure; what still runs is cancelled.

    Notes
    -----
    Reads repodata. Can be cancelled.
    """
    gate = asyncio.Semaphore(max(1, concurrency))
    finished = count(1)
    total = len(requests)

    async def one(request: SolveRequest) -> list[RepoDataRecord]:
        async with gate:
            found = await solve(request, session, operation)
        done = next(finished)
        operation.say(
            "solve", _title(request), done=done, total=total, unit="environments"
        )
        return found

    if not requests:
        return []
    tasks = [asyncio.ensure_future(one(request)) for request in requests]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        if any(task.done() and task.exception() for task in tasks):
            # what fails fails everywhere: tell the first, not the fastest
            await asyncio.wait(tasks, timeout=_GRACE_SECONDS)
        failures = (task.exception() for task in tasks if task.done())
        if (failure := next(filter(None, failures), None)) is not None:
            raise failure
        return [task.result() for task in tasks]
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _title(request: SolveRequest) -> str:
    return f"{request.environment} for {request.platform.name}"


def _spec_extras(spec: str) -> tuple[str, ...]:
    found = re.search(r"extras=\[([^\]]*)\]", spec)
    return tuple(re.findall(r"[\w.-]+", found[1])) if found else ()


def reachable(
    records: Iterable[RepoDataRecord], names: Iterable[str]
) -> list[RepoDataRecord]:
    """Give the part of a group's solution that one environment needs.

    Parameters
    ----------
    records
        The solution of the group.
    names
        What the environment asks for: names, or match specs where extras count.

    Returns
    -------
    list of RepoDataRecord
        Everything that is reached through dependencies, sorted by name.
    """
    known = {record.name.normalized: record for record in records}
    pending = list(names)
    found: dict[str, RepoDataRecord] = {}
    walked: set[tuple[str, str]] = set()
    while pending:
        spec = pending.pop()
        name = spec_name(spec)
        if (record := known.get(name)) is None:
            continue
        if name not in found:
            found[name] = record
            pending += record.depends
        for extra in _spec_extras(spec):
            if (name, extra) not in walked:
                walked.add((name, extra))
                pending += record.extra_depends.get(extra, [])
    return [found[name] for name in sorted(found)]
