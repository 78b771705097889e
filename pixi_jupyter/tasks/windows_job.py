"""A group of processes on Windows: a job object, which ends with its last handle.

Not tried on Windows yet. Facts: Microsoft's "Job Objects" (read 2026-11): a process
that a member starts is a member too; with ``KILL_ON_JOB_CLOSE`` the system ends all
members when the last handle is closed, also when we are killed.
"""

from __future__ import annotations

import ctypes
import signal
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_NEW_GROUP = 0x00000200
_SUSPENDED = 0x00000004
_EXTENDED_LIMITS = 9
_KILL_ON_CLOSE = 0x00002000
_CODE = 1
"""What ended members leave as their exit code."""


class _BasicLimits(ctypes.Structure):
    _fields_ = (
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", ctypes.c_uint32),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", ctypes.c_uint32),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", ctypes.c_uint32),
        ("SchedulingClass", ctypes.c_uint32),
    )


class _Limits(ctypes.Structure):
    _fields_ = (
        ("BasicLimitInformation", _BasicLimits),
        ("IoInfo", ctypes.c_uint64 * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    )


class Job:
    """Does for Windows what `tasks.group.Group` does elsewhere."""

    def __init__(self) -> None:
        self._system: Any = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined,unused-ignore]  # Windows alone has it
        self._system.CreateJobObjectW.restype = ctypes.c_void_p
        self._handle = self._system.CreateJobObjectW(None, None)
        limits = _Limits()
        limits.BasicLimitInformation.LimitFlags = _KILL_ON_CLOSE
        done = self._handle and self._system.SetInformationJobObject(
            ctypes.c_void_p(self._handle),
            _EXTENDED_LIMITS,
            ctypes.byref(limits),
            ctypes.sizeof(limits),
        )
        if not done:
            raise OSError(ctypes.get_last_error())  # type: ignore[attr-defined,unused-ignore]  # Windows alone has it
        self._members: list[subprocess.Popen[bytes]] = []

    def spawn(
        self,
        command: Sequence[str],
        *,
        cwd: Path,
        environ: Mapping[str, str],
        streams: Mapping[str, Any],
    ) -> subprocess.Popen[bytes]:
        """Start a member; what it starts before it is one would be lost.

        Raises
        ------
        OSError
        """
        process = subprocess.Popen(  # noqa: S603  the manifest's own commands are the point
            list(command),
            cwd=cwd,
            env=dict(environ),
            creationflags=_NEW_GROUP | _SUSPENDED,
            **streams,
        )
        handle = ctypes.c_void_p(int(process._handle))  # type: ignore[attr-defined]  # noqa: SLF001  there is no other way to it
        self._system.AssignProcessToJobObject(ctypes.c_void_p(self._handle), handle)
        # of a process that was created suspended this is its only thread
        ctypes.WinDLL("ntdll").NtResumeProcess(handle)  # type: ignore[attr-defined,unused-ignore]  # Windows alone has it
        self._members.append(process)
        return process

    def signal(self, number: int) -> None:
        """Ask with Ctrl-Break where that is meant, else end all members."""
        if number == signal.SIGINT:
            for each in self._members:
                with suppress(OSError, ValueError):
                    each.send_signal(signal.CTRL_BREAK_EVENT)  # type: ignore[attr-defined,unused-ignore]  # Windows alone has it
        else:
            self._system.TerminateJobObject(ctypes.c_void_p(self._handle), _CODE)

    def close(self) -> None:
        """End what is left of it."""
        if self._handle:
            self._system.CloseHandle(ctypes.c_void_p(self._handle))
            self._handle = None
