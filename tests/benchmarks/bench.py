"""One place to measure in: a workspace, its channel, and a cache of its own."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixi_jupyter.platforms import host_subdir

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_SCRIPT = Path(sys.executable).with_name("pixi-jupyter")
PROGRAM = [str(_SCRIPT)] if _SCRIPT.exists() else [sys.executable, "-m", "pixi_jupyter"]

BARE_SOLVE = """
import asyncio, os, sys
import rattler
async def main():
    found = await rattler.solve(
        [rattler.Channel(sys.argv[1])], sys.argv[4:],
        gateway=rattler.Gateway(cache_dir=sys.argv[3]),
        platforms=[sys.argv[2], "noarch"],
        virtual_packages=rattler.VirtualPackage.detect(),
    )
    platform = rattler.LockPlatform(sys.argv[2])
    lock = rattler.LockFile([platform])
    lock.set_channels("default", [rattler.LockChannel(sys.argv[1])])
    for record in found:
        lock.add_conda_package("default", platform, record)
    lock.to_path("bare.lock")
asyncio.run(main())
os._exit(0)
"""

BARE_INSTALL = """
import asyncio, os, sys
import rattler
lock = rattler.LockFile.from_path(sys.argv[1])
environment = lock.environment("default")
records = environment.conda_repodata_records_for_platform(environment.platforms()[0])
asyncio.run(rattler.install(records, sys.argv[2], cache_dir=sys.argv[3],
                            show_progress=False))
os._exit(0)
"""


@dataclass
class Row:
    """One line of the table."""

    what: str
    ours: float
    yardstick: str = ""
    theirs: float | None = None
    goal: str = ""
    unit: str = "s"
    most: float | None = None
    """The goal as a number: of the ratio where there is a yardstick."""
    channel: str = ""

    @property
    def holds(self) -> bool | None:
        """Whether the goal is reached; None where there is none."""
        if self.most is None:
            return None
        return (self.ours / self.theirs if self.theirs else self.ours) <= self.most

    def cells(self) -> list[str]:
        ratio = f"{self.ours / self.theirs:.2f}x" if self.theirs else ""
        theirs = f"{self.yardstick} {self.theirs:.3f} s" if self.theirs else ""
        digits = 0 if self.unit == "MB" else 3
        mark = {True: "holds", False: "MISSED", None: ""}[self.holds]
        ours = f"{self.ours:.{digits}f} {self.unit}"
        return [self.channel, self.what, ours, theirs, ratio, self.goal, mark]

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        ratio = self.ours / self.theirs if self.theirs else None
        return {**vars(self), "ratio": ratio, "holds": self.holds}


HEAD = ["channel", "what", "ours", "yardstick", "ratio", "goal", ""]


def print_rows(rows: Sequence[Row]) -> None:
    """Print the table."""
    cells = [HEAD, *(row.cells() for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        texts = (text.ljust(width) for text, width in zip(row, widths, strict=True))
        print("  ".join(texts).rstrip())


def timed(action: Callable[[], object]) -> float:
    """Give the seconds that an action takes."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def in_turns(
    rounds: int, *actions: Callable[[], float], least: bool = False
) -> list[float]:
    """Run the actions in turns; give the median (or the least) of each."""
    times: list[list[float]] = [[] for _ in actions]
    for _ in range(rounds):
        for number, action in enumerate(actions):
            times[number].append(action())
    return [min(each) if least else statistics.median(each) for each in times]


class Bench:
    """One folder with a workspace and a cache of its own.

    Parameters
    ----------
    folder
        Made if it is not there.
    channel
        Its URL.
    names
        What the environment asks for.
    title
        What the table calls the channel.
    """

    def __init__(
        self, folder: Path, channel: str, names: Sequence[str], *, title: str = ""
    ) -> None:
        self.folder, self.channel, self.names = folder, channel, tuple(names)
        self.title = title
        self.workspace = folder / "workspace"
        self.workspace.mkdir(parents=True)
        self.lock = self.workspace / "pixi.lock"
        self.prefix = self.workspace / ".pixi" / "envs" / "default"
        self.cache = folder / "cache"
        self.environ = {
            **os.environ,
            "HOME": str(folder / "home"),
            "JUPYTER_PLATFORM_DIRS": "1",
            "RATTLER_CACHE_DIR": str(self.cache),
            "PIXI_JUPYTER_BYTECODE": "none",
        }
        # the package itself has compiled files when it is installed
        self.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        self.manifest(self.workspace, self.names)

    def manifest(self, folder: Path, names: Sequence[str]) -> None:
        """Write a manifest that asks for `names`."""
        folder.mkdir(exist_ok=True)
        lines = "\n".join(f'{name} = "*"' for name in names)
        (folder / "pixi.toml").write_text(
            f'[workspace]\nname = "bench"\nchannels = ["{self.channel}"]\n'
            f'platforms = ["{host_subdir()}"]\n\n[dependencies]\n{lines}\n'
        )

    def call(self, *words: object, **more: str) -> str:
        """Run a process to its end; give its output."""
        done = subprocess.run(
            [str(word) for word in words],
            cwd=self.workspace,
            env={**self.environ, **more},
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            msg = f"{words}: {done.returncode}\n{done.stdout}{done.stderr}"
            raise RuntimeError(msg)
        return done.stdout

    def ours(self, *words: str, **more: str) -> float:
        """Run one of our commands; give its seconds."""
        return timed(lambda: self.call(*PROGRAM, *words, **more))

    def output(self, *words: str) -> str:
        """Run one of our commands; give its output."""
        return self.call(*PROGRAM, *words)

    def bare_solve(self) -> float:
        """Solve and write a lock with py-rattler alone; give the seconds."""
        script = (sys.executable, "-c", BARE_SOLVE, self.channel, host_subdir())
        cache = self.folder / "repodata"
        return timed(lambda: self.call(*script, cache, *self.names))

    def bare_install(self, prefix: Path, packages: Path) -> float:
        """Install the lock with py-rattler alone; give the seconds."""
        script = (sys.executable, "-c", BARE_INSTALL, self.lock, prefix, packages)
        return timed(lambda: self.call(*script))
