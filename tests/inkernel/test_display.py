from __future__ import annotations

from typing import Any

import pytest

from pixi_jupyter.inkernel.display import Display


class Publisher:
    """Keeps what is sent to a page."""

    def __init__(self) -> None:
        self.sent: list[tuple[dict[str, str], bool]] = []

    def publish(self, data: dict[str, str], **more: Any) -> None:
        self.sent.append((data, more.get("update", False)))


@pytest.fixture
def shell(shell: Any) -> Any:
    """Make it one that a kernel has."""
    shell.display_pub = Publisher()
    shell.kernel = object()
    return shell


def wait(display: Display, seconds: float) -> None:
    """Let a display believe that time has passed."""
    display.progress.began -= seconds


def test_what_is_over_at_once_is_one_output(shell: Any) -> None:
    display = Display(shell, "%pixi list")
    display.tick()

    display.show("numpy", "<b>numpy</b>", [])

    expected = {"text/plain": "numpy", "text/html": "<b>numpy</b>"}
    assert shell.display_pub.sent == [(expected, False)]


def test_progress_becomes_the_result_in_the_same_place(shell: Any) -> None:
    display = Display(shell, "%pixi add numpy")
    wait(display, 0.3)
    display.tick()
    display.tick()

    display.show("done", "<b>done</b>", [])

    assert [update for _, update in shell.display_pub.sent] == [False, True]
    assert "Interrupt the cell" in shell.display_pub.sent[0][0]["text/plain"]
    assert shell.display_pub.sent[-1][0]["text/plain"] == "done"


def test_it_is_painted_no_more_than_ten_times_a_second(shell: Any) -> None:
    display = Display(shell, "%pixi add numpy")
    for _ in range(100):
        wait(display, 0.02)
        display.tick()

    assert 10 <= len(shell.display_pub.sent) <= 20


def test_notes_are_said_in_text_and_on_the_page(shell: Any) -> None:
    display = Display(shell, "%pixi add numpy")
    display.event({"level": "warning", "label": "a<b is old", "state": "finished"})

    display.show("done", "<p>done</p>", [("restart", "restart the kernel")])

    ((data, _),) = shell.display_pub.sent
    assert data["text/plain"] == "warning: a<b is old\ndone\n\nrestart the kernel"
    assert "a&lt;b is old" in data["text/html"]
    assert "restart the kernel" in data["text/html"]


def test_help_is_printed(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    Display(shell, "%pixi --help").show("Usage: %pixi", "", [])

    assert capsys.readouterr().out == "Usage: %pixi\n"
    assert shell.display_pub.sent == []


def test_a_failure_leaves_one_quiet_line_of_what_was_painted(shell: Any) -> None:
    display = Display(shell, "%pixi add numpy")
    wait(display, 0.3)
    display.tick()

    display.fail()

    assert shell.display_pub.sent[-1][0]["text/plain"].startswith("%pixi add numpy  ")
    assert "Interrupt" not in shell.display_pub.sent[-1][0]["text/plain"]


def test_a_failure_that_comes_at_once_leaves_nothing(shell: Any) -> None:
    Display(shell, "%pixi add numpy").fail()

    assert shell.display_pub.sent == []


def test_a_value_has_no_progress_unless_it_takes_long(shell: Any) -> None:
    display = Display(shell, "%pixi list --json", quiet=True)
    wait(display, 1)
    display.tick()
    assert shell.display_pub.sent == []

    wait(display, 2)
    display.tick()

    assert len(shell.display_pub.sent) == 1


def test_what_captures_outputs_gets_the_end_alone(shell: Any) -> None:
    from IPython.utils.capture import capture_output

    with capture_output() as captured:
        display = Display(shell, "%pixi add numpy")
        wait(display, 1)
        display.tick()
        display.show("done", "<b>done</b>", [])

    assert [each.data["text/plain"] for each in captured.outputs] == ["done"]


def test_a_terminal_gets_text(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    del shell.kernel
    display = Display(shell, "%pixi add numpy")
    wait(display, 1)
    display.tick()

    display.show("done", "<b>done</b>", [("restart", "restart the kernel")])

    assert capsys.readouterr() == ("done\n\nrestart the kernel\n", "")
    assert shell.display_pub.sent == []
