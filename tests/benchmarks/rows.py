"""The rows of the table: each measures one promise beside its yardstick."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bench import Bench, Row, in_turns, timed

from pixi_jupyter.inkernel.client import Client

if TYPE_CHECKING:
    from collections.abc import Sequence

SOLVES = 20
IDLE_CALLS = 15


def lock_rows(bench: Bench, rounds: int, *, least: bool) -> list[Row]:
    def ours() -> float:
        bench.lock.unlink(missing_ok=True)
        seconds: float = bench.ours("lock")
        return seconds

    mine, theirs = in_turns(rounds, ours, bench.bare_solve, least=least)
    return [Row("lock", mine, "bare py-rattler", theirs, "<= 1.3x", most=1.3)]


def cold_rows(bench: Bench, rounds: int, *, least: bool) -> list[Row]:
    plain, other = bench.folder / "plain", bench.folder / "other-cache"

    def ours() -> float:
        shutil.rmtree(bench.workspace / ".pixi", ignore_errors=True)
        shutil.rmtree(bench.cache / "pkgs", ignore_errors=True)
        seconds: float = bench.ours("install")
        return seconds

    def bare() -> float:
        shutil.rmtree(plain, ignore_errors=True)
        shutil.rmtree(other, ignore_errors=True)
        seconds: float = bench.bare_install(plain, other)
        return seconds

    mine, theirs = in_turns(min(rounds, 3), ours, bare, least=least)
    shutil.rmtree(other)
    return [Row("install, empty cache", mine, "bare py-rattler", theirs)]


def install_rows(bench: Bench, rounds: int, *, least: bool) -> list[Row]:
    bench.ours("install")  # the cache is warm from here on
    plain, copy = bench.folder / "plain", bench.folder / "copy"

    def fresh(**more: str) -> float:
        shutil.rmtree(bench.workspace / ".pixi")
        seconds: float = bench.ours("install", **more)
        return seconds

    def bare() -> float:
        shutil.rmtree(plain, ignore_errors=True)
        seconds: float = bench.bare_install(plain, bench.cache / "pkgs")
        return seconds

    def linked() -> float:
        shutil.rmtree(copy, ignore_errors=True)
        seconds: float = timed(lambda: bench.call("cp", "-al", plain, copy))
        return seconds

    bare()
    compiled = partial(fresh, PIXI_JUPYTER_BYTECODE="kernel")
    mine, theirs, copied, whole = in_turns(
        rounds, fresh, bare, linked, compiled, least=least
    )
    what = "install, warm cache"
    return [
        Row(what, mine, "bare py-rattler", theirs, "<= 1.1x", most=1.1),
        Row(what, mine, "cp -al", copied, "<= 2.5x", most=2.5),
        Row(f"{what}, .pyc of the kernel", whole),
    ]


def small_rows(bench: Bench, rounds: int, *, least: bool) -> list[Row]:
    bench.ours("install")
    client = engine(bench)
    request = {"verb": "install", "request": {"manifest": str(bench.workspace)}}
    client.call("verb", request)
    idle, warm, help_, run, bare = in_turns(
        rounds,
        lambda: bench.ours("install"),
        lambda: in_turns(
            IDLE_CALLS, lambda: timed(lambda: client.call("verb", request)), least=least
        )[0],
        lambda: bench.ours("--help"),
        lambda: bench.ours("run", "true"),
        lambda: timed(lambda: bench.call("true")),
        least=least,
    )
    client.close()
    nothing = "install, nothing to do"
    return [
        Row(f"{nothing}, a process", idle, goal="<= 0.25 s", most=0.25),
        Row(f"{nothing}, a warm engine", warm, goal="<= 0.02 s", most=0.02),
        Row("--help", help_, goal="<= 0.3 s", most=0.3),
        Row("run true, above true", run - bare, goal="<= 0.3 s", most=0.3),
    ]


def kernel_rows(bench: Bench, rounds: int, *, least: bool) -> list[Row]:
    bench.ours("install", PIXI_JUPYTER_BYTECODE="kernel")
    bench.ours("kernel", "install")
    name = json.loads(bench.output("kernel", "list", "--json"))[0]["name"]
    bare_folder = bench.folder / "home/.local/share/jupyter/kernels/bare"
    bare_folder.mkdir(parents=True)
    argv = [str(bench.prefix / "bin/python"), "-m", "ipykernel_launcher"]
    spec = {"argv": [*argv, "-f", "{connection_file}"], "display_name": "bare"}
    (bare_folder / "kernel.json").write_text(json.dumps({**spec, "language": "python"}))
    os.environ.update(bench.environ)
    start_kernel(name)  # leaves the stamp that a kernel start looks for
    start_kernel("bare")
    mine, theirs = in_turns(
        rounds,
        lambda: start_kernel(name),
        lambda: start_kernel("bare"),
        least=least,
    )
    what = "kernel start, installed"
    return [Row(what, mine, "bare ipykernel", theirs, "<= 1.2x", most=1.2)]


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


def engine_rows(bench: Bench, rounds: int, *, least: bool) -> list[Row]:
    def first_answer() -> float:
        started = time.perf_counter()
        client = engine(bench)
        client.call("ping")
        taken = time.perf_counter() - started
        client.close()
        return taken

    (mine,) = in_turns(rounds, first_answer, least=least)
    return [Row("engine: start to first answer", mine, goal="<= 0.1 s", most=0.1)]


def memory_rows(bench: Bench, names: Sequence[str]) -> list[Row]:
    """Solve twenty times in one engine, each time for something else of `names`."""
    client, held = engine(bench), []
    for number in range(SOLVES):
        folder = bench.folder / f"solve-{number}"
        bench.manifest(folder, names[number % len(names) :])
        client.call("verb", {"verb": "lock", "request": {"manifest": str(folder)}})
        held.append(resident(client.pid))
    client.close()
    what = f"engine, most of {SOLVES} solves"
    return [Row(what, max(held), goal="<= 500 MB", unit="MB", most=500)]


def engine(bench: Bench) -> Client:
    """Give a client whose engine has the folders of a bench."""
    return Client(sys.executable, environ=bench.environ)


def resident(pid: int | None) -> float:
    """Give the memory of a process in MB; 0 where it has left."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
