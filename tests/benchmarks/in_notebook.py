"""Measure `%pixi` in a kernel, and what an engine holds; prints one table.

``python tests/benchmarks/in_notebook.py [--rounds N]``

The rows about memory need the real repodata of ``../shared/data`` and are left out
where it is absent.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench import PROGRAM, Bench, Row, print_rows, timed
from jupyter_client.manager import start_new_kernel
from rows import resident
from table import EMBEDDED

from pixi_jupyter.channel.build import build_channel
from pixi_jupyter.events import Operation
from pixi_jupyter.inkernel.client import Client

DATA = Path(__file__).parents[3] / "shared" / "data"
SOLVES = 20


class Kernel:
    """One running kernel of the workspace, asked cell by cell."""

    def __init__(self, name: str) -> None:
        self.manager, self.client = start_new_kernel(kernel_name=name)

    def run(self, code: str) -> tuple[float, float]:
        """Run a cell; give the seconds to its first output and to its end."""
        started = time.perf_counter()
        request = self.client.execute(code)
        first = None
        while True:
            message = self.client.get_iopub_msg(timeout=120)
            if message["parent_header"].get("msg_id") != request:
                continue
            kind = message["header"]["msg_type"]
            if kind == "error":
                raise RuntimeError("\n".join(message["content"]["traceback"]))
            if kind in ("display_data", "stream", "update_display_data"):
                first = first or time.perf_counter() - started
            if kind == "status" and message["content"]["execution_state"] == "idle":
                return first or 0.0, time.perf_counter() - started

    def close(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def notebook_rows(bench: Bench, rounds: int) -> list[Row]:
    bench.ours("install", PIXI_JUPYTER_BYTECODE="kernel")
    bench.ours("kernel", "install")
    os.environ.update(bench.environ)
    os.chdir(bench.workspace)
    name = json.loads(bench.output("kernel", "list", "--json"))[0]["name"]
    cold, warm, adds, commands = [], [], [], []
    for _ in range(rounds):
        kernel = Kernel(name)
        cold.append(kernel.run("%pixi list")[0])
        warm.append(kernel.run("%pixi list")[0])
        adds.append(kernel.run("%pixi add rich")[1])
        kernel.run("%pixi remove rich")
        kernel.close()
        commands.append(timed(lambda: bench.call(*PROGRAM, "add", "rich")))
        bench.call(*PROGRAM, "remove", "rich")
    middle = statistics.median
    return [
        Row("first output of %pixi list, cold engine", middle(cold), goal="<= 0.3 s"),
        Row("first output of %pixi list, warm engine", middle(warm), goal="<= 0.3 s"),
        Row("%pixi add, cached", middle(adds), "command line", middle(commands)),
    ]


def lockmined(folder: Path) -> str:
    """Unpack the real records of one platform as a channel; give its URL."""
    import zstandard

    source = DATA / "repodata" / "lockmined" / "conda-forge"
    for subdir in ("linux-64", "noarch"):
        target = folder / subdir
        target.mkdir(parents=True)
        packed = source / subdir / "repodata.json.zst"
        with packed.open("rb") as data, (target / "repodata.json").open("wb") as out:
            zstandard.ZstdDecompressor().copy_stream(data, out)
    return folder.as_uri()


def large_solves() -> list[list[str]]:
    import zstandard

    packed = (DATA / "solves" / "golden_solves.json.zst").open("rb")
    cases: list[dict[str, Any]] = json.load(
        zstandard.ZstdDecompressor().stream_reader(packed)
    )["cases"]
    solved = [case for case in cases if case["outcome"] == "solved"]
    solved.sort(key=lambda case: -len(case["solution"]))
    return [case["specs"] for case in solved[:SOLVES]]


def memory_rows(folder: Path) -> list[Row]:
    """Solve twenty large requests in one engine; look at what it holds after each."""
    channel = lockmined(folder / "lockmined")
    client = Client(sys.executable)
    held, pids = [], []
    for number, specs in enumerate(large_solves()):
        workspace = folder / f"solve-{number}"
        workspace.mkdir()
        lines = dict(_dependency(spec) for spec in specs)
        (workspace / "pixi.toml").write_text(
            f'[workspace]\nchannels = ["{channel}"]\nplatforms = [{{ name = "p",'
            ' platform = "linux-64", glibc = "2.39" }]\n\n[dependencies]\n'
            + "\n".join(lines.values())
        )
        client.call("verb", {"verb": "lock", "request": {"manifest": str(workspace)}})
        pids.append(client.pid)
        held.append(resident(client.pid))
    client.close()
    print(f"engines used for {SOLVES} solves: {len(set(pids))}")
    return [
        Row("engine after the first large solve", held[0], unit="MB"),
        Row("engine, most of 20 large solves", max(held), goal="<= 500 MB", unit="MB"),
    ]


def _dependency(spec: str) -> tuple[str, str]:
    """Give the name of a match spec and its line in a manifest."""
    from pixi_jupyter.adapters.rattler import match_spec

    read = match_spec(spec)
    version, build = read.version or "*", read.build or "*"
    name = read.name.normalized
    return name, f'"{name}" = {{ version = "{version}", build = "{build}" }}'


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="pixi-jupyter-bench-") as folder:
        place = Path(folder)
        url = build_channel(place / "channel", operation=Operation()).url
        rows = notebook_rows(Bench(place, url, EMBEDDED), rounds)
        if DATA.is_dir():
            rows += memory_rows(place)
        print_rows(rows)
        os.chdir("/")
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
