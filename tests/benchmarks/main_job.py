"""Measure the main job against its yardsticks, all in one run; prints one table.

``python tests/benchmarks/main_job.py [--rounds N]``

Each row is a ratio of two medians that were measured in turns on the same machine,
channel and cache, so that it can be compared between machines. Nothing is asserted:
a timed test would fail on a busy machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pixi_jupyter.channel.build import build_channel
from pixi_jupyter.events import Operation
from pixi_jupyter.platforms import host_subdir

if TYPE_CHECKING:
    from collections.abc import Callable

PROGRAM = [sys.executable, "-m", "pixi_jupyter"]
NAMES = ("python", "ipykernel", "ipywidgets", "numpy")

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

    def cells(self) -> list[str]:
        ratio = f"{self.ours / self.theirs:.2f}x" if self.theirs else ""
        theirs = f"{self.yardstick} {self.theirs:.3f} s" if self.theirs else ""
        return [
            self.what,
            f"{self.ours:.{0 if self.unit == 'MB' else 3}f} {self.unit}",
            theirs,
            ratio,
            self.goal,
        ]


def timed(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def in_turns(rounds: int, *actions: Callable[[], float]) -> list[float]:
    """Run the actions in turns; give the median of each."""
    times: list[list[float]] = [[] for _ in actions]
    for _ in range(rounds):
        for number, action in enumerate(actions):
            times[number].append(action())
    return [statistics.median(each) for each in times]


class Bench:
    """One folder with a channel, a workspace and a cache of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.channel = build_channel(folder / "channel", operation=Operation()).url
        self.workspace = folder / "workspace"
        self.workspace.mkdir()
        self.lock = self.workspace / "pixi.lock"
        self.prefix = self.workspace / ".pixi" / "envs" / "default"
        self.cache = folder / "cache"
        self.environ = {
            **os.environ,
            "HOME": str(folder / "home"),
            "JUPYTER_PLATFORM_DIRS": "1",
            "RATTLER_CACHE_DIR": str(self.cache),
            "PIXI_JUPYTER_BYTECODE": "none",
            # the package itself has compiled files when it is installed
            "PYTHONDONTWRITEBYTECODE": "",
        }
        self.environ.pop("PYTHONDONTWRITEBYTECODE")
        names = "\n".join(f'{name} = "*"' for name in NAMES)
        (self.workspace / "pixi.toml").write_text(
            f'[workspace]\nname = "bench"\nchannels = ["{self.channel}"]\n'
            f'platforms = ["{host_subdir()}"]\n\n[dependencies]\n{names}\n'
        )

    def call(self, *words: object, **more: str) -> None:
        subprocess.run(
            [str(word) for word in words],
            cwd=self.workspace,
            env={**self.environ, **more},
            check=True,
            capture_output=True,
        )

    def ours(self, *words: str, **more: str) -> float:
        return timed(lambda: self.call(*PROGRAM, *words, **more))

    def output(self, *words: str) -> str:
        done = subprocess.run(
            [*PROGRAM, *words],
            cwd=self.workspace,
            env=self.environ,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def lock_rows(self, rounds: int) -> list[Row]:
        def ours() -> float:
            self.lock.unlink(missing_ok=True)
            return self.ours("lock")

        def bare() -> float:
            script = (sys.executable, "-c", BARE_SOLVE, self.channel, host_subdir())
            return timed(lambda: self.call(*script, self.folder / "repodata", *NAMES))

        mine, theirs = in_turns(rounds, ours, bare)
        return [Row("lock", mine, "bare py-rattler", theirs, "<= 1.3x")]

    def install_rows(self, rounds: int) -> list[Row]:
        self.ours("install")  # the cache is warm from here on
        plain, copy = self.folder / "plain", self.folder / "copy"

        def fresh(**more: str) -> float:
            shutil.rmtree(self.workspace / ".pixi")
            return self.ours("install", **more)

        def bare() -> float:
            shutil.rmtree(plain, ignore_errors=True)
            script = (sys.executable, "-c", BARE_INSTALL, self.lock, plain)
            return timed(lambda: self.call(*script, self.cache / "pkgs"))

        def linked() -> float:
            shutil.rmtree(copy, ignore_errors=True)
            return timed(lambda: self.call("cp", "-al", plain, copy))

        bare()
        mine, theirs, copied, compiled = in_turns(
            rounds, fresh, bare, linked, lambda: fresh(PIXI_JUPYTER_BYTECODE="kernel")
        )
        return [
            Row("install, warm cache", mine, "bare py-rattler", theirs, "<= 1.1x"),
            Row("install, warm cache", mine, "cp -al", copied, "<= 2.5x"),
            Row("install, warm cache, .pyc of the kernel", compiled),
        ]

    def small_rows(self, rounds: int) -> list[Row]:
        idle, help_, run, bare = in_turns(
            rounds,
            lambda: self.ours("install"),
            lambda: self.ours("--help"),
            lambda: self.ours("run", "true"),
            lambda: timed(lambda: self.call("true")),
        )
        return [
            Row("install, nothing to do, a process", idle, goal="<= 0.25 s"),
            Row(
                "install, nothing to do, in a warm process",
                self._warm(),
                goal="<= 0.02 s",
            ),
            Row("--help", help_, goal="<= 0.3 s"),
            Row("run true", run, "true", bare, "+ <= 0.3 s"),
        ]

    def _warm(self) -> float:
        script = (
            "import asyncio, os, sys, time\n"
            "from pathlib import Path\n"
            "from pixi_jupyter.events import Operation\n"
            "from pixi_jupyter.verbs.install import InstallRequest, install\n"
            "async def main():\n"
            "    times = []\n"
            "    for _ in range(20):\n"
            "        t = time.perf_counter()\n"
            "        await install(InstallRequest(manifest=Path('.')), Operation())\n"
            "        times.append(time.perf_counter() - t)\n"
            "    print(sorted(times)[10], flush=True)\n"
            "asyncio.run(main()); os._exit(0)\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=self.workspace,
            env=self.environ,
            check=True,
            capture_output=True,
            text=True,
        )
        return float(done.stdout)

    def kernel_rows(self, rounds: int) -> list[Row]:
        self.ours("install", PIXI_JUPYTER_BYTECODE="kernel")
        self.ours("kernel", "install")
        name = json.loads(self.output("kernel", "list", "--json"))[0]["name"]
        bare_folder = self.folder / "home/.local/share/jupyter/kernels/bare"
        bare_folder.mkdir(parents=True)
        argv = [str(self.prefix / "bin/python"), "-m", "ipykernel_launcher"]
        spec = {"argv": [*argv, "-f", "{connection_file}"], "display_name": "bare"}
        (bare_folder / "kernel.json").write_text(
            json.dumps({**spec, "language": "python"})
        )
        os.environ.update(self.environ)
        start_kernel(name)  # leaves the stamp that a kernel start looks for
        start_kernel("bare")
        mine, theirs = in_turns(
            rounds, lambda: start_kernel(name), lambda: start_kernel("bare")
        )
        return [
            Row("kernel start, installed", mine, "bare ipykernel", theirs, "<= 1.2x")
        ]

    def engine_rows(self, rounds: int) -> list[Row]:
        from pixi_jupyter.inkernel.client import Client

        def first_answer() -> float:
            started = time.perf_counter()
            client = Client(sys.executable)
            client.call("ping")
            taken = time.perf_counter() - started
            client.close()
            return taken

        (mine,) = in_turns(rounds, first_answer)
        return [Row("engine: start to first answer", mine, goal="<= 0.1 s")]


def start_kernel(name: str) -> float:
    """Start a kernel and wait until it has answered; give the seconds."""
    from jupyter_client.manager import AsyncKernelManager

    async def start() -> float:
        started = time.perf_counter()
        manager = AsyncKernelManager(kernel_name=name)
        await manager.start_kernel()
        client = manager.client()
        client.start_channels()
        await client.wait_for_ready(timeout=60)
        taken = time.perf_counter() - started
        client.stop_channels()
        await manager.shutdown_kernel(now=True)
        return taken

    return asyncio.run(start())


def print_rows(rows: list[Row]) -> None:
    """Print the table."""
    cells = [["what (median)", "ours", "yardstick", "ratio", "goal"]]
    cells += [row.cells() for row in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(5)]
    for row in cells:
        print(
            "  ".join(
                text.ljust(width) for text, width in zip(row, widths, strict=True)
            )
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="pixi-jupyter-bench-") as folder:
        bench = Bench(Path(folder))
        rows = [
            *bench.lock_rows(rounds),
            *bench.install_rows(rounds),
            *bench.small_rows(rounds),
            *bench.kernel_rows(rounds),
            *bench.engine_rows(rounds),
        ]
    print_rows(rows)
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
