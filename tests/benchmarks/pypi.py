"""Measure a lock of PyPI packages for four platforms beside uv alone; prints rows.

``python tests/benchmarks/pypi.py [--rounds N] [--packages N]``

The index and the channel are made for it, on this machine. uv alone is asked the same
question once for each platform, all at once, with an equal cache; it knows nothing of
conda's packages, and writes no lock of ours. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import PROGRAM, Row, print_rows
from support.packages import make_channel
from support.registry import MockIndex, make_wheel

from pixi_jupyter.adapters.uv import find_uv

if TYPE_CHECKING:
    from collections.abc import Callable

PLATFORMS = {
    "linux-64": "x86_64-manylinux_2_28",
    "linux-aarch64": "aarch64-manylinux_2_28",
    "osx-arm64": "aarch64-apple-darwin",
    "win-64": "x86_64-pc-windows-msvc",
}


class PypiBench:
    """A workspace that asks for one package, which needs all others."""

    def __init__(self, folder: Path, index: MockIndex, packages: int) -> None:
        self.folder, self.index = folder, index
        self.root, self.cache = folder / "workspace", folder / "cache"
        self.root.mkdir()
        names = [f"made-{number:03}" for number in range(packages)]
        for number, name in enumerate(names):
            needs = names[number + 1 : number + 4]
            index.add(make_wheel(folder / "wheels", name, requires=needs))
        python = {"name": "python", "version": "3.11.7", "build": "0_cpython"}
        channel = make_channel(folder / "channel", [python])
        platforms = ", ".join(f'"{name}"' for name in PLATFORMS)
        (self.root / "pixi.toml").write_text(
            f'[workspace]\nname = "bench"\nchannels = ["{channel}"]\n'
            f"platforms = [{platforms}]\n\n"
            f'[dependencies]\npython = "*"\n\n[pypi-dependencies]\nmade-000 = "*"\n\n'
            f'[pypi-options]\nindex-url = "{index.simple_url}"\n'
        )
        (self.root / "made.in").write_text("made-000\n")

    def ours(self, *, cold: bool) -> float:
        """Lock from nothing; gives seconds."""
        (self.root / "pixi.lock").unlink(missing_ok=True)
        if cold:
            for name in ("uv-cache", "pypi-metadata-v1", "pypi-stubs-v1"):
                shutil.rmtree(self.cache / name, ignore_errors=True)
        environ = {**os.environ, "RATTLER_CACHE_DIR": str(self.cache)}
        began = time.perf_counter()
        words = [*PROGRAM, "lock", "--quiet"]
        subprocess.run(words, cwd=self.root, env=environ, check=True)
        return time.perf_counter() - began

    def bare(self, *, cold: bool) -> float:
        """Ask uv for each platform; gives seconds."""
        place = self.folder / "bare-cache"
        if cold:
            shutil.rmtree(place, ignore_errors=True)
        words = [str(find_uv(os.environ)), "pip", "compile", "made.in", "-q"]
        words += ["--index-url", self.index.simple_url, "--python-version", "3.11.7"]
        words += ["--cache-dir", str(place), "--no-config", "--format", "pylock.toml"]
        words += ["--python", sys.executable]
        began = time.perf_counter()
        running = [
            subprocess.Popen(
                [*words, "--python-platform", uv_name, "-o", f"pylock.{name}.toml"],
                cwd=self.root,
            )
            for name, uv_name in PLATFORMS.items()
        ]
        codes = [process.wait() for process in running]
        assert not any(codes)
        for name in PLATFORMS:
            (self.root / f"pylock.{name}.toml").unlink()
        return time.perf_counter() - began


def measured(rounds: int, *ways: Callable[[], float]) -> list[float]:
    """Run ways in turns; gives their medians."""
    rows = [[way() for way in ways] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*rows, strict=True)]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--packages", type=int, default=60)
    given = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory(prefix="bench-") as name, MockIndex() as index:
        bench = PypiBench(Path(name), index, given.packages)
        bench.ours(cold=True)  # the channel's repodata are read once
        for cold, title in ((True, "empty cache"), (False, "warm cache")):
            mine, theirs = measured(
                given.rounds,
                lambda cold=cold: bench.ours(cold=cold),  # type: ignore[misc]
                lambda cold=cold: bench.bare(cold=cold),  # type: ignore[misc]
            )
            what = f"lock of {given.packages} from PyPI for 4 platforms, {title}"
            rows.append(Row(what, mine, "bare uv", theirs))
        print_rows(rows)


if __name__ == "__main__":
    main()
