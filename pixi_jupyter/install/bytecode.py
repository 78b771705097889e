"""The .pyc files of a prefix: the linker makes none, and removes only some.

A first kernel start without them takes 1.3 s longer. What such a start loads is
compiled at once, the rest in the background. Neither ever fails an install.

An install that begins a change says so in the prefix (journal, state), and then
waits for the compilers: they look before each file and hold a shared lock.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pixi_jupyter.install.filelock import FileLock
from pixi_jupyter.install.prefix import META, python_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pixi_jupyter.events import Operation
    from pixi_jupyter.install.prefix import InstalledPackage

SCRIPT = Path(__file__).with_name("compile_script.py")

COMPILER_LOCK = ".pixi-jupyter-compiler"
"""In conda-meta; compilers hold it together, an install waits until it is free."""

WAIT_SECONDS = 10.0
"""A compiler that was stopped in the middle of a file must not stop an install."""

_WORKERS = min(2, os.cpu_count() or 1)


async def compile_closure(
    prefix: Path,
    operation: Operation,
    *,
    sites: Sequence[tuple[Path, Path]] = (),
) -> None:
    """Compile what a start of ipykernel imports.

    Parameters
    ----------
    prefix
        The prefix whose python compiles.
    operation
        Speaks of the phase ``compile``.
    sites
        (folder, where it will be) of each folder of packages beside the prefix's
        own, in the order of the import path.

    Notes
    -----
    Runs no code of packages. Failures are not told; a cancel ends the compilers.
    """
    operation.say("compile", "what a kernel start loads")
    running = [
        process
        for turn in range(_WORKERS)
        if (process := _start(prefix, "kernel", turn, sites)) is not None
    ]
    try:
        await asyncio.gather(*(asyncio.to_thread(each.wait) for each in running))
    finally:
        for process in running:
            if process.poll() is None:
                process.kill()
                process.wait()
    operation.finish("compile")


def compile_rest_in_background(
    prefix: Path, *, sites: Sequence[tuple[Path, Path]] = ()
) -> None:
    """Start to compile everything, at low priority, and do not wait.

    Parameters
    ----------
    prefix, sites
        As for `compile_closure`.

    Notes
    -----
    The compiler is in a session of its own, outlives this process, and ends when
    it is done or when the prefix is changed.
    """
    process = _start(prefix, "rest", 0, sites)
    if process is not None:
        # somebody has to wait for it in a process that lives on
        threading.Thread(target=process.wait, daemon=True).start()


def _start(
    prefix: Path, mode: str, turn: int, sites: Iterable[tuple[Path, Path]]
) -> subprocess.Popen[bytes] | None:
    python = python_of(prefix)
    if not python.exists():
        return None
    own = [(site, site) for site in _own_sites(prefix)]
    places = [f"{site}={final}" for site, final in (*own, *sites)]
    # -I: variables such as PYTHONDONTWRITEBYTECODE do not count; -S: no .pth code
    argv = [str(python), "-I", "-S", "-W", "ignore", str(SCRIPT)]
    kept = ("SYSTEMROOT", "TMPDIR", "TEMP", "TMP")
    try:
        return subprocess.Popen(  # noqa: S603  the prefix's own interpreter
            [*argv, mode, str(prefix), str(turn), *places],
            cwd=prefix,
            env={name: os.environ[name] for name in kept if name in os.environ},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return None


def _own_sites(prefix: Path) -> list[Path]:
    if sys.platform == "win32":
        return [prefix / "Lib" / "site-packages"]
    return sorted((prefix / "lib").glob("python3*/site-packages"))


async def wait_for_compiler(prefix: Path) -> None:
    """Wait until no compiler writes into a prefix that is marked as changing."""
    path = prefix / META / COMPILER_LOCK
    if not path.exists():
        return
    lock = FileLock(path)
    deadline = time.monotonic() + WAIT_SECONDS
    # a compiler ends before its next file, which is a matter of milliseconds
    with suppress(OSError):
        while not lock.acquire() and time.monotonic() < deadline:  # noqa: ASYNC110  in another process
            await asyncio.sleep(0.005)
    lock.release()


def drop_bytecode(prefix: Path, packages: Iterable[InstalledPackage]) -> None:
    """Remove the .pyc files of packages that are going to be unlinked.

    py-rattler does so for noarch packages only. Those of the others would keep
    empty folders alive, and one of equal size and time would hide a new source.

    Parameters
    ----------
    prefix
        A prefix that is marked as changing.
    packages
        With the files that they have now.
    """
    for package in packages:
        owned = {file.path for file in package.files}
        folders: dict[str, set[str]] = {}
        for path in owned:
            folder, _, name = path.rpartition("/")
            if name.endswith(".py"):
                folders.setdefault(folder, set()).add(name.removesuffix(".py"))
        for folder, stems in folders.items():
            _drop(prefix, f"{folder}/__pycache__".lstrip("/"), stems, owned)


def _drop(prefix: Path, cache: str, stems: set[str], owned: set[str]) -> None:
    with suppress(OSError):
        for entry in os.scandir(prefix / cache):
            stem = entry.name.partition(".")[0]
            if stem in stems and f"{cache}/{entry.name}" not in owned:
                Path(entry.path).unlink(missing_ok=True)
        (prefix / cache).rmdir()
