"""One engine process: its pipes, its log, its end."""

import contextlib
import json
import os
import signal
import subprocess
import tempfile
import threading
from typing import Any, Callable, Dict, Optional, Sequence

_OF_ANOTHER_PYTHON = ("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "LD_LIBRARY_PATH")
_TAIL_BYTES = 4000
_KILL_SECONDS = 1.0


def engine_environ(environ: Optional[Dict[str, str]] = None) -> Dict[str, str]:
    """Give the variables an engine starts with.

    Parameters
    ----------
    environ
        Those of the engine's own interpreter, where they are known. Without them
        this process' are taken, less what is meant for its own Python and would
        lead another one astray.
    """
    if environ is None:
        environ = dict(os.environ)
        for name in _OF_ANOTHER_PYTHON:
            environ.pop(name, None)
    # without it an engine grows by a hundred megabytes with each large solve
    return dict(environ, MALLOC_ARENA_MAX="1")


class Process:
    """One engine process: its pipes, its log, its end."""

    def __init__(
        self,
        command: Sequence[str],
        environ: Dict[str, str],
        on_message: Callable[["Process", Dict[str, Any]], None],
        on_end: Callable[["Process"], None],
    ) -> None:
        self.owner = os.getpid()
        self.retired = False
        """Whether it takes no more calls, though it may still run."""
        self._on_message, self._on_end = on_message, on_end
        self._lock = threading.Lock()
        # not a pipe: nobody would read it
        descriptor, self._log_path = tempfile.mkstemp(prefix="pixi-jupyter-engine-")
        self._log = open(self._log_path, "rb")  # noqa: SIM115, PTH123  closed with the process
        try:
            with os.fdopen(descriptor, "ab") as log:
                self.popen = subprocess.Popen(  # noqa: S603  an interpreter we were told
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    # elsewhere a json.py in the notebook's folder would end it
                    cwd=os.path.abspath(os.sep),  # noqa: PTH100
                    env=environ,
                    # a signal for the kernel's group is not for the engine
                    start_new_session=True,
                )
        except OSError:
            self._drop_log()
            raise
        if os.name == "posix":
            os.unlink(self._log_path)  # noqa: PTH108  nothing stays, however this ends
        threading.Thread(target=self._read, name="pixi-engine", daemon=True).start()

    @property
    def alive(self) -> bool:
        """Whether it can be asked; a forked child cannot ask its parent's."""
        return self.owner == os.getpid() and self.popen.poll() is None

    def send(self, **fields: Any) -> None:  # noqa: ANN401  JSON
        """Write one message; that the engine is gone is the reader's to tell."""
        line = json.dumps(dict(fields, jsonrpc="2.0")).encode() + b"\n"
        assert self.popen.stdin is not None  # noqa: S101  it is a pipe
        with self._lock, contextlib.suppress(OSError, ValueError):
            self.popen.stdin.write(line)
            self.popen.stdin.flush()

    def close(self) -> None:
        """End its input: it finishes what must be finished, and leaves."""
        assert self.popen.stdin is not None  # noqa: S101  it is a pipe
        with self._lock, contextlib.suppress(OSError):
            self.popen.stdin.close()

    def kill(self) -> None:
        """End it and its children, politely first."""
        for kind in ("SIGTERM", "SIGKILL"):
            if self.popen.poll() is not None:
                return
            if hasattr(os, "killpg"):
                try:
                    os.killpg(self.popen.pid, getattr(signal, kind))
                except OSError:
                    return
            else:
                self.popen.kill()
            try:
                self.popen.wait(_KILL_SECONDS)
            except subprocess.TimeoutExpired:
                continue

    def log_tail(self) -> str:
        """Give the last lines of its log."""
        try:
            size = self._log.seek(0, os.SEEK_END)
            self._log.seek(max(0, size - _TAIL_BYTES))
            return self._log.read().decode("utf-8", "replace")
        except ValueError:  # closed
            return ""

    def _read(self) -> None:
        assert self.popen.stdout is not None  # noqa: S101  it is a pipe
        with self.popen.stdout as stream:
            for line in stream:
                try:
                    message = json.loads(line)
                except ValueError:
                    continue
                self._on_message(self, message)
        self.popen.wait()
        self._on_end(self)
        self.close()
        self._drop_log()

    def _drop_log(self) -> None:
        self._log.close()
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._log_path)  # noqa: PTH108
