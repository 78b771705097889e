"""Measure on real manifests, locks and channels; prints one table.

``python tests/benchmarks/real_data.py [--rounds N] [--json] [--data FOLDER]``

The data lie beside the project and not in it. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import zstandard

from pixi_jupyter.adapters.rattler import Session, read_lock_records
from pixi_jupyter.errors import PixiJupyterError
from pixi_jupyter.events import Operation
from pixi_jupyter.lock.file import decode_lock, format_lock, validate_lock
from pixi_jupyter.manifest.compose import compose
from pixi_jupyter.manifest.parse import parse_manifest
from pixi_jupyter.platforms import Platform
from pixi_jupyter.solve.conda import SolveRequest, solve_all, solver_virtual_packages

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DATA = Path(__file__).parents[3] / "shared" / "data"
SUBDIRS = ("linux-64", "linux-aarch64", "osx-arm64", "win-64")
ENVIRONMENTS = {
    "default": ["python >=3.11", "numpy", "pandas"],
    "test": ["python >=3.11", "numpy", "pandas", "pytest", "ruff"],
    "docs": ["python >=3.11", "sphinx", "jupyterlab"],
    "plots": ["python >=3.10", "matplotlib-base", "scipy", "ipykernel"],
}


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    seconds: float
    note: str = ""


def seconds_of(action: Callable[[], object]) -> float:
    """Run an action; give its seconds."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def unpacked(path: Path) -> bytes:
    """Read a file that may be packed."""
    data = path.read_bytes()
    if path.suffix != ".zst":
        return data
    found: bytes = zstandard.ZstdDecompressor().stream_reader(data).read()
    return found


def manifest_rows(data: Path, rounds: int) -> list[Row]:
    """Parse and compose every manifest."""
    folder = data / "manifests"
    index = json.loads((folder / "INDEX.json").read_text(encoding="utf-8"))
    taken: dict[str, float] = {}
    for entry in index:
        text = (folder / entry["file"]).read_text(encoding="utf-8")
        name = "pyproject.toml" if "pyproject" in entry["kind"] else "pixi.toml"
        work = partial(_compose, text, folder.absolute() / name)
        try:
            times = [seconds_of(work) for _ in range(rounds)]
        except PixiJupyterError:
            continue
        taken[entry["file"]] = statistics.median(times)
    worst = max(taken, key=lambda name: taken[name])
    count = f"{len(taken)} of {len(index)}, the others are refused"
    return [
        Row("parse and compose a manifest, median", _median(taken.values()), count),
        Row("parse and compose a manifest, worst", taken[worst], worst),
    ]


def _compose(text: str, path: Path) -> None:
    composition = compose(parse_manifest(text, path))
    for environment in composition.environments.values():
        for platform in environment.platforms:
            environment.requirements(platform)


def _median(values: Any) -> float:
    return float(statistics.median(list(values)))


def lock_rows(data: Path, folder: Path, rounds: int) -> list[Row]:
    """Read and write the largest lock."""
    index = json.loads((data / "locks" / "INDEX.json").read_text(encoding="utf-8"))
    largest = max(index, key=lambda entry: entry["bytes"])
    content = unpacked(data / "locks" / largest["file"])
    path = folder / "pixi.lock"
    path.write_bytes(content)
    lock = decode_lock(content, path)
    text = format_lock(lock)
    actions: dict[str, Callable[[], object]] = {
        "read the largest lock": lambda: decode_lock(content, path),
        "read the largest lock, py-rattler": lambda: read_lock_records(path),
        "write the largest lock": lambda: format_lock(decode_lock(content, path)),
        "validate the largest lock": lambda: validate_lock(text, path),
    }
    note = f"{largest['bytes'] / 1e6:.1f} MB, {largest['packages']} packages, "
    note += f"format {largest['version']}"
    return [
        Row(what, _median(seconds_of(action) for _ in range(rounds)), note)
        for what, action in actions.items()
    ]


def solve_rows(data: Path, folder: Path, rounds: int) -> list[Row]:
    """Solve 4 environments for 4 platforms, together and one after another."""
    channel = _channel(data / "repodata" / "lockmined" / "conda-forge", folder)
    requests = [
        SolveRequest(
            environment=name,
            platform=(place := Platform(subdir, subdir)),
            channels=(channel,),
            specs=tuple(specs),
            virtual_packages=solver_virtual_packages(place, {}),
        )
        for name, specs in ENVIRONMENTS.items()
        for subdir in SUBDIRS
    ]
    requests, left = asyncio.run(_solvable(requests, folder))
    note = f"{len(requests)} solves on {os.cpu_count()} processors"
    note += f"; without a solution in the data: {', '.join(left)}" if left else ""
    possible = _possible(os.cpu_count() or 1)
    both: dict[int, list[float]] = {1: [], os.cpu_count() or 1: []}
    for _ in range(rounds):
        for concurrency, times in both.items():
            work = _solved(requests, folder, concurrency)
            times.append(seconds_of(partial(asyncio.run, work)))
    names = {1: "one after another"}
    return [
        Row(
            f"lock 4 x 4, {names.get(number, 'concurrent')}",
            _median(times),
            note if number == 1 else f"hashes gain {possible:.1f}x at this moment",
        )
        for number, times in both.items()
    ]


def _possible(count: int) -> float:
    """Tell how much faster threads without Python are now, as a yardstick."""
    block = bytes(1 << 20)

    def work() -> None:
        for _ in range(150):
            hashlib.sha256(block).digest()

    alone = seconds_of(work)
    with ThreadPoolExecutor(count) as pool:
        together = seconds_of(lambda: list(pool.map(lambda _: work(), range(count))))
    return count * alone / together


def _channel(source: Path, folder: Path) -> str:
    channel = folder / "conda-forge"
    for subdir in (*SUBDIRS, "noarch"):
        for path in sorted((source / subdir).glob("repodata.json*"))[:1]:
            (channel / subdir).mkdir(parents=True)
            (channel / subdir / "repodata.json").write_bytes(unpacked(path))
    return channel.as_uri()


async def _solvable(
    requests: Sequence[SolveRequest], folder: Path
) -> tuple[list[SolveRequest], list[str]]:
    """Leave out what the data have no solution for."""
    found, left = [], []
    session = Session(cache_dir=folder / "cache")
    for request in requests:
        try:
            await solve_all([request], session, Operation(), concurrency=1)
            found.append(request)
        except PixiJupyterError:
            left.append(f"{request.environment} {request.platform.name}")
    return found, left


async def _solved(
    requests: Sequence[SolveRequest], folder: Path, concurrency: int
) -> None:
    # a new session each time, as a command has
    session = Session(cache_dir=folder / "cache")
    again = [replace(request) for request in requests]
    await solve_all(again, session, Operation(), concurrency=concurrency)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--data", type=Path, default=DATA)
    given = parser.parse_args()
    if not given.data.is_dir():
        sys.exit(f"{given.data} is not there")
    with tempfile.TemporaryDirectory(prefix="pixi-jupyter-bench-") as name:
        folder = Path(name)
        rows = manifest_rows(given.data, given.rounds)
        rows += lock_rows(given.data, folder, given.rounds)
        rows += solve_rows(given.data, folder, given.rounds)
    if given.json:
        print(json.dumps([row.__dict__ for row in rows], indent=1))
    else:
        for row in rows:
            print(f"{row.what:<40} {row.seconds * 1000:>10.1f} ms   {row.note}")
        print(f"load of the machine after: {os.getloadavg()[0]:.1f}")
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
