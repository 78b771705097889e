from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from pixi_jupyter.inkernel.child import renewed, run

if TYPE_CHECKING:
    from collections.abc import Callable

unix_only = pytest.mark.skipif(sys.platform == "win32", reason="groups of processes")


def start(*words: str, **more: Any) -> dict[str, Any]:
    command = [sys.executable, *words]
    given = {"program": sys.executable, "command": command}
    return {**given, "environ": dict(os.environ), "cwd": str(Path.cwd()), **more}


def test_output_goes_to_its_stream_and_the_exit_code_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = "import sys; print('out é'); print('err', file=sys.stderr); sys.exit(3)"

    assert run(start("-c", code)) == 3

    assert capsys.readouterr() == ("out é\n", "err\n")


def test_a_lot_of_output_is_printed_whole(capsys: pytest.CaptureFixture[str]) -> None:
    code = "import sys; sys.stdout.write('é' * 3_000_000)"

    assert run(start("-c", code)) == 0

    assert capsys.readouterr().out == "é" * 3_000_000


def test_a_text_is_read_by_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(start("-"), "import sys\nprint(sys.argv)") == 0

    assert capsys.readouterr().out == "['-']\n"


def test_without_a_text_there_is_nothing_to_read() -> None:
    assert run(start("-c", "import sys; sys.exit(len(sys.stdin.read()))")) == 0


def test_variables_and_folder_are_those_that_were_given(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code = "import os; print(os.environ['MINE'], os.getcwd())"
    environ = {**os.environ, "MINE": "yes"}

    run(start("-c", code, environ=environ, cwd=str(tmp_path)))

    assert capsys.readouterr().out == f"yes {tmp_path}\n"


@unix_only
def test_a_child_that_holds_the_output_is_not_waited_for() -> None:
    code = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "open(sys.argv[1], 'w').write(str(child.pid))"
    )
    path = Path(os.environ["HOME"]) / "held-pid"

    assert run(start("-c", code, str(path))) == 0

    child = psutil.Process(int(path.read_text()))
    assert child.is_running()
    child.kill()


CALLER = """
import os, signal, sys
from pixi_jupyter.inkernel.child import renewed, run
code = sys.argv[1]
before = signal.getsignal(signal.SIGINT)
given = {"program": sys.executable, "command": [sys.executable, "-c", code],
         "environ": dict(os.environ), "cwd": os.getcwd()}
print("code", run(given), signal.getsignal(signal.SIGINT) is before, flush=True)
"""

HARD = (
    "import os, signal, time\n"
    "signal.signal(signal.SIGINT, lambda *_: print('heard', flush=True))\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "print(os.getpid(), flush=True)\n"
    "while True: time.sleep(60)"
)


@pytest.fixture
def call() -> Callable[[str], subprocess.Popen[str]]:
    """Run code as a command of a process of its own."""

    def call(code: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", CALLER, code],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    return call


@unix_only
def test_an_interrupt_is_passed_on_and_harder_each_time(
    call: Callable[[str], subprocess.Popen[str]],
) -> None:
    with call(HARD) as caller:
        assert caller.stdout
        caller.stdout.readline()
        caller.send_signal(signal.SIGINT)
        assert caller.stdout.readline() == "heard\n"
        caller.send_signal(signal.SIGINT)

        rest, _ = caller.communicate(timeout=20)

    # one that ignores the second is killed when its time is over
    assert rest == f"code {-signal.SIGKILL} True\n"


@unix_only
def test_a_command_ends_with_a_caller_that_is_killed(
    call: Callable[[str], subprocess.Popen[str]],
) -> None:
    with call(HARD) as caller:
        assert caller.stdout
        command = psutil.Process(int(caller.stdout.readline()))

        caller.kill()
        _, alive = psutil.wait_procs([command], timeout=10)

    assert not alive


def test_variables_set_since_the_engine_began_reach_a_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old = {**os.environ, "GONE": "1", "SAME": "1", "MADE": "1"}
    monkeypatch.setenv("SAME", "1")
    monkeypatch.setenv("NEW", "1")
    monkeypatch.setenv("MADE", "2")
    activated = {**old, "MADE": "by the environment", "MORE": "1"}

    environ = renewed(activated, old)

    assert environ["NEW"] == environ["SAME"] == environ["MORE"] == "1"
    assert environ["MADE"] == "by the environment"
    assert "GONE" not in environ
