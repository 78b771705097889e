from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest
from support import scripted_engine

from pixi_jupyter.inkernel.client import CallCancelledError
from pixi_jupyter.server.pool import Call, Pool

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ENGINE = [str(Path(scripted_engine.__file__))]
unix_only = pytest.mark.skipif(sys.platform == "win32", reason="signals of unix")


@pytest.fixture
async def pool() -> AsyncIterator[Pool]:
    """One operation at a time, and little patience."""
    made = Pool(1, arguments=ENGINE, grace_seconds=0.2)
    yield made
    await made.kill()
    await made.close()


def ignore(event: dict[str, Any]) -> None:
    del event


async def test_questions_with_one_key_are_asked_once(
    pool: Pool, tmp_path: Path
) -> None:
    until = str(tmp_path / "until")
    asked = [
        asyncio.ensure_future(pool.ask("wait", {"until": until, "by": x}, key="k"))
        for x in range(3)
    ]
    await asyncio.sleep(0)

    (tmp_path / "until").touch()

    assert [each["by"] for each in await asyncio.gather(*asked)] == [0, 0, 0]


async def test_who_goes_away_takes_no_answer_from_others(
    pool: Pool, tmp_path: Path
) -> None:
    until = tmp_path / "until"
    one, other = (
        asyncio.ensure_future(pool.ask("wait", {"until": str(until)}, key="k"))
        for _ in range(2)
    )
    await asyncio.sleep(0)
    one.cancel()
    until.touch()

    assert await other == {"until": str(until)}


async def test_an_engine_that_ended_its_work_is_used_again(pool: Pool) -> None:
    pids = []
    for _ in range(2):
        async with pool.engine() as client:
            found = await Call(client, "look", {}).result(ignore)
            pids.append(found["pid"])

    assert pids[0] == pids[1]


async def test_tasks_do_not_take_the_place_of_operations(pool: Pool) -> None:
    async def operate() -> Any:
        async with pool.engine() as client:
            return await Call(client, "echo", {"x": 1}).result(ignore)

    async with pool.engine(runs_task=True), pool.engine(runs_task=True):
        found = await asyncio.wait_for(operate(), 10)

    assert found == {"x": 1}


@unix_only
async def test_an_engine_that_does_not_stop_is_ended(pool: Pool) -> None:
    begun = asyncio.Event()
    async with pool.engine() as client:
        call = Call(client, "stubborn", {}, grace_seconds=pool.grace_seconds)
        task = asyncio.ensure_future(call.result(lambda _: begun.set()))
        await asyncio.wait_for(begun.wait(), 10)
        assert client.pid is not None
        engine = psutil.Process(client.pid)

        call.cancel()

        with pytest.raises(CallCancelledError):
            await asyncio.wait_for(task, 10)
        assert not engine.is_running()


@unix_only
async def test_closing_ends_what_does_not_listen(pool: Pool) -> None:
    begun = asyncio.Event()
    async with pool.engine() as client:
        call = Call(client, "stubborn", {}).result(lambda _: begun.set())
        task = asyncio.ensure_future(call)
        await asyncio.wait_for(begun.wait(), 10)
        pids = pool.pids

        await pool.kill()

        assert [pid for pid in pids if psutil.pid_exists(pid)] == []
        await asyncio.gather(task, return_exceptions=True)
