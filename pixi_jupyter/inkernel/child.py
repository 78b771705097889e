"""A command of another environment, run below a cell."""

import codecs
import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from typing import Any, Dict, List, Optional, Tuple

from .interrupts import Interrupts

_POLL_SECONDS = 0.05
_PATIENCE_SECONDS = 3.0
"""How long a signal may take before a stronger one is sent."""
_DRAIN_SECONDS = 0.2
"""How long to listen after the end: a child of the command may hold its output."""
_CHUNK = 65536
_SIGNALS = ("SIGINT", "SIGTERM", "SIGKILL")

# ends the command's group when the kernel is gone, however that happened
_WATCH = """
import os, signal, sys, time
if not os.read(0, 1):
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(int(sys.argv[1]), number)
        except OSError:
            break
        time.sleep(2)
"""

Output = Tuple[str, bytes]


def run(start: Dict[str, Any], text: Optional[str] = None) -> int:
    """Run a command and print what it says as it says it.

    Parameters
    ----------
    start
        ``{program, command, environ, cwd}``.
    text
        What it reads; nothing if None.

    Returns
    -------
    int
        The exit code; below zero for a signal, as `subprocess` tells it.

    Raises
    ------
    OSError
        If it cannot be started.

    Notes
    -----
    An interrupt from the keyboard is sent on to the command and all it started,
    then with more force each time, or where it takes too long.
    """
    with Interrupts() as interrupts:
        process = subprocess.Popen(  # noqa: S603  what the user typed
            [str(word) for word in start["command"]],
            executable=start["program"],
            env=start["environ"],
            cwd=start["cwd"],
            stdin=subprocess.DEVNULL if text is None else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # a signal for the kernel's group is passed on by us alone
            start_new_session=True,
        )
        with _watched(process.pid):
            return _Listener(process, text).wait(interrupts)


def renewed(activated: Dict[str, str], old: Dict[str, str]) -> Dict[str, str]:
    """Take over what changed in this process' variables since the engine began.

    Parameters
    ----------
    activated
        Variables of an environment, as the engine made them.
    old
        Those of the engine, which it made them from.
    """
    environ = dict(activated)
    for name in {*old, *os.environ}:
        now = os.environ.get(name)
        untouched = activated.get(name) == old.get(name)
        if now != old.get(name) and untouched:
            if now is None:
                del environ[name]
            else:
                environ[name] = now
    return environ


@contextlib.contextmanager
def _watched(group: int) -> Any:  # noqa: ANN401  an iterator of nothing
    """Let the group end when this process ends."""
    if os.name != "posix":
        yield
        return
    watcher = subprocess.Popen(  # noqa: S603  this Python
        [sys.executable, "-I", "-S", "-c", _WATCH, str(group)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert watcher.stdin is not None  # noqa: S101  it is a pipe
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            watcher.stdin.write(b"x")
            watcher.stdin.close()
        # it needs a moment to start, and nothing waits for it
        threading.Thread(target=watcher.wait, daemon=True).start()


class _Listener:
    """Moves what a process says to the main thread, which prints it."""

    def __init__(self, process: "subprocess.Popen[bytes]", text: Optional[str]) -> None:
        self._process = process
        # a command that says more than can be shown has to wait
        self._inbox: "queue.Queue[Output]" = queue.Queue(64)
        self._deaf = threading.Event()
        new = codecs.getincrementaldecoder("utf-8")
        self._decoders = {name: new("replace") for name in ("stdout", "stderr")}
        self._readers = [
            self._begin(self._read, name, getattr(process, name))
            for name in self._decoders
        ]
        if text is not None:
            self._begin(self._write, text)

    def _begin(self, *target: Any) -> threading.Thread:  # noqa: ANN401
        thread = threading.Thread(target=target[0], args=target[1:], daemon=True)
        thread.start()
        return thread

    def _read(self, name: str, stream: Any) -> None:  # noqa: ANN401  a pipe
        with stream:
            while True:
                chunk = os.read(stream.fileno(), _CHUNK)
                while not self._deaf.is_set():
                    with contextlib.suppress(queue.Full):
                        self._inbox.put((name, chunk), timeout=_POLL_SECONDS)
                        break
                if not chunk:
                    return

    def _write(self, text: str) -> None:
        assert self._process.stdin is not None  # noqa: S101  it is a pipe
        # a command need not read
        with contextlib.suppress(OSError), self._process.stdin as stream:
            stream.write(text.encode())

    def wait(self, interrupts: Interrupts) -> int:
        sent, answered, deadline, ended = 0, 0, 0.0, 0.0
        try:
            while True:
                heard = self._print_next()
                now = time.monotonic()
                if self._process.poll() is not None:
                    ended = now if heard or not ended else ended
                    silent = now - ended > _DRAIN_SECONDS
                    if silent or not any(each.is_alive() for each in self._readers):
                        break
                elif interrupts.count > answered or (sent and now > deadline):
                    answered = interrupts.count
                    self._signal(_SIGNALS[min(sent, 2)])
                    sent, deadline = sent + 1, now + _PATIENCE_SECONDS
            while self._print_next(wait=False):
                pass
        finally:
            self._deaf.set()
            if self._process.poll() is None:
                self._signal("SIGKILL")
        return self._process.wait()

    def _print_next(self, *, wait: bool = True) -> bool:
        """Print what has been said by now, whole characters only."""
        said: List[Output] = []
        try:
            said.append(self._inbox.get(timeout=_POLL_SECONDS if wait else 0.001))
            while True:
                said.append(self._inbox.get_nowait())
        except queue.Empty:
            pass
        for name, chunk in said:
            stream = getattr(sys, name)
            stream.write(self._decoders[name].decode(chunk, final=not chunk))
            stream.flush()
        return bool(said)

    def _signal(self, name: str) -> None:
        if hasattr(os, "killpg"):
            with contextlib.suppress(OSError):
                os.killpg(self._process.pid, getattr(signal, name))
        else:
            self._process.kill()
