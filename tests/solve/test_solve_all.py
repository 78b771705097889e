"""Several solves at a time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from pixi_jupyter.adapters.rattler import Session
from pixi_jupyter.errors import (
    PackageNotFoundError,
    UnsatisfiableError,
)
from pixi_jupyter.events import Event, Operation
from pixi_jupyter.platforms import Platform
from pixi_jupyter.solve.conda import (
    solve_all,
)

if TYPE_CHECKING:
    from pathlib import Path

    from pixi_jupyter.adapters.rattler import RepoDataRecord

MAC = Platform("osx-arm64", "osx-arm64")


def versions(records: list[RepoDataRecord]) -> dict[str, str]:
    return {record.name.normalized: str(record.version) for record in records}


async def test_all_requests_are_solved_and_counted(
    session: Session, request_for: Any
) -> None:
    events: list[Event] = []
    requests = [
        request_for("numpy"),
        request_for("python", platform=MAC),
        request_for("numba", environment="test"),
    ]

    found = await solve_all(requests, session, Operation(events.append), concurrency=2)

    assert [sorted(versions(row)) for row in found] == [
        ["numpy"],
        ["python"],
        ["numba", "numpy"],
    ]
    counted = [event for event in events if event.done is not None]
    assert [(event.done, event.total, event.unit) for event in counted] == [
        (1, 3, "environments"),
        (2, 3, "environments"),
        (3, 3, "environments"),
    ]
    assert {event.label for event in counted} == {
        "default for linux-64",
        "default for osx-arm64",
        "test for linux-64",
    }
    assert {event.phase for event in events} == {"solve"}


async def test_no_requests_are_solved_at_once(session: Session) -> None:
    assert await solve_all([], session, Operation(), concurrency=4) == []


class Slow(Session):
    """A session whose solves wait until they are told, or cancelled."""

    def __init__(self, cache_dir: Path) -> None:
        super().__init__(cache_dir=cache_dir)
        self.running = self.most = 0
        self.cancelled: list[str] = []
        self.started = asyncio.Event()

    async def solve(self, *args: Any, **options: Any) -> list[RepoDataRecord]:
        specs, label = args[1], options["label"]
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            if "fail" in specs:
                await asyncio.wait_for(self.started.wait(), 10)
                raise UnsatisfiableError(label[0], platform=label[1], report="no")
            if "wait" in specs:
                self.started.set()
                await asyncio.Event().wait()
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            self.cancelled.append(label[0])
            raise
        finally:
            self.running -= 1
        return []


async def test_the_first_failure_cancels_the_others(
    tmp_path: Path, request_for: Any
) -> None:
    session = Slow(tmp_path)
    requests = [
        request_for("wait", environment="long"),
        request_for("numpy", "fail", environment="wrong"),
        request_for("wait", environment="longer"),
    ]

    with pytest.raises((UnsatisfiableError, PackageNotFoundError)):
        await solve_all(requests, session, Operation(), concurrency=3)

    assert sorted(session.cancelled) == ["long", "longer"]
    assert session.running == 0


async def test_no_more_solves_run_than_asked_for(
    tmp_path: Path, request_for: Any
) -> None:
    session = Slow(tmp_path)

    await solve_all([request_for("numpy")] * 7, session, Operation(), concurrency=2)

    assert session.most == 2


async def test_cancelling_cancels_every_solve(tmp_path: Path, request_for: Any) -> None:
    session = Slow(tmp_path)
    requests = [request_for("wait", environment=name) for name in ("a", "b", "c")]
    task = asyncio.ensure_future(
        solve_all(requests, session, Operation(), concurrency=2)
    )
    await asyncio.wait_for(session.started.wait(), 10)

    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert sorted(session.cancelled) == ["a", "b"]
    assert session.running == 0
