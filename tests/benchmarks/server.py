"""Measure the server extension: concurrent reads, and how late its loop is.

``python tests/benchmarks/server.py [--rounds N] [--packages N]``

The server runs in this process, so that the delay of its loop can be seen; who asks
is a process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import Bench, Row, print_rows
from table import EMBEDDED

from pixi_jupyter.channel.build import build_channel
from pixi_jupyter.events import Operation

sys.path.insert(0, str(Path(__file__).parents[1]))
from support.packages import make_channel

if TYPE_CHECKING:
    from collections.abc import Sequence

READS = 200
TOKEN = "benchmark"  # noqa: S105  of a server that lives a minute
_TICK = 0.002


class Lateness:
    """Looks every two milliseconds whether the loop comes in time."""

    def __init__(self) -> None:
        self.found: list[float] = []
        self._task = asyncio.ensure_future(self._run())

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + _TICK
            await asyncio.sleep(_TICK)
            self.found.append(max(0.0, loop.time() - due))

    def stop(self) -> tuple[float, float]:
        """Give p99 and the longest."""
        self._task.cancel()
        return percentile(self.found, 99), max(self.found)


def percentile(values: Sequence[float], which: int) -> float:
    return statistics.quantiles(values, n=100)[which - 1]


async def client(url: str, route: str, reads: int) -> None:
    """Ask many times at once; print the seconds of each answer and of all."""
    from tornado.httpclient import AsyncHTTPClient

    AsyncHTTPClient.configure(None, max_clients=reads)
    http = AsyncHTTPClient()
    headers = {"Authorization": f"token {TOKEN}"}

    async def ask() -> float:
        started = time.perf_counter()
        await http.fetch(f"{url}{route}", headers=headers)
        return time.perf_counter() - started

    started = time.perf_counter()
    each = await asyncio.gather(*(ask() for _ in range(reads)))
    print(json.dumps({"each": each, "all": time.perf_counter() - started}))


async def asked(url: str, route: str, reads: int = READS) -> dict[str, Any]:
    """Let another process ask."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, __file__, "--client", url, route, str(reads),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await process.communicate()
    found: dict[str, Any] = json.loads(out)
    return found


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


async def served(root: Path) -> tuple[Any, str]:
    """Start a server in this process; gives it and its address."""
    from jupyter_server.serverapp import ServerApp
    from traitlets.config import Config

    port = free_port()
    config = Config()
    config.ServerApp.jpserver_extensions = {"pixi_jupyter": True}
    config.ServerApp.root_dir = str(root)
    config.ServerApp.port = port
    config.ServerApp.open_browser = False
    config.ServerApp.allow_root = True
    config.ServerApp.log_level = "ERROR"
    config.IdentityProvider.token = TOKEN
    app = ServerApp(config=config)
    app.initialize(argv=[])
    app.start_app()
    return app, f"http://127.0.0.1:{port}/"


async def read(url: str, rounds: int, route: str) -> tuple[list[float], list[float]]:
    """Give the seconds of all reads of each round, and how late the loop was."""
    await asked(url, route, 1)
    late = Lateness()
    found = [await asked(url, route) for _ in range(rounds)]
    return [each["all"] for each in found], [*late.stop()]


async def read_rows(url: str, rounds: int, route: str, what: str) -> list[Row]:
    """Compare with as many reads of a route that Jupyter itself has."""
    theirs, their_late = await read(url, rounds, "api/status")
    ours, late = await read(url, rounds, f"pixi-jupyter/{route}")
    middle, yardstick = statistics.median, "/api/status"
    return [
        Row(f"{READS} reads of {what}", middle(ours), yardstick, middle(theirs)),
        Row("  loop late, p99", late[0], yardstick, their_late[0]),
        Row("  loop late, at most", late[1], yardstick, their_late[1]),
    ]


async def idle_rows() -> list[Row]:
    late = Lateness()
    await asyncio.sleep(5)
    p99, longest = late.stop()
    return [
        Row("loop late, idle, p99", p99, goal="<= 0.02 s", most=0.02),
        Row("  at most", longest),
    ]


async def install_rows(app: Any, url: str) -> list[Row]:
    """Install what is not there yet, while a panel asks now and then."""
    from pixi_jupyter.server.base import DESK
    from pixi_jupyter.server.paths import place_of

    desk = app.web_app.settings[DESK]
    place = place_of(desk.root, "")
    request = {"manifest": str(place.manifest)}
    late, started = Lateness(), time.perf_counter()
    found = desk.operations.start(
        "install", request, workspace=place.key, manifest=place.manifest
    )
    while not found.is_over:
        await asked(url, "pixi-jupyter/environments", 5)
    taken = time.perf_counter() - started
    p99, longest = late.stop()
    if found.state != "succeeded":
        raise RuntimeError(found.error)
    return [
        Row("install through the server", taken),
        Row("  loop late, p99", p99, goal="<= 0.02 s", most=0.02),
        Row("  loop late, at most", longest),
    ]


async def measure(folder: Path, rounds: int, packages: int) -> list[Row]:
    url = build_channel(folder / "channel", operation=Operation()).url
    bench = Bench(folder / "bench", url, EMBEDDED)
    os.environ.update(bench.environ)
    app, address = await served(bench.workspace)
    rows = await idle_rows()
    rows += await install_rows(app, address)
    rows += await read_rows(address, rounds, "workspace", "the workspace")
    rows += await read_rows(address, rounds, "environments", "environments")
    rows += await read_rows(address, rounds, "operations", "operations")
    names = [f"made-{number:04}" for number in range(packages)]
    made = make_channel(folder / "made", [{"name": name} for name in names])
    large = Bench(bench.workspace / "large", made, names)
    large.ours("lock")
    route = "environments/default/packages?path=large/workspace"
    rows += await read_rows(address, rounds, route, f"{packages} packages")
    await app._cleanup()
    return rows


def main() -> None:
    if sys.argv[1:2] == ["--client"]:
        asyncio.run(client(sys.argv[2], sys.argv[3], int(sys.argv[4])))
        return
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--packages", type=int, default=3000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = asyncio.run(measure(Path(folder), given.rounds, given.packages))
    print_rows(rows)


if __name__ == "__main__":
    main()
