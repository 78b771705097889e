"""A process that runs one notebook, watched from its start to its end."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

MODULE = "pixi_jupyter.kernels.checked"
_GRACE_SECONDS = 25.0
"""How long it may take to end its kernel, and an install that has begun."""
_LONGEST_LINE = 64_000_000
_TAIL_LINES = 12
_NEW_GROUP: int = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)


async def run_job(
    job: Mapping[str, Any],
    *,
    scratch: Path,
    take: Callable[[Mapping[str, Any]], None],
) -> list[str]:
    """Run a notebook in a process of its own.

    Parameters
    ----------
    job
        See `kernels.checked`.
    scratch
        An empty folder for whatever the kernel and Jupyter write; the caller's.
    take
        Is given each message.

    Returns
    -------
    list of str
        The last lines of its stderr.

    Notes
    -----
    A cancel ends the process, the kernel and the install before it goes on. Should this
    process be killed, they end by themselves.
    """
    log = scratch / "stderr"
    with log.open("wb") as stream:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            MODULE,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=stream,
            # not the notebook's: Python would import what lies there
            cwd=scratch,
            env=_environ(scratch),
            limit=_LONGEST_LINE,
            # Ctrl-C of a terminal is for us alone
            start_new_session=sys.platform != "win32",
            creationflags=_NEW_GROUP,
        )
    try:
        await _talk(process, job, take)
        await process.wait()
    except BaseException:
        await asyncio.shield(_end(process))
        raise
    lines = log.read_bytes().decode(errors="replace").splitlines()
    return [line for line in lines if line.strip()][-_TAIL_LINES:]


async def _talk(
    process: asyncio.subprocess.Process,
    job: Mapping[str, Any],
    take: Callable[[Mapping[str, Any]], None],
) -> None:
    stdin, stdout = process.stdin, process.stdout
    assert stdin is not None  # noqa: S101  they are pipes
    assert stdout is not None  # noqa: S101
    with contextlib.suppress(ConnectionError):  # its end says why
        stdin.write(json.dumps(job).encode() + b"\n")
        await stdin.drain()
    while line := await stdout.readline():
        with contextlib.suppress(ValueError):
            take(json.loads(line))


def _environ(scratch: Path) -> dict[str, str]:
    """Keep what Jupyter and IPython write, and a person's startup files, away."""
    environ = dict(os.environ)
    environ.pop("MALLOC_ARENA_MAX", None)  # the engine's own, see its client
    return environ | {
        "JUPYTER_RUNTIME_DIR": str(scratch / "runtime"),
        "IPYTHONDIR": str(scratch / "ipython"),
        "PYTHONUNBUFFERED": "1",
    }


async def _end(process: asyncio.subprocess.Process) -> None:
    """End it; ask first."""
    if process.stdin is not None:
        process.stdin.close()  # by which it knows, on any system
    if sys.platform != "win32":
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
    with contextlib.suppress(TimeoutError, asyncio.TimeoutError):
        await asyncio.wait_for(process.wait(), _GRACE_SECONDS)
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
