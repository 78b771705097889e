from __future__ import annotations

from typing import Any

import pytest

from pixi_jupyter.inkernel.progress import Progress, amount


def event(phase: str, **more: Any) -> dict[str, Any]:
    return {"phase": phase, "at": 0, "state": "running", "level": "progress", **more}


def sentence(level: str, text: str) -> dict[str, Any]:
    return {"phase": "", "label": text, "state": "finished", "level": level}


def test_phases_stand_below_the_command_in_the_order_of_their_coming() -> None:
    now = [10.0]
    progress = Progress("%pixi add numpy", clock=lambda: now[0])
    progress.take(event("solve"))
    now[0] = 11.8
    # the time of day was set back meanwhile
    progress.take(event("solve", state="finished", at=-3600))
    progress.take(event("fetch", label="numpy", done=2, total=6, unit="packages"))

    headline, solve, fetch, footer = progress.text().splitlines()

    assert headline.startswith("%pixi add numpy   ")
    assert solve == "Solve       done   1.8 s"
    assert fetch == "Download    [########----------------]  2 of 6  numpy"
    assert footer == "Interrupt the cell to cancel."


def test_the_line_of_a_terminal_tells_what_runs() -> None:
    progress = Progress("%pixi add numpy")
    progress.take(event("solve", state="finished"))
    progress.take(event("link", done=3, total=9))

    assert progress.line().startswith("%pixi add numpy  Link  3 of 9  ")


def test_sentences_are_kept_for_the_end_and_remarks_are_not() -> None:
    progress = Progress("%pixi lock")

    progress.take(sentence("warning", "osx-64 is old"))
    progress.take(sentence("info", "cache is warm"))

    assert progress.sentences == [("warning", "osx-64 is old")]
    assert "osx-64" not in progress.text()


def test_what_is_shown_on_a_page_is_escaped() -> None:
    progress = Progress("%pixi add 'a<b>'")
    progress.take(event("solve", label="<script>"))

    page = progress.html()

    assert "<script>" not in page
    assert "<b>%pixi add &#x27;a&lt;b&gt;&#x27;" in page


def test_a_share_is_never_more_than_all() -> None:
    progress = Progress("%pixi install")
    progress.take(event("fetch", done=9, total=6))

    assert "[" + "#" * 24 + "]" in progress.text()
    assert "width:100%" in progress.html()


def test_cancelling_is_said() -> None:
    progress = Progress("%pixi install")
    progress.cancelling = True

    assert "Cancelling: waits until the workspace is whole" in progress.text()
    assert "cancelling" in progress.line()


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, ""),
        ({"done": 3}, "3"),
        ({"done": 3, "total": 9}, "3 of 9"),
        ({"done": 1_400_000, "total": 2_600_000, "unit": "bytes"}, "1.4 of 2.6 MB"),
        ({"done": 1_400_000, "unit": "bytes"}, "1.4 MB"),
    ],
    ids=["nothing", "count", "share", "bytes", "bytes without an end"],
)
def test_amounts_read_as_people_say_them(told: dict[str, Any], expected: str) -> None:
    assert amount(told) == expected
