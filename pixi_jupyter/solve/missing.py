"""What the channels have of something that the solver found no candidate for.

The solver says the same of a name that does not exist and of a version that does not
exist; here the channels are asked.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pixi_jupyter.errors import (
    ChannelError,
    OfflineError,
    PackageNotFoundError,
    UnsatisfiableError,
    nearest,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pixi_jupyter.adapters.rattler import RepoDataRecord, Session
    from pixi_jupyter.solve.conda import SolveRequest

_COMMON = ("linux-64", "linux-aarch64", "osx-arm64", "osx-64", "win-64")
_SHOWN = 4


def spec_name(spec: str) -> str:
    """Give the name that a match spec is about.

    Examples
    --------
    >>> spec_name("conda-forge::NumPy>=2")
    'numpy'
    """
    found = re.match(r"\s*(?:\S*::)?([^\s\[<>=!~;(]+)", spec)
    return found[1].lower() if found else ""


async def looked_up(
    error: UnsatisfiableError, request: SolveRequest, session: Session
) -> UnsatisfiableError | PackageNotFoundError:
    """Ask the channels about what a failed solve did not find.

    Returns
    -------
    UnsatisfiableError or PackageNotFoundError
        The same error where they have nothing to add.

    Notes
    -----
    Reads repodata, of other platforms too.
    """
    try:
        if missing := await _missing_name(request, session):
            return missing
        wanted = re.match(r"No candidates were found for ([^\s\[]+)", error.report)
        if wanted is None or wanted[1].startswith("__"):
            return error
        hints = await _versions(request, session, wanted[1])
    except (ChannelError, OfflineError):
        return error
    return UnsatisfiableError(
        error.environment,
        platform=error.platform,
        report=error.report,
        guilty=error.guilty,
        hints=(*error.hints, *hints),
    )


async def _missing_name(
    request: SolveRequest, session: Session
) -> PackageNotFoundError | None:
    """Find a requirement that is in no channel at all."""
    subdirs = (request.platform.subdir, "noarch")
    # a requirement with a channel of its own may come from somewhere else
    asked = {spec_name(spec) for spec in request.specs if not _has_channel(spec)}
    known = set(await session.names(request.channels, subdirs=subdirs))
    known |= {record.name.normalized for record in request.locked}
    missing = sorted(name for name in asked - known if not name.startswith("__"))
    if not missing:
        return None
    elsewhere = await _elsewhere(request, session, missing[0])
    return PackageNotFoundError(
        missing[0],
        channels=[_shown(url) for url in request.channels],
        platform=request.platform.name,
        close=None if elsewhere else nearest(missing[0], known),
        elsewhere=elsewhere,
    )


def _has_channel(spec: str) -> bool:
    return "::" in spec or "channel=" in spec


async def _elsewhere(
    request: SolveRequest, session: Session, name: str
) -> tuple[str, ...]:
    """List the common platforms that have a package."""
    others = [subdir for subdir in _COMMON if subdir != request.platform.subdir]
    try:
        records = await session.query(request.channels, [name], subdirs=others)
    except (ChannelError, OfflineError):
        return ()
    there = {record.subdir for record in records}
    return tuple(subdir for subdir in others if subdir in there)


async def _versions(
    request: SolveRequest, session: Session, name: str
) -> tuple[str, ...]:
    """Say which versions of a package there are."""
    subdirs = (request.platform.subdir, "noarch")
    records = await session.query(request.channels, [name], subdirs=subdirs)
    versions = _newest(records)
    if not versions:
        return ()
    rest = len(versions) - _SHOWN
    more = f" and {rest} older" if rest > 0 else ""
    return (f"{name} is there in {', '.join(versions[:_SHOWN])}{more}",)


def _newest(records: Sequence[RepoDataRecord]) -> list[str]:
    ordered = sorted(records, key=lambda record: record.version, reverse=True)
    return list(dict.fromkeys(str(record.version) for record in ordered))


def _shown(url: str) -> str:
    found = re.fullmatch(r"https://conda\.anaconda\.org/(.+?)/?", url)
    return found[1] if found else url
