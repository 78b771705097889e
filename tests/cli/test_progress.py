"""Progress in a terminal, in a pipe, and in silence."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
from typing import TYPE_CHECKING

from pixi_jupyter.cli.progress import Progress
from pixi_jupyter.events import Operation

if TYPE_CHECKING:
    from pathlib import Path


def in_terminal(*words: str) -> tuple[int, str]:
    """Run the command in a pseudo terminal; give its exit code and all it wrote."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "pixi_jupyter", *words]
    with subprocess.Popen(command, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                data = os.read(ours, 4096)
            except OSError:  # how Linux says that the other end is closed
                break
            if not data:
                break
            shown += data
    os.close(ours)
    return process.returncode, shown.decode()


def test_a_terminal_shows_bars_and_the_result(study: Path) -> None:
    code, shown = in_terminal("install")

    assert code == 0
    assert "Traceback" not in shown
    assert "Installed" in shown


def test_every_kind_of_event_can_be_drawn() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    with Progress(stream) as progress:
        operation = Operation(progress)
        operation.say("fetch", "numpy", done=3, total=9_000_000, unit="bytes")
        operation.say("fetch", "numpy", done=9_000_000, total=9_000_000, unit="bytes")
        operation.finish("fetch")
        operation.say("solve")
        operation.child().say("link", "numpy", done=1, total=3, unit="packages")
        operation.warn("look here")

    assert "warning: look here" in stream.getvalue()


def test_a_pipe_gets_one_line_for_each_phase_that_took_a_while() -> None:
    stream = io.StringIO()
    with Progress(stream) as progress:
        operation = Operation(progress)
        operation.say("link", "numpy", done=1, total=3, unit="packages")
        # as if it had begun a while ago
        progress._started[operation.id, "link"] -= 1
        operation.say("link", "", done=3, total=3, unit="packages", state="finished")
        operation.say("verify")
        operation.finish("verify")

    lines = stream.getvalue().splitlines()
    assert [line.split() for line in lines] == [["Link", "3", "packages", "1.0", "s"]]


def test_quiet_says_nothing_but_warnings_and_very_quiet_nothing() -> None:
    texts = []
    for quiet in (1, 2):
        stream = io.StringIO()
        operation = Operation(Progress(stream, quiet=quiet))
        operation.tell("a notice")
        operation.warn("a warning")
        texts.append(stream.getvalue())

    assert texts == ["warning: a warning\n", ""]
