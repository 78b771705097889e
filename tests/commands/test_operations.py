"""What is going on in a workspace is told in a few words."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from pixi_jupyter.commands.plain.operations import (
    clock,
    duration,
    operations,
    progress,
)
from pixi_jupyter.commands.text import plain
from pixi_jupyter.verbs.operations import OperationsResult
from pixi_jupyter.workspace.operations import OperationRecord


def record(**fields: Any) -> OperationRecord:
    return OperationRecord(id="1", verb="add", what="add numpy", pid=12, **fields)


def shown(*records: OperationRecord) -> str:
    return plain(operations(OperationsResult(root=Path(), operations=records)).stdout)


def test_an_operation_that_runs_says_where_it_is() -> None:
    running = record(phase="fetch", label="numpy", done=3, total=17, unit="packages")

    assert shown(running).splitlines()[1].endswith("pid 12  fetch numpy 3/17")


def test_bytes_are_amounts() -> None:
    running = record(phase="fetch", done=3_000_000, total=9_400_000, unit="bytes")

    assert progress(running) == "fetch 3.0 MB/9.4 MB"


def test_an_operation_that_failed_says_why_below() -> None:
    failed = record(state="failed", seconds=1.8, error="Channel x could not be read")

    heading, row, why = shown(failed).splitlines()

    assert heading.split() == ["Operation", "State", "Began", "Took", "By"]
    assert row.startswith("add numpy  failed")
    assert row.endswith("1.8 s  pid 12")
    assert why == "  Channel x could not be read"


def test_where_nothing_was_done_it_says_so() -> None:
    answer = operations(OperationsResult(root=Path(), operations=()))

    assert not answer.stdout
    assert "nothing was done" in plain(answer.stderr)


def test_what_began_on_another_day_says_which() -> None:
    moment = datetime.now().astimezone()

    assert clock(moment.isoformat()) == moment.strftime("%H:%M")
    assert clock("2020-02-03T12:00:00+00:00").startswith("2020-02-0")
    assert clock("nonsense") == ""


@pytest.mark.parametrize(
    ("value", "words"), [(1.84, "1.8 s"), (250, "4 min"), (7300, "2 h")]
)
def test_long_times_are_rounded(value: float, words: str) -> None:
    assert duration(value) == words
