"""py-rattler's callbacks as events."""

from __future__ import annotations

import threading

import pytest

from pixi_jupyter.events import Event, Operation
from pixi_jupyter.install.reporter import InstallReporter


@pytest.fixture
def events() -> list[Event]:
    return []


def _fetch(reporter: InstallReporter, name: str, steps: list[int]) -> None:
    token = reporter.on_populate_cache_start(0, name)
    download = reporter.on_download_start(token)
    for done in steps:
        reporter.on_download_progress(download, done, None)
    reporter.on_populate_cache_complete(token)


def _told(events: list[Event], phase: str) -> list[tuple[int | None, int | None, str]]:
    return [(e.done, e.total, e.unit) for e in events if e.phase == phase]


def test_a_fetch_counts_bytes_and_ends_with_packages(events: list[Event]) -> None:
    reporter = InstallReporter(Operation(events.append), sizes={"a": 100, "b": 50})

    _fetch(reporter, "a", [40, 100])
    _fetch(reporter, "b", [50])

    assert _told(events, "fetch")[0] == (0, 150, "bytes")
    assert _told(events, "fetch")[-1] == (2, 2, "packages")
    assert [e.state for e in events].count("finished") == 1
    assert events[-1].label == "2/2 b"


def test_packages_that_are_cached_are_not_spoken_of(events: list[Event]) -> None:
    reporter = InstallReporter(Operation(events.append), sizes={"a": 100})

    _fetch(reporter, "cached", [])

    assert events == []


def test_unknown_sizes_count_packages(events: list[Event]) -> None:
    reporter = InstallReporter(Operation(events.append), sizes={"a": 0, "b": 0})

    _fetch(reporter, "a", [40])
    _fetch(reporter, "b", [50])

    assert {unit for _, _, unit in _told(events, "fetch")} == {"packages"}


def test_links_of_other_packages_do_not_count(events: list[Event]) -> None:
    reporter = InstallReporter(Operation(events.append), links=["a"], unlinks=["b"])

    for name in ("other", "a"):
        reporter.on_link_complete(reporter.on_link_start(0, name))
    reporter.on_unlink_complete(reporter.on_unlink_start(0, "b"))

    assert _told(events, "link") == [(1, 1, "packages")]
    assert _told(events, "unlink") == [(1, 1, "packages")]


def test_a_burst_of_callbacks_is_told_once(events: list[Event]) -> None:
    names = [f"p{number}" for number in range(500)]
    reporter = InstallReporter(Operation(events.append), links=names)

    for name in names[:-1]:
        reporter.on_link_complete(reporter.on_link_start(0, name))

    assert len(events) < 10


def test_the_last_one_is_always_told_and_nothing_after_it(events: list[Event]) -> None:
    reporter = InstallReporter(Operation(events.append), links=["a", "b"])

    for name in ("a", "b", "b"):
        reporter.on_link_complete(reporter.on_link_start(0, name))
    reporter.close()

    assert (events[-1].done, events[-1].state) == (2, "finished")
    assert [e.state for e in events].count("finished") == 1


def test_closing_ends_what_was_begun(events: list[Event]) -> None:
    reporter = InstallReporter(Operation(events.append), links=["a", "b"])
    reporter.on_link_complete(reporter.on_link_start(0, "a"))

    reporter.close()
    reporter.close()

    assert [(e.phase, e.state) for e in events] == [
        ("link", "running"),
        ("link", "finished"),
    ]


def test_many_threads_count_right(events: list[Event]) -> None:
    names = [f"p{number}" for number in range(200)]
    reporter = InstallReporter(Operation(events.append), links=names)

    def link(part: list[str]) -> None:
        for name in part:
            reporter.on_link_complete(reporter.on_link_start(0, name))

    threads = [threading.Thread(target=link, args=(names[n::4],)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (events[-1].done, events[-1].total) == (200, 200)
