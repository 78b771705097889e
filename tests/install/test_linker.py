"""What a process may still do after installs that were left alone or failed."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path

PRELUDE = """
import asyncio, json, sys
from pixi_jupyter.errors import DownloadError, PixiJupyterError
from pixi_jupyter.events import Operation
from pixi_jupyter.install import linker

async def ready():
    try:
        await linker.ready(Operation())
        return "ready"
    except PixiJupyterError as error:
        return error.code
"""


def _run(code: str) -> object:
    """Run code in a process of its own, for what it does is not undone."""
    done = subprocess.run(
        [sys.executable, "-c", PRELUDE + code],
        cwd=Path(__file__).parent.parent.parent,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    return json.loads(done.stdout)


def test_a_failed_install_uses_its_process_up() -> None:
    said = _run("""
async def fail():
    raise DownloadError("https://channel.example/a.conda", reason="gone")

async def main():
    before = linker.spent()
    try:
        await linker.run_abandonable(fail(), after=lambda: None)
    except DownloadError:
        pass
    return before, linker.spent(), await ready()

print(json.dumps(asyncio.run(main())))
""")

    assert said == [
        None,
        "https://channel.example/a.conda could not be fetched",
        "linker-spent",
    ]


def test_an_install_that_the_loop_took_down_uses_its_process_up() -> None:
    said = _run("""
async def main():
    task = asyncio.ensure_future(linker.run_abandonable(asyncio.sleep(60), after=int))
    await asyncio.sleep(0)

asyncio.run(main())
print(json.dumps([linker.spent(), asyncio.run(ready())]))
""")

    assert said == ["an install was interrupted", "linker-spent"]


def test_an_install_that_was_left_alone_is_waited_for_by_the_next_one() -> None:
    said = _run("""
async def main():
    gate, order = asyncio.Event(), []

    async def work():
        await gate.wait()
        order.append("work ended")

    task = asyncio.ensure_future(
        linker.run_abandonable(work(), after=lambda: order.append("cleared"))
    )
    await asyncio.sleep(0)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        order.append("cancelled")
    lingering = linker.is_lingering()
    waiter = asyncio.ensure_future(ready())
    await asyncio.sleep(0)
    gate.set()
    order.append(await waiter)
    await asyncio.to_thread(int)
    order.remove("cleared")
    return lingering, order, linker.is_lingering(), linker.spent()

print(json.dumps(asyncio.run(main())))
""")

    assert said == [True, ["cancelled", "work ended", "ready"], False, None]


def test_what_was_left_alone_beside_is_waited_for_by_who_installs_and_no_other() -> (
    None
):
    said = _run("""
async def main():
    gate, order = asyncio.Event(), []

    async def work(name):
        await gate.wait()
        order.append(name)

    first = linker.run_abandonable(work("first"), after=lambda: None, beside=True)
    task = asyncio.ensure_future(first)
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    order.append(await ready())
    second = asyncio.ensure_future(linker.run_to_end(work("second")))
    await asyncio.sleep(0)
    gate.set()
    await second
    return order, linker.spent()

print(json.dumps(asyncio.run(main())))
""")

    assert said == [["ready", "first", "second"], None]


def test_a_link_is_brought_to_its_end_however_often_it_is_cancelled() -> None:
    said = _run("""
async def main():
    gate, ended = asyncio.Event(), []

    async def work():
        await gate.wait()
        ended.append(True)

    task = asyncio.ensure_future(linker.run_to_end(work()))
    for _ in range(3):
        await asyncio.sleep(0)
        task.cancel()
    await asyncio.sleep(0)
    early = task.done()
    gate.set()
    return early, await task, ended, linker.spent()

print(json.dumps(asyncio.run(main())))
""")

    assert said == [False, True, [True], None]


async def test_what_was_not_cancelled_says_so() -> None:
    from pixi_jupyter.install import linker

    assert await linker.run_to_end(asyncio.sleep(0)) is False
