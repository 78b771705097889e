"""Measure how long a notebook is scanned; prints one table.

``python tests/benchmarks/scan.py FOLDER``

FOLDER holds notebooks, in any depth. Nothing is asserted: a timed test would fail on a
busy machine.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections import Counter
from pathlib import Path

from pixi_jupyter.errors import NotebookReadError
from pixi_jupyter.events import Operation
from pixi_jupyter.verbs.notebook_scan import NotebookScanRequest, notebook_scan


def main(folder: Path) -> None:
    """Scan each notebook by itself, and all of them at once."""
    files, times, counts = [], [], Counter[str]()
    for file in sorted(folder.rglob("*.ipynb")):
        started = time.perf_counter()
        request = NotebookScanRequest(files=(file,), offline=True, cwd=folder)
        try:
            found = asyncio.run(notebook_scan(request, Operation()))
        except NotebookReadError:
            counts["refused"] += 1
            continue
        times.append(time.perf_counter() - started)
        files.append(file)
        counts["notebooks"] += 1
        counts["unsure"] += len(found.doubts)
        counts.update(each.kind for each in found.taken)
    started = time.perf_counter()
    request = NotebookScanRequest(files=tuple(files), offline=True, cwd=folder)
    asyncio.run(notebook_scan(request, Operation()))
    union = time.perf_counter() - started
    for name, number in sorted(counts.items()):
        print(f"{name:12}{number:8,}")
    print(f"{'median':12}{statistics.median(times) * 1000:8.1f} ms")
    print(f"{'slowest':12}{max(times) * 1000:8.1f} ms")
    print(f"{'all at once':12}{union:8.2f} s")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
