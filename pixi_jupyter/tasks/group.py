"""A group of processes that is ended as a whole, also when we are killed.

Its first member is a shell that waits for the end of a pipe whose other end only
we hold. When nobody holds it any more the shell ends the group. It gives the group
its number, so that no other process can have that number while we use it, and it is
stopped by whatever stops the group, which deno never is: it hands signals on.

A process that made a session of its own (``setsid``, a daemon) is beyond reach.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_WATCH = """\
trap '' INT TERM HUP QUIT USR1 USR2 ALRM PIPE
read -r _
kill -TERM 0
sleep 2
kill -KILL 0
"""
"""What the first member does; ``kill 0`` means its own group."""

_LEFTOVER_SECONDS = 1.0
"""How long a program that a task left behind may take to end."""

_POLL_SECONDS = 0.01


class Group:
    """A group of processes of this session; POSIX.

    Raises
    ------
    OSError
        If no process can be started.
    """

    def __init__(self) -> None:
        read, self._lifeline = os.pipe()
        try:
            self._first = subprocess.Popen(  # noqa: S603  our own words
                ["/bin/sh", "-c", _WATCH],
                stdin=read,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={"PATH": os.defpath},
                **_member_of(0),
            )
        except BaseException:
            os.close(self._lifeline)
            raise
        finally:
            os.close(read)
        self._is_closed = False

    @property
    def id(self) -> int:
        """The number of the group."""
        return self._first.pid

    def spawn(
        self,
        command: Sequence[str],
        *,
        cwd: Path,
        environ: Mapping[str, str],
        streams: Mapping[str, Any],
    ) -> subprocess.Popen[bytes]:
        """Start a member.

        Parameters
        ----------
        streams
            ``stdin``, ``stdout`` and ``stderr`` as `subprocess.Popen` takes them.

        Raises
        ------
        OSError
        """
        return subprocess.Popen(  # noqa: S603  the manifest's own commands are the point
            list(command),
            cwd=cwd,
            env=dict(environ),
            **streams,
            **_member_of(self.id),
        )

    def signal(self, number: int) -> None:
        """Send a signal to all members."""
        if not self._is_closed:
            _send(self.id, number)

    @property
    def is_open(self) -> bool:
        """Whether it still has to be ended."""
        return not self._is_closed

    def stopped_by(self) -> int | None:
        """Wait until something stops the group.

        Returns
        -------
        int or None
            The signal; None when the group has come to its end.
        """
        with suppress(ChildProcessError):
            _, status = os.waitpid(self.id, os.WUNTRACED)
            if os.WIFSTOPPED(status):
                return os.WSTOPSIG(status)
            self._first.returncode = os.waitstatus_to_exitcode(status)
        return None

    def close(self) -> None:
        """End what is left of it; the member that mattered has ended."""
        if self._is_closed:
            return
        self._is_closed = True
        # not before: while it is there, nobody can tell whether others are
        with suppress(ProcessLookupError):
            os.kill(self.id, signal.SIGKILL)
        self._first.wait()
        os.close(self._lifeline)
        end = time.monotonic() + _LEFTOVER_SECONDS
        if not _is_alive(self.id):
            return
        _send(self.id, signal.SIGTERM)
        _send(self.id, signal.SIGCONT)
        while _is_alive(self.id):
            if time.monotonic() > end:
                _send(self.id, signal.SIGKILL)
                return
            time.sleep(_POLL_SECONDS)


def _send(group: int, number: int) -> bool:
    """Send a signal to a group; tell whether anybody is in it."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    except PermissionError:  # a member that changed its user
        return number != 0
    return True


def _is_alive(group: int) -> bool:
    """Tell whether anybody of a group still runs.

    Members that have ended count until their parent takes note of it, which the
    first process of a container may never do: Linux tells those apart.
    """
    if not _send(group, 0):
        return False
    try:
        names = [name for name in os.listdir("/proc") if name.isdecimal()]  # noqa: PTH208  pathlib is slower
    except OSError:
        return True
    for name in names:
        with suppress(OSError):
            status = Path("/proc", name, "stat").read_bytes()
            # the name, in brackets, may hold anything
            state, _, number = status.rpartition(b")")[2].split()[:3]
            if int(number) == group and state not in (b"Z", b"X"):
                return True
    return not names


def _member_of(group: int) -> dict[str, Any]:
    """Give what puts a new process into a group; 0: one of its own."""
    if sys.version_info >= (3, 11):
        return {"process_group": group}
    return {"preexec_fn": partial(os.setpgid, 0, group)}
