"""Solving requirements into records."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import pytest
from support.packages import make_channel, make_package

from pixi_jupyter.adapters.rattler import Session
from pixi_jupyter.errors import (
    ChannelError,
    InvalidSpecError,
    UnsatisfiableError,
)
from pixi_jupyter.events import Operation
from pixi_jupyter.platforms import Platform, VirtualPackage
from pixi_jupyter.solve.conda import (
    SolveRequest,
    reachable,
    solve,
)

if TYPE_CHECKING:
    from pathlib import Path

    from pixi_jupyter.adapters.rattler import RepoDataRecord

LINUX = Platform("linux-64", "linux-64")
MAC = Platform("osx-arm64", "osx-arm64")


def versions(records: list[RepoDataRecord]) -> dict[str, str]:
    return {record.name.normalized: str(record.version) for record in records}


async def test_the_highest_versions_come_sorted_by_name(
    session: Session, request_for: Any
) -> None:
    found = await solve(request_for("python", "numba"), session, Operation())

    assert list(versions(found).items()) == [
        ("numba", "0.61"),
        ("numpy", "2.1"),
        ("python", "3.12.1"),
    ]


async def test_where_nothing_is_asked_for_no_channel_is_read(session: Session) -> None:
    empty = SolveRequest(
        environment="bare",
        platform=LINUX,
        channels=("file:///nowhere/at/all/",),
        specs=(),
    )

    assert await solve(empty, session, Operation()) == []
    with pytest.raises(ChannelError):
        await solve(
            SolveRequest(
                environment="bare",
                platform=LINUX,
                channels=("https://localhost:1/none/",),
                specs=("x",),
            ),
            session,
            Operation(),
        )


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (
            {"strategy": "lowest"},
            {"numba": "0.59", "numpy": "1.26", "python": "3.11.1"},
        ),
        ({"constraints": ("numpy <2",)}, {"numba": "0.61", "numpy": "1.26"}),
        ({"platform": MAC}, {"numba": "0.61", "numpy": "2.1"}),
    ],
    ids=["lowest", "constraints", "another platform"],
)
async def test_what_a_request_says_is_honoured(
    session: Session,
    request_for: Any,
    options: dict[str, Any],
    expected: dict[str, str],
) -> None:
    assert versions(
        await solve(request_for("numba", **options), session, Operation())
    ) == (expected)


async def test_virtual_packages_of_the_platform_are_given_to_the_solver(
    session: Session, request_for: Any
) -> None:
    new = Platform("new", "linux-64", (VirtualPackage("__glibc", "2.41"),))
    gpu = (VirtualPackage("__cuda", "12.4"), VirtualPackage("__unheard", "1"))

    by_platform = await solve(
        request_for("newglibc", platform=new), session, Operation()
    )
    given = request_for("gpu", virtual_packages=gpu)
    by_request = await solve(given, session, Operation())

    assert versions(by_platform) == {"newglibc": "1.0"}
    assert versions(by_request) == {"gpu": "1.0"}
    with pytest.raises(UnsatisfiableError):
        await solve(request_for("newglibc"), session, Operation())


async def test_what_is_newer_than_the_cutoff_does_not_exist(
    session: Session, request_for: Any
) -> None:
    cutoff = datetime(2024, 1, 1, tzinfo=timezone.utc)

    assert versions(await solve(request_for("late"), session, Operation()))
    with pytest.raises(UnsatisfiableError, match="late"):
        await solve(request_for("late", exclude_newer=cutoff), session, Operation())


async def test_locked_records_stay_when_something_is_added(
    session: Session, request_for: Any
) -> None:
    old = await solve(request_for("numpy ==2.1", "python"), session, Operation())

    fresh = await solve(request_for("numpy", "python", "array"), session, Operation())
    kept = await solve(
        request_for("numpy", "python", "array", locked=tuple(old)), session, Operation()
    )

    assert versions(fresh)["numpy"] == "2.3"
    assert versions(kept) == {"array": "1.0", "numpy": "2.1", "python": "3.12.1"}


async def test_locked_records_give_way_to_what_is_asked_for(
    session: Session, request_for: Any
) -> None:
    old = await solve(request_for("numpy ==2.1"), session, Operation())

    found = await solve(
        request_for("numpy >=2.2", locked=tuple(old)), session, Operation()
    )

    assert versions(found) == {"numpy": "2.3"}


async def test_the_first_channel_wins_unless_priorities_are_off(
    session: Session, request_for: Any, channel: str, tmp_path: Path
) -> None:
    first = make_channel(tmp_path / "first", [{"name": "numpy", "version": "1.0"}])
    both = (first, channel)

    strict = await solve(request_for("numpy", channels=both), session, Operation())
    disabled = await solve(
        request_for("numpy", channels=both, channel_priority="disabled"),
        session,
        Operation(),
    )

    assert versions(strict) == {"numpy": "1.0"}
    assert versions(disabled) == {"numpy": "2.3"}


async def test_a_spec_that_cannot_be_read_is_named(
    session: Session, request_for: Any
) -> None:
    with pytest.raises(InvalidSpecError, match=">>1"):
        await solve(request_for("numpy >>1"), session, Operation())


async def test_an_environment_gets_what_it_reaches(
    session: Session, request_for: Any
) -> None:
    found = await solve(
        request_for("deep", "python", "array[extras=[fast]]", "capper"),
        session,
        Operation(),
    )

    def names(*specs: str) -> list[str]:
        return [record.name.normalized for record in reachable(found, specs)]

    assert names("deep") == ["deep", "needsold", "numpy"]
    assert names("python", "__unix", "absent") == ["python"]
    assert names("array") == ["array"]
    assert names("array[extras=[fast]]") == ["array", "numpy"]
    assert names() == []


async def test_a_rebuilt_channel_is_seen_by_a_new_session(tmp_path: Path) -> None:
    folder = tmp_path / "channel"
    make_package(folder, "thing", "1.0")
    url = make_channel(folder)
    asked = SolveRequest(
        environment="default", platform=LINUX, channels=(url,), specs=("thing",)
    )
    before = await solve(asked, Session(cache_dir=tmp_path / "cache"), Operation())

    make_channel(folder, [{"name": "thing", "version": "2.0"}])
    after = await solve(asked, Session(cache_dir=tmp_path / "cache"), Operation())

    assert (versions(before), versions(after)) == ({"thing": "1.0"}, {"thing": "2.0"})
