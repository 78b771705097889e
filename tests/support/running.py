"""A workspace with tasks of all sorts, and what runs below a process."""

from __future__ import annotations

import sys
import time

import psutil

PIXI = [sys.executable, "-m", "pixi_jupyter"]
TASKS = """
[tasks]
one = "echo one"
two = {{ cmd = "echo two $FOO && pwd", depends-on = ["one"], env = {{ FOO = "$MORE" }}, cwd = "sub" }}
greet = {{ cmd = "echo hello {{{{ who }}}}", args = [{{ arg = "who", default = "you" }}] }}
both = {{ depends-on = ["one", "greet"] }}
fails = "exit 7"
behind = {{ cmd = "echo never", depends-on = ["fails"] }}
missing = "no-such-program-anywhere"
elsewhere = {{ cmd = "true", cwd = "nowhere" }}
wait = "sh -c 'sleep 613 & sleep 614' | cat"
deaf = "{python} -c \\"import signal,time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(99)\\""
dies = "sh -c 'kill -KILL $$'"
copy = {{ cmd = "cp in.txt out.txt", inputs = ["in.txt"], outputs = ["out.txt"] }}
repl = "{python} -q -i"
tick = "{python} -c \\"import time; print('ti' + 'ck', flush=True); time.sleep(99)\\""
much = "{python} -c \\"print('x' * 79 + chr(10), end='') or [print('y' * 79) for _ in range(20000)]\\""
odd = "{python} -c \\"import sys; sys.stdout.buffer.write(b'caf\\\\xe9')\\""
slow-one = "sleep 0.7 && echo first"
slow-two = "sleep 0.7 && echo second"
side = {{ depends-on = ["slow-one", "slow-two"] }}
[feature.test.tasks]
only = "echo in $PIXI_ENVIRONMENT_NAME"
"""


def descendants(pid: int, *, least: int) -> list[psutil.Process]:
    """Wait until a process has so many below it."""
    end = time.monotonic() + 15
    while time.monotonic() < end:
        found: list[psutil.Process] = psutil.Process(pid).children(recursive=True)
        if len(found) >= least:
            return found
        time.sleep(0.05)
    message = "they did not start"
    raise AssertionError(message)


def living(processes: list[psutil.Process]) -> list[psutil.Process]:
    def lives(each: psutil.Process) -> bool:
        try:
            return bool(each.is_running() and each.status() != psutil.STATUS_ZOMBIE)
        except psutil.NoSuchProcess:
            return False

    return [each for each in processes if lives(each)]
