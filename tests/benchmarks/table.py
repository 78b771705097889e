"""Measure every promise about speed beside its yardstick; prints one table.

``python tests/benchmarks/table.py [--rounds N] [--least] [--json]``

Each row is a ratio of two medians that were measured in turns on the same machine,
channel and cache, so that it can be compared between machines. Nothing is asserted:
a timed test would fail on a busy machine.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bench import Bench, Row, print_rows
from made_channel import LARGE, SMALL, Shape, make_channel
from rows import (
    cold_rows,
    engine_rows,
    install_rows,
    kernel_rows,
    lock_rows,
    memory_rows,
    small_rows,
)

from pixi_jupyter.channel.build import build_channel
from pixi_jupyter.events import Operation

if TYPE_CHECKING:
    from collections.abc import Sequence

EMBEDDED = ("python", "ipykernel", "ipywidgets", "numpy")
MADE = ("python", "made-000")
NOT_YET = ("task list: there is no such command yet",)


def embedded_rows(folder: Path, rounds: int, *, least: bool) -> list[Row]:
    """Measure on the channel of the running interpreter."""
    url = build_channel(folder / "channel", operation=Operation()).url
    bench = Bench(folder, url, EMBEDDED, title="embedded")
    rows = _common(bench, rounds, least=least)
    rows += kernel_rows(bench, rounds, least=least)
    rows += engine_rows(bench, rounds, least=least)
    return _titled(bench, rows)


def made_rows(folder: Path, rounds: int, shape: Shape, *, least: bool) -> list[Row]:
    """Measure on a channel that was made for it."""
    url = make_channel(folder / "channel", shape)
    bench = Bench(folder, url, MADE, title=f"made, {shape.names * 8} records")
    rows = _common(bench, rounds, least=least)
    names = [f"made-{number:03}" for number in range(shape.names)]
    return _titled(bench, [*rows, *memory_rows(bench, names)])


def _common(bench: Bench, rounds: int, *, least: bool) -> list[Row]:
    measured = [lock_rows, cold_rows, install_rows, small_rows]
    return [row for rows in measured for row in rows(bench, rounds, least=least)]


def _titled(bench: Bench, rows: Sequence[Row]) -> list[Row]:
    for row in rows:
        row.channel = bench.title
    return list(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    parser.add_argument(
        "--least",
        action="store_true",
        help="the least of the rounds instead of the median, for a busy machine",
    )
    parser.add_argument(
        "--channel", choices=("embedded", "made", "small"), action="append"
    )
    given = parser.parse_args()
    channels = given.channel or ["embedded", "made"]
    rows: list[Row] = []
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="pixi-jupyter-bench-") as folder:
        for name in channels:
            place = Path(folder) / name
            if name == "embedded":
                rows += embedded_rows(place, given.rounds, least=given.least)
                continue
            shape = LARGE if name == "made" else SMALL
            rows += made_rows(place, given.rounds, shape, least=given.least)
    if given.json:
        data = [row.to_json() for row in rows]
        print(json.dumps({"load": load, "rows": data, "not_yet": NOT_YET}, indent=1))
    else:
        print_rows(rows)
        print(f"load of the machine before: {load:.1f} of {os.cpu_count()} processors")
        print(*NOT_YET, sep="\n")
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
