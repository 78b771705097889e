"""Make a conda channel from this Python and what is installed beside it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixi_jupyter.channel.build import DEFAULT_NAMES, build_channel
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.request import Request

if TYPE_CHECKING:
    from pixi_jupyter.events import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelBuildRequest(Request):
    """Where, and what."""

    folder: Path | None = None
    """None: ``channel`` in the current folder."""
    names: tuple[str, ...] = ()
    """Distributions; empty for what a kernel needs."""
    all: bool = False
    """All installed distributions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelBuildResult:
    """The channel that was made."""

    folder: Path
    url: str
    packages: int
    built: int
    """How many packages had to be made."""
    skipped: tuple[str, ...] = ()
    """What was left out, each with the reason."""
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "folder": str(self.folder),
            "url": self.url,
            "packages": self.packages,
            "built": self.built,
            "skipped": list(self.skipped),
            "seconds": round(self.seconds, 3),
        }


async def channel_build(
    request: ChannelBuildRequest, operation: Operation
) -> ChannelBuildResult:
    """Build the channel, reusing packages whose source did not change.

    Raises
    ------
    ChannelBuildError
        If the interpreter or a distribution cannot be packaged.
    """
    import asyncio

    started = time.monotonic()
    folder = (request.folder or Path("channel")).absolute()
    report = await asyncio.to_thread(
        build_channel,
        folder,
        request.names or DEFAULT_NAMES,
        every=request.all,
        operation=operation,
    )
    return ChannelBuildResult(
        folder=folder,
        url=report.url,
        packages=len(report.built) + len(report.reused),
        built=len(report.built),
        skipped=tuple(map(str, report.skipped)),
        seconds=time.monotonic() - started,
    )
