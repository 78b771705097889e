"""Measure notebooks that carry their environment; prints one table.

``python tests/benchmarks/sharing.py [LOCK]``

LOCK is a pixi.lock (also ``.zst``) whose environments are packed too, to see how many
bytes a large one takes. Nothing is asserted: a timed test would fail on a busy machine.
Where ``uv`` reaches an index, the same packages are opened with ``uv run --with``.
"""

from __future__ import annotations

import functools
import http.server
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import zstandard

from pixi_jupyter.lock.file import format_lock, parse_lock
from pixi_jupyter.notebook.metadata import (
    KEY,
    NotebookEnvironment,
    read_environment,
    write_environment,
)

ROUNDS = 5
PACKAGES = ("ipykernel", "click", "rich")
IMPORTS = "import ipykernel, click, rich"
PJ = (sys.executable, "-m", "pixi_jupyter")


def call(*words: object, cwd: Path, **environ: str) -> float:
    """Run a command that has to succeed; give its seconds."""
    started = time.perf_counter()
    subprocess.run(
        [str(word) for word in words],
        check=True,
        capture_output=True,
        cwd=cwd,
        env={**os.environ, **environ},
    )
    return time.perf_counter() - started


def written(folder: Path) -> int:
    """Give the bytes that a folder takes on its disk, a file with many names once."""
    seen = {}
    for path in folder.rglob("*"):
        status = path.lstat()
        seen[status.st_ino] = status.st_blocks * 512
    return sum(seen.values())


def serve(folder: Path) -> str:
    """Serve a folder from a thread of this process."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  its own name
            del format, args

    handler = functools.partial(Handler, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}"


def opening_rows(folder: Path) -> None:
    """Measure a first and a second notebook, and opening one with a warm cache."""
    home = {"HOME": str(folder / "home"), "RATTLER_CACHE_DIR": str(folder / "cache")}
    # what is compiled in the background would be counted for whoever comes next
    home["PIXI_JUPYTER_BYTECODE"] = "kernel"
    call(*PJ, "channel", "build", folder / "channel", cwd=folder, **home)
    url = serve(folder / "channel")
    workspace = folder / "w"
    call(*PJ, "init", workspace, "-c", url, cwd=folder, **home)
    call(*PJ, "add", "-m", workspace, *PACKAGES, cwd=folder, **home)
    first, second = workspace / "a.ipynb", folder / "b.ipynb"
    empty: dict[str, Any] = {"cells": [], "metadata": {}, "nbformat": 4}
    first.write_text(json.dumps({**empty, "nbformat_minor": 5}))
    call(*PJ, "notebook", "embed", first, cwd=folder, **home)
    alone = folder / "a.ipynb"
    shutil.move(first, alone)
    envs = folder / "cache" / "notebook-envs"
    install = (*PJ, "notebook", "install")
    took, before = call(*install, alone, cwd=folder, **home), written(folder / "cache")
    row("first notebook, packages in the cache", took, f"{written(envs):,} bytes")
    shutil.copy(alone, second)
    took = call(*install, second, cwd=folder, **home)
    more = written(folder / "cache") - before
    row("second one, equal lock", took, f"{more:,} bytes more")
    python = next(envs.glob("*/.pixi/envs/default/bin/python"))

    def opened() -> float:
        # as uv does: until the packages are imported
        imported = call(*install, alone, cwd=folder, **home)
        return imported + call(python, "-c", IMPORTS, cwd=folder, **home)

    anew = []
    for _ in range(ROUNDS):
        shutil.rmtree(envs)
        anew.append(opened())
    row("open, cache warm, prefix made anew", statistics.median(anew))
    again = [opened() for _ in range(ROUNDS)]
    row("open, prefix there", statistics.median(again))


def uv_rows(folder: Path) -> None:
    """Measure the same packages with uv, as far as it reaches an index."""
    from pixi_jupyter.adapters.uv.binary import find_uv

    words = [str(find_uv()), "run", "--no-project"]
    words += [word for name in PACKAGES for word in ("--with", name)]
    words += ["python", "-c", IMPORTS]
    cache = {"UV_CACHE_DIR": str(folder / "uv")}
    try:
        call(*words, cwd=folder, **cache)
    except subprocess.CalledProcessError:
        print("uv run --with: no index was reached")
        return
    again = [call(*words, cwd=folder, **cache) for _ in range(ROUNDS)]
    row("uv run --with, environment in its cache", statistics.median(again))
    anew = []
    for _ in range(ROUNDS):
        for each in ("environments-v2", "builds-v0"):
            shutil.rmtree(folder / "uv" / each, ignore_errors=True)
        anew.append(call(*words, cwd=folder, **cache))
    row("uv run --with, environment made anew", statistics.median(anew))


def packing_rows(path: Path) -> None:
    """Measure the bytes of metadata for each environment of a lock."""
    data = path.read_bytes()
    if path.suffix == ".zst":
        data = zstandard.ZstdDecompressor().stream_reader(data).read()
    lock = parse_lock(data.decode(), path)
    for name, locked in lock.environments.items():
        rows = locked.packages
        text = format_lock(
            replace(
                lock,
                environments={"default": locked},
                platforms=tuple(x for x in lock.platforms if x.name in rows),
            )
        )
        carried = NotebookEnvironment(manifest="[workspace]\n", lock=text)
        notebook: dict[str, Any] = {"metadata": {}}
        started = time.perf_counter()
        write_environment(notebook, carried)
        packed = time.perf_counter()
        assert read_environment(notebook) == carried
        read = time.perf_counter() - packed
        size = len(json.dumps(notebook["metadata"][KEY], indent=1))
        count = sum(map(len, rows.values()))
        what = f"{name}: {count} packages on {len(rows)} platforms"
        sizes = f"{len(text):,} bytes, {size:,} in the notebook"
        row(what, packed - started, f"{sizes}, read in {read * 1000:.0f} ms")


def row(what: str, seconds: float, more: str = "") -> None:
    """Print one line of the table."""
    print(f"{what:46}{seconds:8.2f} s  {more}", flush=True)


def main() -> None:
    """Measure all of it."""
    if sys.argv[1:]:
        packing_rows(Path(sys.argv[1]))
    with tempfile.TemporaryDirectory() as name:
        opening_rows(Path(name))
        uv_rows(Path(name))


if __name__ == "__main__":
    main()
